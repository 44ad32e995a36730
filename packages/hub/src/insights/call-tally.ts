// Hot path: runs for every observed call. Rows are added to in place and found by one string key each, so that a flush writes
// as many rows as there are distinct keys however many calls there were.
import { createHash } from 'node:crypto';
import { type Call, type CallFinding, findingIdentity } from '@concordat/domain';
import type { CallCount, UsageCount } from './call-count-store.ts';
import type { FindingDetail, FindingSighting } from './finding-store.ts';
import type { CallVerdict } from './promise-book.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Sighted = Mutable<Pick<UsageCount, 'first_seen' | 'last_seen' | 'exemplar_trace_id'>>;

/** A call that is a finding; it may wait for a retry before it counts. */
export interface JudgedCall {
  readonly call: Call;
  readonly kind: CallFinding;
  readonly operation: string;
}

interface OpenSighting {
  readonly first: JudgedCall;
  calls: number;
  firstSeen: number;
  lastSeen: number;
  latest: Call;
  readonly details: Map<string, FindingDetail>;
}

const MICROS_A_MINUTE = 60_000_000;

/** What a number of calls add to the counts; taken and written by a flush. */
export class CallTally {
  readonly #calls = new Map<string, Mutable<CallCount>>();
  readonly #usage = new Map<string, Mutable<UsageCount>>();
  readonly #findings = new Map<string, OpenSighting>();

  /** `latestMicros`: calls that claim to be later than this are counted at this time, because clocks go wrong. */
  count(call: Call, verdict: CallVerdict, latestMicros: number): void {
    const at = Math.min(Math.max(call.atMicros, 0), latestMicros);
    const minute = Math.max(1, Math.floor(at / MICROS_A_MINUTE));
    for (const bucket of [0, minute]) {
      this.#countCall(call, verdict, { bucket, at });
      if (verdict.match.kind === 'promised') {
        for (const shape of shapesOf(verdict.match.interactions)) {
          this.#countUsage(call, shape, { bucket, at });
        }
      }
    }
  }

  find(judged: JudgedCall): void {
    const { call, kind, operation } = judged;
    const perPair = kind === 'unknown-consumer' || kind === 'unknown-provider';
    const key = findingIdentity({
      kind,
      consumer: call.consumer.service,
      provider: call.provider.service,
      environment: call.environment,
      operation: perPair ? undefined : operation,
    });
    const open = this.#findings.get(key) ?? newSighting(judged);
    this.#findings.set(key, open);
    open.calls += call.weight;
    open.firstSeen = Math.min(open.firstSeen, call.atMicros);
    if (call.atMicros >= open.lastSeen) {
      open.lastSeen = call.atMicros;
      open.latest = call;
    }
    for (const detail of detailsOf(call, kind)) {
      open.details.set(`${detail.name} ${detail.value}`, detail);
    }
  }

