import type { SpanKind } from '@concordat/domain';
import { decodeSpan } from '../decode/decode-otlp.ts';
import type { Origin, ReceivedSpan } from '../decode/received-span.ts';
import { readArchived } from './archive-trace.ts';
import { arrangeSpans } from './arrange-spans.ts';
import type { BlockDirectory } from './block-directory.ts';
import { type Block, messageAt, traceIndex } from './block-layout.ts';
import type { BlockReader } from './block-reader.ts';
import {
  type Candidate,
  findCandidates,
  findOperations,
  findOrigins,
  listOperations,
  listServices,
} from './query-index.ts';
import { BlockSearch } from './search-blocks.ts';
import type { IndexConnection } from './span-index.ts';
import { traceHash, traceHex, traceWords } from './trace-hash.ts';
import type { StoredOperation, StoredTrace, TraceQuery, TraceReader } from './trace-reader.ts';
import type { TraceRuns } from './trace-runs.ts';

export interface SegmentReaderParts {
  readonly reader: IndexConnection;
  readonly blocks: BlockReader;
  readonly directory: BlockDirectory;
  readonly traces: TraceRuns;
  readonly archive: (traceId: string) => Promise<boolean>;
}

/** Spans of one trace that are read at most; a trace beyond it is shown in part. */
const maxTraceSpans = 20_000;
/** Blocks that a search begins with, and the most it looks into: ten million spans. */
const firstWindow = 64;
const largestWindow = 4_096;
const maxSearchedBlocks = 16_384;
const maxCachedOrigins = 5_000;

/** Reads what the segment store has flushed. */
export class SegmentReader implements TraceReader {
  readonly #parts: SegmentReaderParts;
  readonly #origins = new Map<number, Origin>();

  constructor(parts: SegmentReaderParts) {
    this.#parts = parts;
  }

