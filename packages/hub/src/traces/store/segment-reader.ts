import type { SpanKind } from '@concordat/domain';
import { decodeSpan } from '../decode/decode-otlp.ts';
import type { Origin, ReceivedSpan } from '../decode/received-span.ts';
import { readArchived } from './archive-trace.ts';
import { arrangeSpans } from './arrange-spans.ts';
import { type Block, messageAt, traceIndex } from './block-layout.ts';
import type { BlockReader } from './block-reader.ts';
import {
  type Candidate,
  findCandidates,
  findOperations,
  findOrigins,
  findTraceBlocks,
  listOperations,
  listServices,
} from './query-index.ts';
import { BlockSearch } from './search-blocks.ts';
import type { IndexConnection } from './span-index.ts';
import { traceHash, traceWords } from './trace-hash.ts';
import type { StoredOperation, StoredTrace, TraceQuery, TraceReader } from './trace-reader.ts';

export interface SegmentReaderParts {
  readonly reader: IndexConnection;
  readonly blocks: BlockReader;
  readonly archive: (traceId: string) => Promise<boolean>;
}

/** Spans of one trace that are read at most; a trace beyond it is shown in part. */
const maxTraceSpans = 20_000;
/** Blocks that a search asks for one after the other: the first few answer most questions, all are ten million spans. */
const searchedPages = [32, 2_016, 14_336];
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

  /** Ids, newest first. */
  async #newestTraces(query: TraceQuery): Promise<readonly string[]> {
    const operations = await findOperations(this.#parts.reader, query);
    const search = new BlockSearch(query, operations);
    const needsFailed = ['1', 't', 'true'].includes((query.tags.get('error') ?? '').toLowerCase());
    const newest = new NewestTraces(query.limit);
    let offset = 0;
    for (const limit of searchedPages) {
      const page = { operations, needsFailed, offset, limit };
      const candidates = await findCandidates(this.#parts.reader, query, page);
      const isEnough = await this.#searchBlocks(search, candidates, newest);
      if (isEnough || candidates.length < limit) break;
      offset += limit;
    }
    return newest.ids();
  }

  /** True when blocks after these can hold nothing newer than what is found. */
  async #searchBlocks(
    search: BlockSearch,
    candidates: readonly Candidate[],
    newest: NewestTraces,
  ): Promise<boolean> {
    const newestAfter = new Map(
      candidates.map(({ id }, at) => [id, candidates[at + 1]?.newestMicros]),
    );
    for await (const [{ id }, block] of this.#parts.blocks.readAll(candidates, 1)) {
      const origins = await this.#originsOf(block.origins);
      for (const span of search.matches(block, origins)) newest.add(span);
      const next = newestAfter.get(id);
      if (next !== undefined && newest.isFullBefore(next)) return true;
    }
    return false;
  }

  /** In the order of the ids. */
  async #gather(ids: readonly string[]): Promise<readonly GatheredTrace[]> {
    const gathered = ids.map((id) => new GatheredTrace(id));
    const hashes = gathered.map(({ words }) => traceHash(words, 0));
    const places = await findTraceBlocks(this.#parts.reader, hashes);
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

  add({ traceId, startMicros }: ReceivedSpan): void {
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
