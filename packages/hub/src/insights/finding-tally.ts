import { createHash } from 'node:crypto';
import { type Call, type CallFinding, findingIdentity } from '@concordat/domain';
import type { FindingDetail, FindingSighting } from './finding-store.ts';

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

/** Findings of a number of calls, each once, with what they were seen to be. */
export class FindingTally {
  readonly #findings = new Map<string, OpenSighting>();

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

  sightings(): readonly FindingSighting[] {
    return [...this.#findings].map(([identity, open]) => sightingOf(identity, open));
  }
}

/** Of a call as it is counted: calls without a status have a word in its place. */
export function statusOf({ exchange }: Call): string {
  if (exchange.kind === 'message') {
    return 'message';
  }
  const status = exchange.kind === 'database' ? undefined : exchange.status;
  return status === undefined ? 'none' : String(status);
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
