// Hot path: runs for every span. A span is one look-up by its name, which was hashed before, and a few additions in place; keys of joined
// texts would cost several times that. Rows are made when they are taken. Columns are as long as they say, hence the casts.
import { latencyBucket, latencyBuckets } from './latency-histogram.ts';
import { traceStateWeight } from './sample-weight.ts';
import type { Resource, SpanKind, SpanStatus } from './span.ts';
import type { SpanColumns } from './span-columns.ts';

/** Spans of one operation, kind and status that began in one minute; plain data, safe to send to another thread. */
export interface OperationMinute {
  readonly service: string;
  /** Empty when the service names none. */
  readonly environment: string;
  /** The span's name, cut at 200 characters; `overflowName` for those beyond the bounds. */
  readonly operation: string;
  readonly kind: SpanKind;
  readonly status: SpanStatus;
  /** Of the Unix epoch. */
  readonly minute: number;
  /** Sample weights applied, as in the two below. */
  readonly calls: number;
  readonly durationMicros: number;
  /** By `latencyBucket`. */
  readonly buckets: readonly number[];
  /** The latest span. */
  readonly exemplar: { readonly traceId: string; readonly durationMicros: number };
}

/** Bounds of what is told apart; spans beyond them count as `overflowName`. */
export interface TallyLimits {
  /** Pairs of service and environment, since the start. */
  readonly services: number;
  /** Names for each of those. */
  readonly operations: number;
  /** Rows between two takes. */
  readonly rows: number;
  /** Spans that begin further from now count at the nearest minute within. */
  readonly pastMinutes: number;
  readonly futureMinutes: number;
}

export const defaultTallyLimits: TallyLimits = {
  services: 2000,
  operations: 200,
  rows: 50_000,
  pastMinutes: 1440,
  futureMinutes: 60,
};

export const overflowName = '__overflow__';

const spanKinds: readonly SpanKind[] = [
  'unspecified',
  'internal',
  'server',
  'client',
  'producer',
  'consumer',
];
const spanStatuses: readonly SpanStatus[] = ['unset', 'ok', 'error'];

const microsAMinute = 60_000_000;
const longestName = 200;
const wordsOfIds = 8;

interface Slot {
  readonly operation: Operation;
  readonly place: number;
  readonly minute: number;
  /** The same operation, kind and status in another minute. */
  readonly next: Slot | undefined;
  calls: number;
  durationMicros: number;
  readonly buckets: number[];
  readonly traceId: number[];
  latestMicros: number;
}

interface Operation {
  readonly service: string;
  readonly environment: string;
  readonly name: string;
  /** By kind and status, those with spans since the last take. */
  slots: (Slot | undefined)[];
}

interface ServiceOperations {
  readonly service: string;
  readonly environment: string;
  readonly byName: Map<string, Operation>;
  readonly overflow: Operation;
}

/** Counts spans by service, operation, kind, status and minute; `take` tells what came since it was last called. */
export class OperationTally {
  readonly #limits: TallyLimits;
  readonly #services = new Map<string, ServiceOperations>();
  readonly #overflow = newService(overflowName, '');
  #slots: Slot[] = [];
  #overflowed = 0;
  #traceState = '';
  #weight = 1;

  constructor(limits: TallyLimits = defaultTallyLimits) {
    this.#limits = limits;
  }

  /** Spans since the start that are counted under `overflowName`. */
  get overflowed(): number {
    return this.#overflowed;
  }

  /** Counts the spans whose `isNew` is not 0. */
  add(columns: SpanColumns, isNew: Uint8Array, nowMicros: number): void {
    const { kinds, statuses, startMicros, names, resources, resourceOf } = columns;
    const nowMinute = Math.floor(nowMicros / microsAMinute);
    const earliest = nowMinute - this.#limits.pastMinutes;
    const latest = nowMinute + this.#limits.futureMinutes;
    const known: ServiceOperations[] = [];
    for (let at = 0; at < columns.length; at += 1) {
      if (isNew[at] === 0) continue;
      const resourceIndex = resourceOf[at] as number;
      const service = known[resourceIndex] ?? this.#service(resources[resourceIndex] as Resource);
      known[resourceIndex] = service;
      const operation = this.#operation(service, names[at] as string);
      const began = Math.floor((startMicros[at] as number) / microsAMinute);
      const minute = began > earliest ? Math.min(began, latest) : earliest;
      const place = (kinds[at] as number) * spanStatuses.length + (statuses[at] as number);
      this.#count(this.#slot(operation, place, minute), columns, at);
    }
  }

