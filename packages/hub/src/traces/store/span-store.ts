import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type DuckDBAppender, type DuckDBConnection, INTEGER } from '@duckdb/node-api';
import type { Log } from '../../log.ts';
import type { Origin, ReceivedSpan } from '../decode/received-span.ts';
import { appendSpans, chunkRows } from './append-spans.ts';
import type { SpanDatabase } from './span-database.ts';
import { type QueuedSpan, SpanQueue } from './span-queue.ts';

export interface SpanStoreOptions {
  readonly maxQueueBytes: number;
  readonly retentionMicros: number;
  readonly log: Log;
}

/** Calls of one service to another within a minute. */
export interface CountedDependency {
  readonly parent: string;
  readonly child: string;
  readonly atMicros: number;
  readonly calls: number;
}

/** Since the start, but for what is waiting now. */
export interface SpanStoreCounts {
  readonly stored: number;
  readonly queuedSpans: number;
  readonly queuedBytes: number;
  /** Writes that failed; the spans stay queued and are tried again. */
  readonly failedWrites: number;
}

/** Rows of one transaction, whose commit runs on another thread; the event loop is free after each chunk of them. */
const commitRows = 8 * chunkRows;
const checkpointBytes = 32 * 1024 * 1024;
const maxKnownOrigins = 20_000;
const minuteMicros = 60_000_000;

const upsertDependency = `INSERT INTO dependency_minutes VALUES ($1, $2, $3, $4)
  ON CONFLICT DO UPDATE SET calls = calls + excluded.calls`;

/**
 * Takes spans into a queue bounded by bytes and writes them to DuckDB in small steps. What is accepted can be read after
 * `flush`, and is on the disk when `flush` resolves; a killed process loses at most what was accepted since the flush
 * before, which the owner runs every second.
 */
export class SpanStore {
  readonly #connection: DuckDBConnection;
  readonly #options: SpanStoreOptions;
  readonly #queue: SpanQueue;
  readonly #origins = new Map<string, number>();
  readonly #originIds = new WeakMap<Origin, number>();
  readonly #dependencies = new Map<string, CountedDependency>();
  #appender: DuckDBAppender | undefined;
  #nextOrigin = 1;
  #bytesSinceCheckpoint = 0;
  #writing: Promise<void> = Promise.resolve();
  #isWriting = false;
  #stored = 0;
  #failedWrites = 0;

  private constructor(connection: DuckDBConnection, options: SpanStoreOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#queue = new SpanQueue(options.maxQueueBytes);
  }

  static async open(database: SpanDatabase, options: SpanStoreOptions): Promise<SpanStore> {
    const store = new SpanStore(database.writer, options);
    await store.#readOrigins();
    return store;
  }

  counts(): SpanStoreCounts {
    return {
      stored: this.#stored,
      queuedSpans: this.#queue.length,
      queuedBytes: this.#queue.bytes,
      failedWrites: this.#failedWrites,
    };
  }

  hasRoomFor(spans: readonly ReceivedSpan[]): boolean {
    return this.#queue.hasRoomFor(spans);
  }

  /** Writing starts as soon as a transaction is full, so that a fast sender does not meet a full queue. */
  accept(spans: readonly ReceivedSpan[], nowMicros: number): void {
    this.#queue.push(spans, nowMicros);
    if (this.#isWriting || this.#queue.length < commitRows) return;
    this.#isWriting = true;
    void this.flush();
  }

  /** Adds to the minute of `atMicros`; written with the next flush. */
  countDependency({ parent, child, atMicros, calls }: CountedDependency): void {
    const minute = Math.floor(atMicros / minuteMicros) * minuteMicros;
    const key = `${minute} ${parent.length} ${parent}${child}`;
    const sum = (this.#dependencies.get(key)?.calls ?? 0) + calls;
    this.#dependencies.set(key, { parent, child, atMicros: minute, calls: sum });
  }

  /** Writes all that waits. Never rejects: a failed write is logged and counted, and its spans wait for the next flush. */
  flush(): Promise<void> {
    return this.#serially(() => this.#writeAll());
  }

  /** Removes what is older than the retention, by time of arrival. */
  prune(nowMicros: number): Promise<void> {
    return this.#serially(() => this.#prune(nowMicros - this.#options.retentionMicros));
  }

  /** Flushes and folds the write-ahead log into the file, so that the next start is quick. */
  async close(): Promise<void> {
    await this.flush();
    await this.#serially(() => this.#checkpoint());
    this.#appender?.closeSync();
    this.#appender = undefined;
  }

  #serially(work: () => Promise<void>): Promise<void> {
    this.#writing = this.#writing.then(work).catch((error: unknown) => {
      this.#failedWrites += 1;
      this.#options.log('error', 'spans could not be written', { error: String(error) });
    });
    return this.#writing;
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    try {
      for (let block = this.#queue.peek(commitRows); block.length > 0; ) {
        await this.#writeOrigins(block);
        await this.#writeBlock(block);
        block = this.#queue.peek(commitRows);
      }
    } finally {
      this.#isWriting = false;
    }
    await this.#writeDependencies();
    if (this.#bytesSinceCheckpoint > checkpointBytes) await this.#checkpoint();
  }

