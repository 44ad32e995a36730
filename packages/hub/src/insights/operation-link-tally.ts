import { type CallCause, overflowName } from '@concordat/domain';
import type { OperationLinksTable } from '../database/tables/insight-tables.ts';

type Row = { -readonly [Name in keyof OperationLinksTable]: OperationLinksTable[Name] };
type Names = Omit<Row, 'bucket' | 'calls' | 'last_seen' | 'exemplar_trace_id'>;

const MOST_LINKS = 20_000;
const MICROS_A_MINUTE = 60_000_000;

/** What causes of calls add to the database with the next write: by minute, and in bucket 0 for all time. Links beyond the bound, since the start, are one. */
export class OperationLinkTally {
  readonly #known = new Set<string>();
  #rows = new Map<string, Row>();

  get isEmpty(): boolean {
    return this.#rows.size === 0;
  }

  /** `latestMicros`: causes that claim to be later than this are counted at this time, because clocks go wrong. */
  add(causes: readonly CallCause[], latestMicros: number): void {
    for (const cause of causes) {
      const at = Math.min(Math.max(cause.atMicros, 0), latestMicros);
      const names = this.#boundedNames(cause);
      const minute = Math.max(1, Math.floor(at / MICROS_A_MINUTE));
      for (const bucket of [0, minute]) addTo(this.#row(names, bucket), cause, at);
    }
  }

  take(): readonly OperationLinksTable[] {
    const rows = [...this.#rows.values()];
    this.#rows = new Map();
    return rows;
  }

  #boundedNames(cause: CallCause): Names {
    const names = namesOf(cause);
    const key = JSON.stringify(names);
    if (this.#known.size < MOST_LINKS) this.#known.add(key);
    return this.#known.has(key) ? names : overflow;
  }

  #row(names: Names, bucket: number): Row {
    const key = JSON.stringify([names, bucket]);
    const row = this.#rows.get(key) ?? {
      ...names,
      ...{ bucket, calls: 0, last_seen: 0, exemplar_trace_id: '' },
    };
    this.#rows.set(key, row);
    return row;
  }
}

const overflow: Names = {
  service: overflowName,
  environment: '',
  operation: overflowName,
  kind: 'server',
  transport: 'http',
  called_service: overflowName,
  called_operation: overflowName,
};

function namesOf({ service, environment, inbound, outbound }: CallCause): Names {
  return {
    ...{ service, environment: environment ?? '' },
    ...{ operation: inbound.operation, kind: inbound.kind },
    ...{ transport: outbound.transport ?? 'http', called_service: outbound.service },
    called_operation: outbound.operation,
  };
}

function addTo(row: Row, { weight, traceId }: CallCause, at: number): void {
  row.calls += weight;
  if (at >= row.last_seen) {
    row.last_seen = at;
    row.exemplar_trace_id = traceId;
  }
}
