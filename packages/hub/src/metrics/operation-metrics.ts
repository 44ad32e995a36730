import { latencyBucket, type OperationMinute, overflowName } from '@concordat/domain';
import { type Durations, histogramLines, milliseconds, noDurations } from './durations.ts';
import { labelTextOf, sampleLine, writeRows } from './write-rows.ts';

/** Each of them is 20 lines of text. */
const MOST_OPERATIONS = 5000;

interface OperationRow {
  readonly labelText: string;
  calls: number;
  readonly durations: Durations;
}

/** Spans as the collector's span metrics connector tells them, counted when they come and not when they began. */
export class OperationMetrics {
  readonly #rows = new Map<string, OperationRow>();
  #overflowed = 0;

  observe(minutes: readonly OperationMinute[], at: Date): void {
    const timestamp = at.getTime() / 1000;
    for (const minute of minutes) this.#observe(minute, timestamp);
  }

  /** Spans of services or names beyond the bounds of what is told apart. */
  get overflowed(): number {
    return this.#overflowed;
  }

  /** In the OpenMetrics text format, without its end. */
  async text(): Promise<string> {
    const rows = [...this.#rows.values()];
    const calls = await writeRows(rows, {
      name: 'traces_span_metrics_calls',
      type: 'counter',
      help: 'Spans by operation.',
      write: ({ labelText, calls: value }) =>
        sampleLine('traces_span_metrics_calls_total', labelText, { value }),
    });
    const name = 'traces_span_metrics_duration_milliseconds';
    const durations = await writeRows(rows, {
      name,
      type: 'histogram',
      help: 'How long spans took, by operation.',
      write: (row) => histogramLines(name, row, milliseconds),
    });
    return calls + durations;
  }

  #observe(minute: OperationMinute, timestamp: number): void {
    const row = this.#row(minute);
    const { calls, buckets, durationMicros, exemplar } = minute;
    const { durations } = row;
    row.calls += calls;
    durations.sum += durationMicros;
    buckets.forEach((count, bucket) => {
      durations.counts[bucket] = (durations.counts[bucket] ?? 0) + count;
    });
    durations.exemplars[latencyBucket(exemplar.durationMicros)] = {
      traceId: exemplar.traceId,
      value: exemplar.durationMicros,
      timestamp,
    };
  }

  #row(minute: OperationMinute): OperationRow {
    const { service, operation, kind, status, calls } = minute;
    if (operation === overflowName) this.#overflowed += calls;
    const key = `${service}\n${kind}\n${status}\n${operation}`;
    const known = this.#rows.get(key);
    if (known !== undefined) return known;
    const isFull = this.#rows.size >= MOST_OPERATIONS && operation !== overflowName;
    return isFull
      ? this.#row({ ...minute, service: overflowName, operation: overflowName })
      : this.#add(key, minute);
  }

  #add(key: string, { service, operation, kind, status }: OperationMinute): OperationRow {
    const labelText = labelTextOf({
      service_name: service,
      span_name: operation,
      span_kind: `SPAN_KIND_${kind.toUpperCase()}`,
      status_code: `STATUS_CODE_${status.toUpperCase()}`,
    });
    const row = { labelText, calls: 0, durations: noDurations() };
    this.#rows.set(key, row);
    return row;
  }
}
