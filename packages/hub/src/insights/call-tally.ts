// Hot path: runs for every observed call. A call is one string key, one look-up and one small object added to in place; rows for the
// database are made of these when a flush asks. Adding to every row that a call belongs to took four keys and 13 µs a call.
import { guardedShape } from '@concordat/conformance';
import type { Call } from '@concordat/domain';
import type { CallCount, UsageCount } from './call-count-store.ts';
import { addLatencies, type EdgeLatencyTally, type SideLatencies } from './edge-latency-tally.ts';
import type { FindingSighting } from './finding-store.ts';
import { FindingTally, type JudgedCall, statusOf } from './finding-tally.ts';
import type { CallVerdict } from './promise-book.ts';
import type { RememberedVerdict } from './verdict-memory.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const MICROS_A_MINUTE = 60_000_000;

/** Calls of one minute that are alike in all names. */
interface Slot {
  readonly call: Call;
  readonly operation: string;
  readonly shapes: readonly string[];
  readonly minute: number;
  calls: number;
  sampled: number;
  decided: number;
  failed: number;
  durationMicros: number;
  timed: number;
  readonly latencies: SideLatencies;
  consumerVirtual: boolean;
  providerVirtual: boolean;
  firstSeen: number;
  lastSeen: number;
  exemplar: string;
}

/** Where calls of a verdict were counted last. */
class Place {
  readonly tally: CallTally;
  readonly slot: Slot;

  constructor(tally: CallTally, slot: Slot) {
    this.tally = tally;
    this.slot = slot;
  }
}

/** What a number of calls add to the counts; taken and written by a flush. */
export class CallTally {
  readonly #slots = new Map<string, Slot>();
  readonly #findings = new FindingTally();

  /** `latestMicros`: calls that claim to be later than this are counted at this time, because clocks go wrong. */
  count(call: Call, judged: RememberedVerdict, latestMicros: number): void {
    const at = Math.min(Math.max(call.atMicros, 0), latestMicros);
    const { consumer, provider, weight } = call;
    const { match } = judged.verdict;
    const slot = this.#slotOf(call, judged, at);
    const duration = call.serverDurationMicros ?? call.clientDurationMicros;
    slot.calls += weight;
    slot.sampled += 1;
    slot.decided += match.kind === 'undecided' ? 0 : 1;
    slot.failed += call.failed ? weight : 0;
    slot.durationMicros += (duration ?? 0) * weight;
    slot.timed += duration === undefined ? 0 : weight;
    addLatencies(slot.latencies, call);
    slot.consumerVirtual &&= consumer.virtual;
    slot.providerVirtual &&= provider.virtual;
    slot.firstSeen = Math.min(slot.firstSeen, at);
    if (at >= slot.lastSeen) {
      slot.lastSeen = at;
      slot.exemplar = call.traceId;
    }
  }

  /** Calls with one verdict come together, so that most need no look-up. */
  #slotOf(call: Call, judged: RememberedVerdict, at: number): Slot {
    const minute = Math.max(1, Math.floor(at / MICROS_A_MINUTE));
    const told = call.guard === undefined ? NO_SHAPES : toldApart(call, judged.verdict);
    const noted = told.length === 0 ? judged.place : undefined;
    if (noted instanceof Place && noted.tally === this && noted.slot.minute === minute)
      return noted.slot;
    const { consumer, provider, exchange, environment } = call;
    const { operation } = judged.verdict;
    const shapes = [...shapesOf(judged.verdict), ...told];
    const status = 'status' in exchange ? exchange.status : -1;
    const key = `${consumer.service}\n${provider.service}\n${exchange.kind}\n${environment}\n${operation}\n${status}\n${consumer.version}\n${provider.version}\n${shapes.join()}\n${minute}`;
    const slot = this.#slots.get(key) ?? newSlot(call, { operation, shapes, minute, at });
    this.#slots.set(key, slot);
    if (told.length === 0) judged.place = new Place(this, slot);
    return slot;
  }

  find(judged: JudgedCall): void {
    this.#findings.find(judged);
  }

  /** By minute, and in bucket 0 for all time. */
  callRows(): readonly CallCount[] {
    const rows = new Map<string, Mutable<CallCount>>();
    for (const slot of this.#slots.values()) {
      for (const bucket of [0, slot.minute]) {
        const names = namesOf(slot);
        const row = rowFor(rows, {
          ...names,
          transport: slot.call.exchange.kind,
          operation: slot.operation,
          status: statusOf(slot.call),
          bucket,
        }) as Mutable<CallCount>;
        row.decided = (row.decided ?? 0) + slot.decided;
        row.failed = (row.failed ?? 0) + slot.failed;
        row.duration_micros = (row.duration_micros ?? 0) + slot.durationMicros;
        row.timed = (row.timed ?? 0) + slot.timed;
        row.consumer_virtual = Math.min(row.consumer_virtual ?? 1, Number(slot.consumerVirtual));
        row.provider_virtual = Math.min(row.provider_virtual ?? 1, Number(slot.providerVirtual));
        addSeen(row, slot);
      }
    }
    return [...rows.values()];
  }

  /** Adds the latencies of all calls to those that wait to be written. */
  addLatenciesTo(latencies: EdgeLatencyTally): void {
    for (const slot of this.#slots.values()) {
      const { consumer, provider, environment } = namesOf(slot);
      const { minute, operation, call } = slot;
      const transport = call.exchange.kind;
      latencies.add(
        { consumer, provider, environment, transport, operation, minute },
        slot.latencies,
      );
    }
  }

  usageRows(): readonly UsageCount[] {
    const rows = new Map<string, Mutable<UsageCount>>();
    for (const slot of this.#slots.values()) {
      for (const shape of slot.shapes) {
        for (const bucket of [0, slot.minute]) {
          addSeen(rowFor(rows, { ...namesOf(slot), shape, bucket }), slot);
        }
      }
    }
    return [...rows.values()];
  }

  sightings(): readonly FindingSighting[] {
    return this.#findings.sightings();
  }
}