  services(): Promise<readonly string[]> {
    return listServices(this.#parts.reader);
  }

  operations(service: string, kind?: SpanKind): Promise<readonly StoredOperation[]> {
    return listOperations(this.#parts.reader, service, kind);
  }

  /** Needs no hint: the index knows where a trace is. */
  async trace(traceId: string): Promise<StoredTrace | undefined> {
    const gathered = await this.#gather([traceId]);
    for (const span of await readArchived(this.#parts.reader, traceId)) gathered[0]?.add(span);
    return gathered[0]?.finish()[0];
  }

  async search(query: TraceQuery): Promise<readonly StoredTrace[]> {
    const newest = await this.#newestTraces(query);
    const gathered = newest.length === 0 ? [] : await this.#gather(newest);
    return gathered.flatMap((trace) => trace.finish());
  }

  archive(traceId: string): Promise<boolean> {
    return this.#parts.archive(traceId);
  }

  async answers(): Promise<void> {
    await this.#parts.reader.rows('SELECT 1');
  }

  /** Ids, newest first: walks back through windows of blocks until those before can hold nothing newer. */
  async #newestTraces(query: TraceQuery): Promise<readonly string[]> {
    const { reader, directory } = this.#parts;
    const operations = await findOperations(reader, query);
    const needsFailed = ['1', 't', 'true'].includes((query.tags.get('error') ?? '').toLowerCase());
    const search = new BlockSearch(query, operations);
    const newest = new NewestTraces(query.limit);
    let before = directory.end;
    let size = firstWindow;
    for (let searched = 0; searched < maxSearchedBlocks; searched += size) {
      const window = directory.windowBefore(before, size, query);
      if (window === undefined) break;
      const bounds = { operations, needsFailed, window };
      await this.#searchBlocks(search, await findCandidates(reader, query, bounds), newest);
      before = window.from;
      if (newest.isFullBefore(Math.min(query.toMicros, directory.newestBefore(before)))) break;
      size = Math.min(4 * size, largestWindow);
    }
    return newest.ids();
  }

  /** Ends where the rest of the candidates can hold nothing newer than what is found. */
  async #searchBlocks(
    search: BlockSearch,
    candidates: readonly Candidate[],
    newest: NewestTraces,
  ): Promise<void> {
    const after = new Map(candidates.map(({ id }, at) => [id, candidates[at + 1]?.newestMicros]));
    const places = candidates.flatMap(({ id }) => this.#parts.directory.find(id) ?? []);
    for await (const [{ id }, block] of this.#parts.blocks.readAll(places, 1)) {
      const origins = await this.#originsOf(block.origins);
      for (const [trace, start] of search.matches(block, origins))
        newest.add(traceHex(block.traceIds, 4 * trace), start);
      if (newest.isFullBefore(after.get(id) ?? Number.POSITIVE_INFINITY)) return;
    }
  }

  /** In the order of the ids. */
  async #gather(traceIds: readonly string[]): Promise<readonly GatheredTrace[]> {
    const gathered = traceIds.map((id) => new GatheredTrace(id));
    const hashes = gathered.map(({ words }) => traceHash(words, 0));
    const ids = await this.#parts.traces.find(hashes);
    const places = ids.flatMap((id) => this.#parts.directory.find(id) ?? []);
    for await (const [, block] of this.#parts.blocks.readAll(places))
      for (const trace of gathered) {
        const index = traceIndex(block, trace.words);
        if (index >= 0) trace.gather(block, index, await this.#originsOf(block.origins));
      }
    return gathered;
  }

  /** A map of its own for each caller, because others may empty the cache meanwhile. */
  async #originsOf(ids: Uint32Array): Promise<ReadonlyMap<number, Origin>> {
    const found = new Map<number, Origin>();
    const missing: number[] = [];
    for (const id of new Set(ids)) {
      const known = this.#origins.get(id);
      if (known === undefined) missing.push(id);
      else found.set(id, known);
    }
    if (missing.length === 0) return found;
    if (this.#origins.size > maxCachedOrigins) this.#origins.clear();
    for (const [id, origin] of await findOrigins(this.#parts.reader, missing)) {
      this.#origins.set(id, origin);
      found.set(id, origin);
    }
    return found;
  }
}

/** The newest traces of which a span was found, at most so many. */
class NewestTraces {
  readonly #limit: number;
  readonly #starts = new Map<string, number>();
  #floor = Number.NEGATIVE_INFINITY;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(traceId: string, startMicros: number): void {
    if (startMicros <= (this.#starts.get(traceId) ?? Number.NEGATIVE_INFINITY)) return;
    this.#starts.set(traceId, startMicros);
  }

  /** True when nothing that started at the time or before could be among them. */
  isFullBefore(startMicros: number): boolean {
    if (this.#starts.size < this.#limit) return false;
    this.#cut();
    return this.#floor >= startMicros;
  }

  ids(): readonly string[] {
    this.#cut();
    return [...this.#starts.keys()];
  }

  #cut(): void {
    const sorted = [...this.#starts].sort(([, a], [, b]) => b - a).slice(0, this.#limit);
    this.#starts.clear();
    for (const [id, start] of sorted) this.#starts.set(id, start);
    this.#floor = sorted.at(-1)?.[1] ?? Number.NEGATIVE_INFINITY;
  }
}

/** A trace while its spans come together from several blocks. */
class GatheredTrace {
  readonly id: string;
  readonly words: Uint32Array;
  readonly #spans: ReceivedSpan[] = [];
  #omitted = 0;

  constructor(id: string) {
    this.id = id;
    this.words = traceWords(id);
  }

  gather(block: Block, index: number, origins: ReadonlyMap<number, Origin>): void {
    for (let at = 0; at < block.spans; at += 1) {
      if (block.traceOf[at] !== index) continue;
      if (this.#spans.length >= maxTraceSpans) {
        this.#omitted += 1;
        continue;
      }
      const origin = origins.get(block.origins[at] as number);
      const span = origin && decodeSpan(messageAt(block, at), origin);
      if (span !== undefined) this.add(span);
    }
  }

  add(span: ReceivedSpan): void {
    this.#spans.push(span);
  }

  /** Nothing when no span of it was there. */
  finish(): readonly StoredTrace[] {
    if (this.#spans.length === 0) return [];
    const trace = { traceId: this.id, spans: arrangeSpans(this.#spans) };
    return [this.#omitted === 0 ? trace : { ...trace, omittedSpans: this.#omitted }];
  }
}
