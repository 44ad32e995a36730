import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { decodeOtlp, type OpenSpanStore, openSpanStore } from '@concordat/hub';
import { makeBatches, spansPerBatch } from './span-batches.ts';

type StoredBatch = ReturnType<typeof decodeOtlp>;

const mebibyte = 1024 * 1024;
const rounds = 3;
const templates = 40;
const largeSpans = 10_000_000;
const questions = 200;
/** Spans of the large store come at this distance. */
const microsPerBatch = 4_000;

interface Figures {
  readonly [figure: string]: number;
}

/** Spans a second into the store alone, on all threads together, and the longest time that it kept its thread. */
export async function benchStore(): Promise<object> {
  const batches = templatesOf(templates);
  const runs: Figures[] = [];
  for (let round = 0; round < rounds; round += 1)
    runs.push(await withStore((opened) => fill(opened, batches, 1_000)));
  return medians(runs);
}

/** What reading costs with ten million spans, eight to a trace; `STORE_SPANS` sets another number. */
export async function benchLargeStore(): Promise<object> {
  const spans = Number(process.env.STORE_SPANS ?? largeSpans);
  const batches = templatesOf(templates);
  return withStore(async (opened) => {
    const filled = await fill(opened, batches, Math.ceil(spans / spansPerBatch));
    const read = await readBack(opened, Math.ceil(spans / spansPerBatch));
    return { spans, ...filled, ...read, residentMegabytes: process.memoryUsage.rss() / mebibyte };
  });
}

async function withStore<T>(work: (opened: OpenSpanStore) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'concordat-bench-store-'));
  const bounds = {
    maxQueueBytes: 64 * mebibyte,
    retentionMicros: 24 * 3_600_000_000,
    retentionBytes: 100_000 * mebibyte,
  };
  const opened = await openSpanStore(directory, bounds, (level, message, fields) => {
    process.stderr.write(`${level} ${message} ${JSON.stringify(fields)}\n`);
  });
  try {
    return await work(opened);
  } finally {
    await opened.close();
    await rm(directory, { recursive: true, force: true });
  }
}

/** Stores so many batches with ids and times of their own; giving them those is not counted. */
async function fill(
  { store }: OpenSpanStore,
  templatesToUse: readonly Template[],
  count: number,
): Promise<Figures> {
  const isNew = new Uint8Array(spansPerBatch).fill(1);
  let ownCpu = 0;
  let ownMs = 0;
  let longestTurnMs = 0;
  const watch = watchTurns((ms) => {
    longestTurnMs = Math.max(longestTurnMs, ms);
  });
  const before = process.cpuUsage();
  const start = performance.now();
  for (let at = 0; at < count; at += 1) {
    const template = templatesToUse[at % templatesToUse.length] as Template;
    const [cpu, ms] = [process.cpuUsage(), performance.now()];
    template.renew(at);
    ownMs += performance.now() - ms;
    const { user, system } = process.cpuUsage(cpu);
    ownCpu += user + system;
    while (!store.hasRoomFor(template.batch)) await store.flush();
    store.accept(template.batch, isNew, startOf(at));
    await new Promise(setImmediate);
  }
  await store.flush();
  const { user, system } = process.cpuUsage(before);
  const elapsedMs = performance.now() - start - ownMs;
  watch();
  const spans = count * spansPerBatch;
  return {
    spansPerSecond: Math.round((spans * 1000) / elapsedMs),
    cpuMicrosPerSpan: (user + system - ownCpu) / spans,
    longestTurnMs,
    bytesPerSpan: store.counts().bytesOnDisk / spans,
  };
}

