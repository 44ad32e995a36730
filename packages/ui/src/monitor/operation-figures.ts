import type { ServiceDetail, ServiceOperation } from '@concordat/api';
import type { SortColumns } from '../words/sort.ts';

/** Which side of a service is looked at: what it answers, what it asks of others, or everything. */
export type Side = 'answers' | 'asks' | 'all';

const kindsOf: Readonly<Record<Side, readonly string[] | undefined>> = {
  answers: ['server', 'consumer'],
  asks: ['client', 'producer'],
  all: undefined,
};

export function readSide(query: URLSearchParams): Side {
  const side = query.get('side');
  return side === 'asks' || side === 'all' ? side : 'answers';
}

/** An operation with its impact, and its figures at every step of the window. */
export interface OperationFigures {
  readonly operation: ServiceOperation;
  /** Part of the service's time that it took, 0 to 1: its calls times their mean duration. */
  readonly impact: number;
  readonly steps: Steps;
}

/** One value a step; no calls are 0, and no duration is null. */
export interface Steps {
  readonly calls: readonly number[];
  readonly errors: readonly number[];
  /** Milliseconds. */
  readonly p95: readonly (number | null)[];
}

/** The operations of one side of a service. */
export function operationFigures(detail: ServiceDetail, side: Side): OperationFigures[] {
  const kinds = kindsOf[side];
  const operations = detail.operations.filter(({ kind }) => kinds?.includes(kind) ?? true);
  const time = ({ calls, meanDuration }: ServiceOperation) => calls * (meanDuration ?? 0);
  const all = operations.reduce((sum, operation) => sum + time(operation), 0);
  return operations.map((operation) => ({
    operation,
    impact: all === 0 ? 0 : time(operation) / all,
    steps: stepsOf(detail, operation.points),
  }));
}

/** Calls and errors of several operations together; percentiles cannot be added. */
export function sumSteps(figures: readonly OperationFigures[]): Pick<Steps, 'calls' | 'errors'> {
  const sum = (pick: (steps: Steps) => readonly number[]) => {
    const total: number[] = [];
    for (const { steps } of figures) {
      pick(steps).forEach((value, at) => {
        total[at] = (total[at] ?? 0) + value;
      });
    }
    return total;
  };
  return { calls: sum(({ calls }) => calls), errors: sum(({ errors }) => errors) };
}

/** More than these is no drawing any more, whatever the hub says its step is. */
const mostSteps = 10_000;

function stepsOf(
  { since, until, step }: Pick<ServiceDetail, 'since' | 'until' | 'step'>,
  points: ServiceOperation['points'],
): Steps {
  const start = Date.parse(since);
  const length = Math.max(1, step * 1000);
  const steps = Math.ceil((Date.parse(until) - start) / length);
  const count = Number.isNaN(steps) ? 1 : Math.min(mostSteps, Math.max(1, steps));
  const calls = new Array<number>(count).fill(0);
  const errors = new Array<number>(count).fill(0);
  const p95 = new Array<number | null>(count).fill(null);
  for (const point of points) {
    const at = Math.floor((Date.parse(point.at) - start) / length);
    if (!(at >= 0 && at < count)) continue;
    calls[at] = (calls[at] ?? 0) + point.calls;
    errors[at] = (errors[at] ?? 0) + point.errors;
    p95[at] = point.p95;
  }
  return { calls, errors, p95 };
}

export type OperationColumn = 'name' | 'rate' | 'errors' | 'p50' | 'p95' | 'p99' | 'impact';

export const operationColumns: SortColumns<OperationFigures, OperationColumn> = {
  name: ({ operation }) => operation.name,
  rate: ({ operation }) => operation.rate,
  errors: ({ operation }) => operation.errorRate,
  p50: ({ operation }) => operation.latency?.p50,
  p95: ({ operation }) => operation.latency?.p95,
  p99: ({ operation }) => operation.latency?.p99,
  impact: ({ impact }) => impact,
};

/** Under this name the hub counts all operations beyond its bound of names. */
const overflow = '__overflow__';

/** What an operation is called for readers; undefined when there is no single operation to search for. */
export function operationName(name: string): string | undefined {
  return name === overflow ? undefined : name;
}