  take(): readonly OperationMinute[] {
    const slots = this.#slots;
    this.#slots = [];
    for (const { operation } of slots) operation.slots = [];
    return slots.map(minuteOf);
  }

  #service({ service, environment = '' }: Resource): ServiceOperations {
    const key = `${service}\n${environment}`;
    const known = this.#services.get(key);
    if (known !== undefined) return known;
    if (this.#services.size >= this.#limits.services) return this.#overflow;
    const added = newService(service, environment);
    this.#services.set(key, added);
    return added;
  }

  #operation(service: ServiceOperations, fullName: string): Operation {
    if (service === this.#overflow) return service.overflow;
    const name = fullName.length > longestName ? fullName.slice(0, longestName) : fullName;
    const known = service.byName.get(name);
    if (known !== undefined) return known;
    if (service.byName.size >= this.#limits.operations) return service.overflow;
    const added = newOperation(service.service, service.environment, name);
    service.byName.set(name, added);
    return added;
  }

  #slot(operation: Operation, place: number, minute: number): Slot {
    if (operation.name === overflowName) this.#overflowed += 1;
    let slot = operation.slots[place];
    while (slot !== undefined && slot.minute !== minute) slot = slot.next;
    return slot ?? this.#newSlot(operation, place, minute);
  }

  #newSlot(operation: Operation, place: number, minute: number): Slot {
    const { overflow } = this.#overflow;
    const isFull = this.#slots.length >= this.#limits.rows && operation !== overflow;
    if (isFull) return this.#slot(overflow, place, minute);
    const slot: Slot = {
      ...{ operation, place, minute, next: operation.slots[place] },
      ...{ calls: 0, durationMicros: 0, latestMicros: 0 },
      buckets: new Array<number>(latencyBuckets).fill(0),
      traceId: [0, 0, 0, 0],
    };
    operation.slots[place] = slot;
    this.#slots.push(slot);
    return slot;
  }

  #count(slot: Slot, columns: SpanColumns, at: number): void {
    const traceState = columns.traceState(at);
    const weight = traceState === '' ? 1 : this.#weightOf(traceState);
    const micros = columns.durationMicros[at] as number;
    const bucket = latencyBucket(micros);
    slot.calls += weight;
    slot.durationMicros += micros * weight;
    slot.buckets[bucket] = (slot.buckets[bucket] as number) + weight;
    slot.latestMicros = micros;
    const { ids } = columns;
    const from = at * wordsOfIds;
    slot.traceId[0] = ids[from] as number;
    slot.traceId[1] = ids[from + 1] as number;
    slot.traceId[2] = ids[from + 2] as number;
    slot.traceId[3] = ids[from + 3] as number;
  }

  /** Neighbours mostly come from one sampler. */
  #weightOf(traceState: string): number {
    if (traceState !== this.#traceState) {
      this.#traceState = traceState;
      this.#weight = traceStateWeight(traceState) ?? 1;
    }
    return this.#weight;
  }
}

function newService(service: string, environment: string): ServiceOperations {
  const overflow = newOperation(service, environment, overflowName);
  return { service, environment, byName: new Map(), overflow };
}

function newOperation(service: string, environment: string, name: string): Operation {
  return { service, environment, name, slots: [] };
}

function minuteOf(slot: Slot): OperationMinute {
  const { operation, place, minute, calls, durationMicros, buckets } = slot;
  return {
    service: operation.service,
    environment: operation.environment,
    operation: operation.name,
    kind: spanKinds[Math.floor(place / spanStatuses.length)] ?? 'unspecified',
    status: spanStatuses[place % spanStatuses.length] as SpanStatus,
    ...{ minute, calls, durationMicros, buckets },
    exemplar: {
      traceId: slot.traceId.map((word) => word.toString(16).padStart(8, '0')).join(''),
      durationMicros: slot.latestMicros,
    },
  };
}