/** The longest time between two turns of the event loop. */
function watchTurns(told: (ms: number) => void): () => void {
  let last = performance.now();
  let isOver = false;
  const turn = (): void => {
    const now = performance.now();
    told(now - last);
    last = now;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  return () => {
    isOver = true;
  };
}

async function readBack({ reader }: OpenSpanStore, batches: number): Promise<Figures> {
  const traces = await timesOf(async () => {
    const batch = Math.floor(Math.random() * batches);
    const found = await reader.trace(traceIdOf(batch, Math.floor(Math.random() * 64)));
    if (found?.spans.length !== 8) throw new Error('A trace of eight spans was not read whole.');
  });
  const figures: Record<string, number> = { ...named('trace', traces) };
  for (const [name, query] of Object.entries(queries)) {
    const times = await timesOf(async () => {
      const until = startOf(templates + Math.ceil(Math.random() * batches));
      const found = await reader.search({
        ...{ ...anything, ...query, toMicros: until },
        fromMicros: until - 3_600_000_000,
      });
      if (found.length === 0) throw new Error(`Nothing found: ${name}`);
    });
    Object.assign(figures, named(name, times));
  }
  return figures;
}

const anything = {
  service: undefined,
  operation: undefined,
  tags: new Map<string, string>(),
  minDurationMicros: undefined,
  maxDurationMicros: undefined,
  limit: 20,
};
const queries = {
  searchService: { service: 'orders' },
  searchOperation: { service: 'gateway', operation: 'GET /v1/payments' },
  searchDuration: { service: 'orders', minDurationMicros: 1_000, maxDurationMicros: 3_000 },
  searchTag: { service: 'gateway', tags: new Map([['http.route', '/v1/stock/4711']]) },
  searchAnything: {},
};

/** How long each question took, in order, and how much of the processors a question took. */
interface Asked {
  readonly times: readonly number[];
  readonly cpuMs: number;
}

async function timesOf(ask: () => Promise<void>): Promise<Asked> {
  const times: number[] = [];
  const before = process.cpuUsage();
  for (let count = 0; count < questions; count += 1) {
    const start = performance.now();
    await ask();
    times.push(performance.now() - start);
  }
  const { user, system } = process.cpuUsage(before);
  return { times: times.sort((a, b) => a - b), cpuMs: (user + system) / 1000 / questions };
}

function named(name: string, { times, cpuMs }: Asked): Figures {
  const at = (share: number): number => times[Math.floor(times.length * share)] ?? 0;
  return { [`${name}P50Ms`]: at(0.5), [`${name}P99Ms`]: at(0.99), [`${name}CpuMs`]: cpuMs };
}

function medians(runs: readonly Figures[]): Figures {
  const middle = (values: readonly number[]): number =>
    [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  const names = Object.keys(runs[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, middle(runs.map((run) => run[name] ?? 0))]));
}

const epochMicros = 1_790_000_000_000_000;

function startOf(batch: number): number {
  return epochMicros + batch * microsPerBatch;
}

function traceWords(batch: number, trace: number): readonly number[] {
  const number = batch * 64 + trace + 1;
  return [0x9e3779b1, 0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f].map(
    (factor) => Math.imul(number, factor) >>> 0,
  );
}

function traceIdOf(batch: number, trace: number): string {
  return traceWords(batch, trace)
    .map((word) => word.toString(16).padStart(8, '0'))
    .join('');
}

/** A decoded batch that is given other trace ids and times in place, which takes a fraction of making one. */
class Template {
  readonly batch: StoredBatch;
  readonly #traceOf: readonly number[];
  readonly #startAt: readonly number[];

  constructor(batch: StoredBatch) {
    this.batch = batch;
    const known = new Map<string, number>();
    const spans = Array.from({ length: batch.length }, (_, at) => batch.raw(at));
    this.#traceOf = spans.map((raw) => {
      const id = raw.toString('hex', 2, 18);
      if (!known.has(id)) known.set(id, known.size);
      return known.get(id) ?? 0;
    });
    this.#startAt = spans.map(startFieldOf);
  }

  renew(number: number): void {
    const { batch } = this;
    const startMicros = startOf(number);
    const start = BigInt(startMicros) * 1000n;
    for (let at = 0; at < batch.length; at += 1) {
      const raw = batch.raw(at);
      const words = traceWords(number, this.#traceOf[at] ?? 0);
      for (let word = 0; word < 4; word += 1) {
        batch.ids[8 * at + word] = words[word] ?? 0;
        raw.writeUInt32BE(words[word] ?? 0, 2 + 4 * word);
      }
      batch.startMicros[at] = startMicros;
      const field = this.#startAt[at] ?? 0;
      raw.writeBigUInt64LE(start, field + 1);
      raw.writeBigUInt64LE(start + 2_000_000n, field + 10);
    }
  }
}

/** Where the start of a span stands, which the maker of the batches writes behind its kind. */
function startFieldOf(raw: Buffer): number {
  for (let at = 18; at < raw.length; at += (raw[at + 1] ?? 0) + 2) {
    if (raw[at] === 0x30) return at + 2;
  }
  throw new Error('A span without a kind.');
}

function templatesOf(count: number): readonly Template[] {
  return makeBatches(count).map(({ plain }) => new Template(decodeOtlp(plain)));
}