  callRows(): readonly CallCount[] {
    return [...this.#calls.values()];
  }

  usageRows(): readonly UsageCount[] {
    return [...this.#usage.values()];
  }

  sightings(): readonly FindingSighting[] {
    return [...this.#findings].map(([identity, open]) => sightingOf(identity, open));
  }

  #countCall(call: Call, verdict: CallVerdict, when: { bucket: number; at: number }): void {
    const status = statusOf(call);
    const { consumer, provider } = call;
    const key = `${consumer.service}\n${provider.service}\n${call.exchange.kind}\n${call.environment ?? ''}\n${verdict.operation}\n${status}\n${consumer.version ?? ''}\n${provider.version ?? ''}\n${when.bucket}`;
    let row = this.#calls.get(key);
    if (row === undefined) {
      row = newCallRow(call, { operation: verdict.operation, status, ...when });
      this.#calls.set(key, row);
    }
    const duration = call.serverDurationMicros ?? call.clientDurationMicros;
    row.calls += call.weight;
    row.sampled += 1;
    row.decided += verdict.match.kind === 'undecided' ? 0 : 1;
    row.failed += call.failed ? call.weight : 0;
    row.duration_micros += (duration ?? 0) * call.weight;
    row.timed += duration === undefined ? 0 : call.weight;
    row.consumer_virtual = Math.min(row.consumer_virtual, Number(consumer.virtual));
    row.provider_virtual = Math.min(row.provider_virtual, Number(provider.virtual));
    seeAgain(row, call, when.at);
  }

  #countUsage(call: Call, shape: string, when: { bucket: number; at: number }): void {
    const { consumer, provider } = call;
    const key = `${consumer.service}\n${provider.service}\n${shape}\n${call.environment ?? ''}\n${consumer.version ?? ''}\n${provider.version ?? ''}\n${when.bucket}`;
    let row = this.#usage.get(key);
    if (row === undefined) {
      row = newUsageRow(call, shape, when);
      this.#usage.set(key, row);
    }
    row.calls += call.weight;
    row.sampled += 1;
    seeAgain(row, call, when.at);
  }
}

function shapesOf(interactions: readonly { readonly shape: string }[]): Iterable<string> {
  return interactions.length === 1
    ? interactions.map(({ shape }) => shape)
    : new Set(interactions.map(({ shape }) => shape));
}

function statusOf({ exchange }: Call): string {
  if (exchange.kind === 'message') {
    return 'message';
  }
  return exchange.status === undefined ? 'none' : String(exchange.status);
}

function seeAgain(row: Sighted, call: Call, at: number): void {
  row.first_seen = Math.min(row.first_seen, at);
  if (at >= row.last_seen) {
    row.last_seen = at;
    row.exemplar_trace_id = call.traceId;
  }
}

function newUsageRow(
  call: Call,
  shape: string,
  when: { readonly bucket: number; readonly at: number },
): Mutable<UsageCount> {
  return {
    consumer: call.consumer.service,
    provider: call.provider.service,
    shape,
    environment: call.environment ?? '',
    consumer_version: call.consumer.version ?? '',
    provider_version: call.provider.version ?? '',
    bucket: when.bucket,
    calls: 0,
    sampled: 0,
    first_seen: when.at,
    last_seen: when.at,
    exemplar_trace_id: call.traceId,
  };
}

function newCallRow(
  call: Call,
  place: {
    readonly operation: string;
    readonly status: string;
    readonly bucket: number;
    readonly at: number;
  },
): Mutable<CallCount> {
  const { shape: _shape, ...row } = newUsageRow(call, '', place);
  return {
    ...row,
    transport: call.exchange.kind,
    operation: place.operation,
    status: place.status,
    decided: 0,
    failed: 0,
    duration_micros: 0,
    timed: 0,
    consumer_virtual: 1,
    provider_virtual: 1,
  };
}

function newSighting(judged: JudgedCall): OpenSighting {
  const { atMicros } = judged.call;
  return {
    first: judged,
    calls: 0,
    firstSeen: atMicros,
    lastSeen: atMicros,
    latest: judged.call,
    details: new Map(),
  };
}

function detailsOf(call: Call, kind: CallFinding): readonly FindingDetail[] {
  const details: { readonly name: FindingDetail['name']; readonly value: string | undefined }[] = [
    { name: 'consumer-version', value: call.consumer.version },
    { name: 'provider-version', value: call.provider.version },
    { name: 'status', value: kind === 'unpromised-status' ? statusOf(call) : undefined },
  ];
  return details.flatMap(({ name, value }) => (value === undefined ? [] : [{ name, value }]));
}

function sightingOf(identity: string, open: OpenSighting): FindingSighting {
  const { call, kind, operation } = open.first;
  const perPair = kind === 'unknown-consumer' || kind === 'unknown-provider';
  return {
    id: findingId(identity),
    kind,
    consumer: call.consumer.service,
    provider: call.provider.service,
    environment: call.environment ?? '',
    operation: perPair ? '' : operation,
    calls: open.calls,
    firstSeen: open.firstSeen,
    lastSeen: open.lastSeen,
    exemplarTraceId: open.latest.traceId,
    exemplarCall: JSON.stringify(open.latest),
    details: [...open.details.values()],
  };
}

/** The id of a finding from its identity text. */
export function findingId(identity: string): string {
  return createHash('sha256').update(identity).digest('hex').slice(0, 16);
}
