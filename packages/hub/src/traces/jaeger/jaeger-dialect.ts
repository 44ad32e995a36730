import type { SpanKind } from '@concordat/domain';
import type { ReceivedSpan } from '../decode/received-span.ts';
import type { StoredOperation, TimeRange, TraceQuery } from '../store/trace-reader.ts';
import type { JaegerAnswer } from './jaeger-client.ts';
import { JaegerReadError } from './jaeger-read-error.ts';

/** One version of Jaeger's query API. Spans come as Jaeger has them: in any order, and twice where they were sent twice. */
export interface JaegerDialect {
  readonly name: 'v1' | 'v3';
  services(): Promise<readonly string[]>;
  operations(service: string, kind: SpanKind | undefined): Promise<readonly StoredOperation[]>;
  /** Empty for a trace that is not there, or not within the hint. */
  trace(traceId: string, hint: TimeRange | undefined): Promise<readonly ReceivedSpan[]>;
  /** Spans of at most `limit` traces. */
  search(query: TraceQuery): Promise<readonly ReceivedSpan[]>;
}

/** The API is not there (any more): another version may be. */
export class NoSuchApiError extends JaegerReadError {
  constructor(url: string, path: string) {
    super(
      `${url} has no Jaeger query API: ${path} is not answered with JSON. The base URL may lack a path.`,
      502,
    );
    this.name = 'NoSuchApiError';
  }
}

/** An answer of another status than was asked for, with what Jaeger says about it. */
export class JaegerRefusal extends JaegerReadError {
  readonly answered: number;
  readonly said: string;

  constructor(url: string, answer: JaegerAnswer, said: string) {
    const { status: answered } = answer;
    const about = said === '' ? '' : `: ${said}`;
    if (answered === 400) super(`Jaeger refuses the question${about}`, 400);
    else super(`Jaeger at ${url} answered ${answered}${about}`, answered === 501 ? 501 : 502);
    this.name = 'JaegerRefusal';
    this.answered = answered;
    this.said = said;
  }
}

const kinds: readonly SpanKind[] = ['internal', 'server', 'client', 'producer', 'consumer'];

export function kindOf(text: unknown): SpanKind {
  return kinds.find((kind) => kind === text) ?? 'unspecified';
}

/** Go reads whole nanoseconds, which hold every fraction that a span's duration has. */
export function goDurationOf(micros: number): string {
  return `${Math.round(micros * 1000)}ns`;
}
