// Hot path: thousands of rows are forty thousands of lines. prom-client puts together the labels of each anew and holds everybody up until
// it is done; here labels are written once for each row, and others get a turn in between.
import { setImmediate as nextTurn } from 'node:timers/promises';

export interface Exemplar {
  readonly traceId: string;
  readonly value: number;
  /** Seconds since the epoch. */
  readonly timestamp: number;
}

export interface WrittenMetric<Row> {
  readonly name: string;
  readonly type: 'counter' | 'histogram';
  readonly help: string;
  /** The row's lines, each with its end. */
  readonly write: (row: Row) => string;
}

const ROWS_A_TURN = 200;

/** One metric in the OpenMetrics text format; the name is without the suffix of counters. */
export async function writeRows<Row>(
  rows: readonly Row[],
  { name, type, help, write }: WrittenMetric<Row>,
): Promise<string> {
  let text = `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
  for (let at = 0; at < rows.length; at += ROWS_A_TURN) {
    if (at > 0) await nextTurn();
    for (const row of rows.slice(at, at + ROWS_A_TURN)) text += write(row);
  }
  return text;
}

export function sampleLine(
  name: string,
  labelText: string,
  { value, exemplar }: { readonly value: number; readonly exemplar?: Exemplar | undefined },
): string {
  const line = `${name}{${labelText}} ${value}`;
  if (exemplar === undefined) return `${line}\n`;
  return `${line} # {trace_id="${escaped(exemplar.traceId)}"} ${exemplar.value} ${exemplar.timestamp}\n`;
}

/** Labels as they stand between braces. */
export function labelTextOf(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',');
}

function escaped(value: string): string {
  return value.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/"/g, '\\"');
}
