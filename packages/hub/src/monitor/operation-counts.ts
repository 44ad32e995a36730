import type { OperationMinute } from '@concordat/domain';
import { addBuckets, latencyCounts } from '../database/latency-columns.ts';
import type { OperationMinutesTable } from '../database/tables/monitor-tables.ts';

interface Pending {
  readonly first: OperationMinute;
  calls: number;
  errors: number;
  durationMicros: number;
  readonly buckets: number[];
  traceId: string;
}

/** Unwritten rows beyond this many are dropped and counted: only while the database cannot be written for long. */
const MOST_ROWS = 200_000;

/** What operations add to the database with the next write; a row is an operation in one minute, whatever the status of its spans. */
export class OperationCounts {
  #pending = new Map<string, Pending>();
  #dropped = 0;

  get isEmpty(): boolean {
    return this.#pending.size === 0;
  }

  /** Spans that were not counted because too many rows waited. */
  get dropped(): number {
    return this.#dropped;
  }

  add(minutes: readonly OperationMinute[]): void {
    for (const added of minutes) this.#add(added);
  }

  take(): readonly OperationMinutesTable[] {
    const rows = [...this.#pending.values()].map(rowOf);
    this.#pending = new Map();
    return rows;
  }

  #add(added: OperationMinute): void {
    const key = `${added.minute}\n${added.service}\n${added.environment}\n${added.kind}\n${added.operation}`;
    const known = this.#pending.get(key);
    if (known === undefined && this.#pending.size >= MOST_ROWS) {
      this.#dropped += added.calls;
      return;
    }
    const row = known ?? newPending(added);
    if (known === undefined) this.#pending.set(key, row);
    row.calls += added.calls;
    row.errors += added.status === 'error' ? added.calls : 0;
    row.durationMicros += added.durationMicros;
    addBuckets(row.buckets, added.buckets);
    row.traceId = added.exemplar.traceId;
  }
}

function newPending(first: OperationMinute): Pending {
  const { exemplar } = first;
  const buckets = first.buckets.map(() => 0);
  return { first, calls: 0, errors: 0, durationMicros: 0, buckets, traceId: exemplar.traceId };
}

function rowOf({ first, calls, errors, durationMicros, buckets, traceId }: Pending) {
  const { service, environment, operation, kind, minute } = first;
  return {
    ...{ service, environment, operation, kind, minute },
    ...{ calls, errors, duration_micros: durationMicros },
    ...latencyCounts(buckets),
    exemplar_trace_id: traceId,
  };
}