function shapesOf({ match, declared }: CallVerdict): readonly string[] {
  const promised = match.kind === 'promised' ? shapesOfPromises(match) : NO_SHAPES;
  return declared === undefined ? promised : [...promised, ...declared.shapes];
}

function shapesOfPromises(match: Extract<CallVerdict['match'], { kind: 'promised' }>) {
  const shapes = match.interactions.map(({ shape }) => shape);
  return shapes.length === 1 ? shapes : [...new Set(shapes)];
}

const NO_SHAPES: readonly string[] = [];

/** Interactions that spans cannot tell apart, but of which a live guard said which one it was. */
function toldApart({ guard = [] }: Call, { match }: CallVerdict): readonly string[] {
  if (match.kind !== 'promised' || match.interactions.length < 2) return NO_SHAPES;
  const names = new Set(guard.map(({ interaction }) => interaction));
  const told = match.interactions.filter(
    (one) =>
      names.has(one.description) &&
      match.interactions.some((other) => other !== one && other.shape === one.shape),
  );
  return [...new Set(told.map(guardedShape))];
}

/** What has no status of its own says what it is. */
function newSlot(
  call: Call,
  place: Pick<Slot, 'operation' | 'shapes' | 'minute'> & { readonly at: number },
): Slot {
  const { at, operation, shapes, minute } = place;
  return {
    ...{ call, operation, shapes, minute },
    ...{ calls: 0, sampled: 0, decided: 0, failed: 0, durationMicros: 0, timed: 0 },
    latencies: {},
    consumerVirtual: true,
    providerVirtual: true,
    firstSeen: at,
    lastSeen: at,
    exemplar: call.traceId,
  };
}

function namesOf({ call }: Slot) {
  return {
    consumer: call.consumer.service,
    provider: call.provider.service,
    environment: call.environment ?? '',
    consumer_version: call.consumer.version ?? '',
    provider_version: call.provider.version ?? '',
  };
}

type Seen = Mutable<
  Pick<UsageCount, 'calls' | 'sampled' | 'first_seen' | 'last_seen' | 'exemplar_trace_id'>
>;

/** The row with these names; a new one has seen nothing yet. */
function rowFor<T extends object>(rows: Map<string, T & Seen>, names: object): T & Seen {
  const key = JSON.stringify(names);
  const known = rows.get(key);
  if (known !== undefined) {
    return known;
  }
  const row = {
    ...names,
    ...{ calls: 0, sampled: 0, first_seen: Number.MAX_SAFE_INTEGER, last_seen: -1 },
    exemplar_trace_id: '',
  } as unknown as T & Seen;
  rows.set(key, row);
  return row;
}

function addSeen(row: Seen, slot: Slot): void {
  row.calls += slot.calls;
  row.sampled += slot.sampled;
  row.first_seen = Math.min(row.first_seen, slot.firstSeen);
  if (slot.lastSeen >= row.last_seen) {
    row.last_seen = slot.lastSeen;
    row.exemplar_trace_id = slot.exemplar;
  }
}
