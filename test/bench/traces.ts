import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { gunzipSync } from 'node:zlib';
import { createPairing } from '@concordat/domain';
import { decodeOtlp } from '@concordat/hub';
import { type BuiltHub, startBuiltHub } from './built-hub.ts';
import { makeBatches, type SpanBatch, spansPerBatch } from './span-batches.ts';
import { type Sent, SpanSender, spanRequest } from './span-sender.ts';

const connections = 8;
const batches = 1_200;
const rounds = 3;
const pacts = 200;

interface Figures {
  readonly [figure: string]: number;
}

/**
 * Spans a second: decoding alone, pairing alone, and end to end through a built hub in a process of its own that has 200 pacts,
 * two of them for the edges of the traffic, until the last span can be read. Trace ids are fresh in every batch.
 */
export async function benchTraces(): Promise<object> {
  return { spansPerBatch, batches, parts: benchParts(), endToEnd: await benchHub() };
}

/** Each part of the way alone, on one core. */
function benchParts(): Figures {
  const sent = makeBatches(400);
  const rate = (work: (batch: SpanBatch) => void): number => {
    for (const batch of sent.slice(0, 100)) work(batch);
    const start = performance.now();
    for (const batch of sent.slice(100)) work(batch);
    return perSecond(300, performance.now() - start);
  };
  const both = createPairing();
  const alone = createPairing();
  const decoded = new Map(sent.map((batch) => [batch, decodeOtlp(batch.plain)]));
  return {
    gunzipSpansPerSecond: rate(({ packed }) => gunzipSync(packed)),
    decodeSpansPerSecond: rate(({ plain }) => decodeOtlp(plain)),
    gunzipAndDecodeSpansPerSecond: rate(({ packed }) => decodeOtlp(gunzipSync(packed))),
    decodeAndPairSpansPerSecond: rate(({ plain }) => both.add(decodeOtlp(plain), 0)),
    pairSpansPerSecond: rate((batch) =>
      alone.add(decoded.get(batch) ?? decodeOtlp(batch.plain), 0),
    ),
  };
}

function perSecond(count: number, ms: number): number {
  return Math.round((count * spansPerBatch * 1000) / ms);
}

async function benchHub(): Promise<Figures> {
  const dataDir = await mkdtemp(join(tmpdir(), 'concordat-bench-'));
  const hub = await startBuiltHub(dataDir);
  const idleMegabytes = hub.residentMegabytes();
  await publishPacts(hub.url);
  const sender = await SpanSender.open(hub.url, connections);
  try {
    await sender.send(requestsOf(makeBatches(200)));
    const full = await atFullSpeed(hub, sender);
    const half = await atHalfSpeed(sender, full.readableSpansPerSecond ?? 0);
    return {
      startToReadyMs: hub.startToReadyMs,
      idleMegabytes,
      ...full,
      ...half,
      busyMegabytes: hub.residentMegabytes(),
      ...(await joined(hub.url)),
    };
  } finally {
    sender.close();
    await hub.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** The middle of some rounds by the rate at which spans become readable. */
async function atFullSpeed(hub: BuiltHub, sender: SpanSender): Promise<Figures> {
  const measured: Figures[] = [];
  for (let round = 0; round < rounds; round += 1) measured.push(await oneRound(hub, sender));
  const rate = ({ readableSpansPerSecond = 0 }: Figures): number => readableSpansPerSecond;
  return measured.sort((a, b) => rate(a) - rate(b))[Math.floor(rounds / 2)] as Figures;
}

async function oneRound(hub: BuiltHub, sender: SpanSender): Promise<Figures> {
  const made = makeBatches(batches);
  const requests = requestsOf(made);
  const cpuBefore = hub.cpuMicros();
  const start = performance.now();
  const sent = await sender.send(requests);
  const acceptedMs = performance.now() - start;
  await readTrace(hub.url, made.at(-1)?.lastTraceId ?? '');
  const readableMs = performance.now() - start;
  const cpuMicros = hub.cpuMicros() - cpuBefore;
  return {
    acceptedSpansPerSecond: perSecond(batches, acceptedMs),
    readableSpansPerSecond: perSecond(batches, readableMs),
    cpuMicrosPerSpan: rounded(cpuMicros / (batches * spansPerBatch)),
    retriesForOverload: sent.refused,
    ...latencies('accept', sent),
    traceByIdMs: await timeOf(() => readTrace(hub.url, made[0]?.lastTraceId ?? '')),
  };
}

/** How soon a body is answered while the hub has as much to do as it can do in half of the time. */
async function atHalfSpeed(sender: SpanSender, spansPerSecond: number): Promise<Figures> {
  const requests = requestsOf(makeBatches(batches));
  const sent = await sender.send(requests, spansPerSecond / 2 / spansPerBatch);
  return latencies('halfLoadAccept', sent);
}

function requestsOf(made: readonly SpanBatch[]): readonly Buffer[] {
  return made.map(({ packed }) => spanRequest(packed));
}

function latencies(name: string, { latenciesMs }: Sent): Figures {
  const sorted = [...latenciesMs].sort((a, b) => a - b);
  const at = (share: number): number => rounded(sorted[Math.floor(sorted.length * share)] ?? 0);
  return { [`${name}P50Ms`]: at(0.5), [`${name}P99Ms`]: at(0.99) };
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Two for the traffic, the others of pairs that are silent. */
async function publishPacts(url: string): Promise<void> {
  const silent = Array.from(
    { length: pacts - 2 },
    (_, n) => [`web-${n}`, `api-${n % 20}`] as const,
  );
  const pairs = [['storefront', 'gateway'], ['gateway', 'orders'], ...silent] as const;
  for (const [consumer, provider] of pairs) {
    const interactions = Array.from({ length: 50 }, (_, n) => ({
      description: `interaction ${n}`,
      request: { method: 'GET', path: n === 0 ? '/v1/orders' : `/v1/orders/${n}`, query: 'page=2' },
      response: { status: 200 },
    }));
    const response = await fetch(
      `${url}/pacts/provider/${provider}/consumer/${consumer}/version/1.0.0`,
      {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          consumer: { name: consumer },
          provider: { name: provider },
          interactions,
          metadata: { pactSpecification: { version: '2.0.0' } },
        }),
      },
    );
    if (!response.ok)
      throw new Error(`The pact was refused: ${response.status} ${await response.text()}`);
  }
}

/** What the hub made of the traffic: promises used and calls counted. None means that the bench did not measure the join. */
async function joined(url: string): Promise<Figures> {
  const response = await fetch(`${url}/insights/summary`);
  const { interactions, used, calls } = (await response.json()) as Record<string, number>;
  if (used === undefined || calls === undefined || interactions === undefined || used === 0)
    throw new Error(`No promise was used: ${response.status}.`);
  return { promisedInteractions: interactions, usedInteractions: used, countedCalls: calls };
}

async function readTrace(url: string, traceId: string): Promise<void> {
  const response = await fetch(`${url}/api/traces/${traceId}`);
  if (response.status !== 200) throw new Error(`Trace ${traceId}: ${response.status}`);
  await response.arrayBuffer();
}

async function timeOf(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return rounded(performance.now() - start);
}
