import type { Response } from 'express';
import { sendJson } from '../../http/send.ts';
import { indentJson } from './indent-json.ts';
import { jaegerTracePieces } from './jaeger-json.ts';
import type { Question } from './question.ts';
import { sendPieces } from './send-pieces.ts';
import type { ToldTrace } from './told-span.ts';

/** Of one id, or of the whole question. */
export interface AnswerError {
  readonly code: number;
  readonly msg: string;
  readonly traceID?: string;
}

/** `errors` is null and not an empty list: Grafana takes any list for a failure. */
export function sendData(question: Question, data: readonly unknown[], total = 0): Promise<void> {
  return sendText(question, [JSON.stringify({ data, total, limit: 0, offset: 0, errors: null })]);
}

export function sendTraces(
  question: Question,
  traces: Iterable<ToldTrace>,
  errors: readonly AnswerError[] = [],
): Promise<void> {
  return sendText(question, envelopePieces(traces, errors));
}

/** A body that stands outside the envelope. */
export function sendBare(question: Question, body: object): Promise<void> {
  return sendText(question, [JSON.stringify(body)]);
}

export function sendErrorV1(response: Response, status: number, message: string): void {
  const errors: readonly AnswerError[] = [{ code: status, msg: message }];
  sendJson(response, { data: null, total: 0, limit: 0, offset: 0, errors }, status);
}

function* envelopePieces(
  traces: Iterable<ToldTrace>,
  errors: readonly AnswerError[],
): Generator<string> {
  yield '{"data":[';
  let separator = '';
  for (const trace of traces) {
    yield separator;
    yield* jaegerTracePieces(trace);
    separator = ',';
  }
  const told = errors.length === 0 ? null : errors;
  yield `],"total":0,"limit":0,"offset":0,"errors":${JSON.stringify(told)}}`;
}

function sendText({ query, response }: Question, pieces: Iterable<string>): Promise<void> {
  const pretty = query.get('prettyPrint') ?? '';
  const isPretty = pretty !== '' && pretty !== 'false';
  return sendPieces(response, isPretty ? indentJson(pieces) : pieces);
}
