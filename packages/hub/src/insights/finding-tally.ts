import { createHash } from 'node:crypto';
import {
  type BrokenPromise,
  type Call,
  findingIdentity,
  mismatchText,
  type SeenFinding,
} from '@concordat/domain';
import type { FindingDetail, FindingSighting } from './finding-store.ts';

/** A call that is a finding; it may wait for a retry before it counts. */
export interface JudgedCall {
  readonly call: Call;
  readonly kind: SeenFinding;
  readonly operation: string;
  /** Of `broken-promise`: what the guard said, and whom it named. */
  readonly broken?: BrokenPromise;
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
    const { call } = judged;
    const { consumer, provider, operation } = namesOf(judged);
    const key = findingIdentity({
      kind: judged.kind,
      consumer: consumer || undefined,
      provider,
      environment: call.environment,
      operation: operation || undefined,
    });
    const open = this.#findings.get(key) ?? newSighting(judged);
    this.#findings.set(key, open);
    open.calls += call.weight;
    open.firstSeen = Math.min(open.firstSeen, call.atMicros);
    if (call.atMicros >= open.lastSeen) {
      open.lastSeen = call.atMicros;
      open.latest = call;
    }
    for (const detail of detailsOf(judged)) {
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

/** What an event is not declared by is its sender's matter alone; what is unknown is so for every operation. */
function namesOf({ call, kind, operation, broken }: JudgedCall) {
  const names = {
    consumer: broken?.consumer ?? call.consumer.service,
    provider: broken?.provider ?? call.provider.service,
    operation,
  };
  switch (kind) {
    case 'undeclared-event':
      return { ...names, consumer: '' };
    case 'unknown-consumer':
    case 'unknown-provider':
      return { ...names, operation: '' };
    case 'uncovered-call':
    case 'unpromised-status':
    case 'broken-promise':
      return names;
  }
}

const MOST_MISMATCHES = 20;

function detailsOf({ call, kind, broken }: JudgedCall): readonly FindingDetail[] {
  const { consumer, provider } = call;
  const details: { readonly name: FindingDetail['name']; readonly value: string | undefined }[] = [
    { name: 'consumer-version', value: kind === 'undeclared-event' ? undefined : consumer.version },
    { name: 'provider-version', value: provider.version },
    { name: 'status', value: kind === 'unpromised-status' ? statusOf(call) : undefined },
    ...(broken?.mismatches ?? [])
      .slice(0, MOST_MISMATCHES)
      .map((mismatch) => ({ name: 'mismatch' as const, value: mismatchText(mismatch) })),
  ];
  return details.flatMap(({ name, value }) => (value === undefined ? [] : [{ name, value }]));
}

function sightingOf(identity: string, open: OpenSighting): FindingSighting {
  return {
    id: findingId(identity),
    kind: open.first.kind,
    ...namesOf(open.first),
    environment: open.first.call.environment ?? '',
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