  /** All of the block or nothing: what could not be written stays queued. */
  async #writeBlock(block: readonly QueuedSpan[]): Promise<void> {
    await this.#connection.run('BEGIN');
    try {
      await this.#appendBlock(block);
      await this.#connection.run('COMMIT');
    } catch (error) {
      this.#appender = undefined;
      await this.#connection.run('ROLLBACK').catch(() => undefined);
      throw error;
    }
    this.#queue.drop(block);
    this.#stored += block.length;
    for (const { span } of block) this.#bytesSinceCheckpoint += span.raw.length;
  }

  async #appendBlock(block: readonly QueuedSpan[]): Promise<void> {
    const originId = this.#lastOriginId();
    this.#appender ??= await this.#connection.createAppender('spans');
    for (let at = 0; at < block.length; at += chunkRows) {
      appendSpans(this.#appender, block.slice(at, at + chunkRows), originId);
      this.#appender.flushSync();
      await nextTurn();
    }
  }

  /** Rows of one origin come together, so that most need no look-up. */
  #lastOriginId(): (origin: Origin) => number {
    let last: Origin | undefined;
    let id = 0;
    return (origin) => {
      if (origin !== last) id = this.#originIds.get(origin) as number;
      last = origin;
      return id;
    };
  }

  async #writeOrigins(block: readonly QueuedSpan[]): Promise<void> {
    let last: Origin | undefined;
    for (const { span } of block) {
      const { origin } = span;
      if (origin === last) continue;
      if (!this.#originIds.has(origin)) this.#originIds.set(origin, await this.#originId(origin));
      last = origin;
    }
  }

  async #originId(origin: Origin): Promise<number> {
    const digest = digestOf(origin);
    const known = this.#origins.get(digest);
    if (known !== undefined) return known;
    const id = this.#nextOrigin;
    await this.#insertOrigin(id, digest, origin);
    this.#nextOrigin += 1;
    if (this.#origins.size >= maxKnownOrigins) this.#origins.clear();
    this.#origins.set(digest, id);
    return id;
  }

  async #insertOrigin(id: number, digest: string, origin: Origin): Promise<void> {
    const appender = await this.#connection.createAppender('origins');
    appender.appendInteger(id);
    appender.appendVarchar(digest);
    appender.appendVarchar(origin.resource.service);
    appender.appendBlob(origin.resourceBytes);
    appender.appendBlob(origin.scopeBytes);
    appender.endRow();
    appender.closeSync();
  }

  /** An entry leaves the map before it is written: what is counted meanwhile starts a new one. */
  async #writeDependencies(): Promise<void> {
    for (const [key, counted] of [...this.#dependencies]) {
      this.#dependencies.delete(key);
      try {
        await this.#connection.run(upsertDependency, [
          BigInt(counted.atMicros),
          counted.parent,
          counted.child,
          counted.calls,
        ]);
      } catch (error) {
        this.countDependency(counted);
        throw error;
      }
    }
  }

  async #checkpoint(): Promise<void> {
    await this.#connection.run('CHECKPOINT');
    this.#bytesSinceCheckpoint = 0;
  }

  async #prune(beforeMicros: number): Promise<void> {
    await this.#writeAll();
    const before = [BigInt(Math.floor(beforeMicros))];
    await this.#connection.run('DELETE FROM spans WHERE received_micros < $1', before);
    await this.#connection.run('DELETE FROM dependency_minutes WHERE minute_micros < $1', before);
    await this.#checkpoint();
  }

  async #readOrigins(): Promise<void> {
    const next = await this.#connection.runAndReadAll('SELECT coalesce(max(id), 0) FROM origins');
    this.#nextOrigin = Number(next.getRows()[0]?.[0] ?? 0) + 1;
    const rows = await this.#connection.runAndReadAll(
      'SELECT digest, id FROM origins ORDER BY id DESC LIMIT $1',
      [maxKnownOrigins],
      [INTEGER],
    );
    for (const [digest, id] of rows.getRows()) this.#origins.set(String(digest), Number(id));
  }
}

function digestOf(origin: Origin): string {
  return createHash('sha1')
    .update(origin.resource.service)
    .update('\0')
    .update(origin.resourceBytes)
    .update('\0')
    .update(origin.scopeBytes)
    .digest('base64');
}
