import type { SpanKind } from '@concordat/domain';
import { JaegerQuestionError, wholeParameter } from '../http/send-jaeger.ts';

/** What Jaeger's service performance monitoring asks for; times in milliseconds. */
export interface SpmQuestion {
  readonly services: readonly string[];
  readonly kinds: readonly SpanKind[];
  readonly byOperation: boolean;
  readonly endMs: number;
  readonly lookbackMs: number;
  readonly stepMs: number;
  /** The time that a rate is taken over, up to each point. */
  readonly ratePerMs: number;
}

const defaults = { lookback: 3_600_000, step: 5_000, ratePer: 600_000 };
/** Points of a series, as Prometheus bounds them. */
const MOST_POINTS = 11_000;
const MOST_SERVICES = 1_000;
const LONGEST_MS = 366 * 86_400_000;

const kinds: readonly SpanKind[] = [
  'unspecified',
  'internal',
  'server',
  'client',
  'producer',
  'consumer',
];

export function readSpmQuestion(query: URLSearchParams, nowMs: number): SpmQuestion {
  const services = [...new Set(query.getAll('service'))].filter((name) => name !== '');
  if (services.length === 0)
    throw new JaegerQuestionError('service', 'please name at least one service');
  if (services.length > MOST_SERVICES)
    throw new JaegerQuestionError('service', `please name at most ${MOST_SERVICES} services`);
  const question = {
    services,
    kinds: readKinds(query),
    byOperation: readFlag(query, 'groupByOperation'),
    endMs: readEnd(query, nowMs),
    lookbackMs: readTime(query, 'lookback'),
    stepMs: readTime(query, 'step'),
    ratePerMs: readTime(query, 'ratePer'),
  };
  if (question.lookbackMs / question.stepMs > MOST_POINTS)
    throw new JaegerQuestionError(
      'step',
      `a lookback of ${question.lookbackMs} ms in steps of ${question.stepMs} ms has more than ${MOST_POINTS} points`,
    );
  return question;
}

/** From 0 to 1; required. */
export function readQuantile(query: URLSearchParams): number {
  const text = query.get('quantile') ?? '';
  const quantile = Number(text);
  if (text.trim() === '' || !(quantile >= 0 && quantile <= 1))
    throw new JaegerQuestionError('quantile', `'${text}' is not a number from 0 to 1`);
  return quantile;
}

function readKinds(query: URLSearchParams): readonly SpanKind[] {
  const asked = query.getAll('spanKind').map((text) => {
    const known = kinds.find((kind) => kind === text);
    if (known === undefined)
      throw new JaegerQuestionError('spanKind', `unsupported span kind: '${text}'`);
    return known;
  });
  return asked.length === 0 ? ['server'] : [...new Set(asked)];
}

/** The words that Go's ParseBool knows. */
function readFlag(query: URLSearchParams, name: string): boolean {
  const text = query.get(name);
  if (text === null || ['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(text)) return false;
  if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(text)) return true;
  throw new JaegerQuestionError(name, `'${text}' is neither true nor false`);
}

function readEnd(query: URLSearchParams, nowMs: number): number {
  const endMs = wholeParameter(query, 'endTs') ?? nowMs;
  if (endMs < 0 || endMs > 8e15)
    throw new JaegerQuestionError('endTs', 'it is no time in milliseconds');
  return endMs;
}

function readTime(query: URLSearchParams, name: keyof typeof defaults): number {
  const value = wholeParameter(query, name) ?? defaults[name];
  if (value < 1 || value > LONGEST_MS)
    throw new JaegerQuestionError(name, `it must be from 1 to ${LONGEST_MS} milliseconds`);
  return value;
}
