import type { Response } from 'express';
import { sendJson } from './send.ts';

/** A question to Jaeger's API that cannot be understood; the message is for the person who wrote it. */
export class JaegerQuestionError extends Error {
  constructor(parameter: string, reason: string) {
    super(`unable to parse param '${parameter}': ${reason}`);
    this.name = 'JaegerQuestionError';
  }
}

/** Jaeger's envelope of version 1; `errors` is null and not an empty list: Grafana takes any list for a failure. */
export function sendJaegerData(response: Response, data: unknown): void {
  sendJson(response, { data, total: 0, limit: 0, offset: 0, errors: null });
}

export function sendJaegerError(response: Response, status: number, message: string): void {
  const errors = [{ code: status, msg: message }];
  sendJson(response, { data: null, total: 0, limit: 0, offset: 0, errors }, status);
}

/** A whole number, as Go reads it; undefined when it is not given. */
export function wholeParameter(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  const value = Number(text);
  if (!/^[+-]?\d+$/.test(text) || !Number.isSafeInteger(value))
    throw new JaegerQuestionError(name, `'${text}' is not a whole number`);
  return value;
}
