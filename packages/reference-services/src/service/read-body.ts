import type { Request } from 'express';
import { Problem } from './problem.ts';

export type JsonBody = Readonly<Record<string, unknown>>;

export interface OrderLine {
  readonly sku: string;
  readonly quantity: number;
}

/** The request's JSON object; anything else is a 400. */
export function bodyOf(request: Request): JsonBody {
  const body: unknown = request.body;
  if (isObject(body)) return body;
  throw invalid('the body must be a JSON object');
}

export function textOf(body: JsonBody, name: string): string {
  const value = body[name];
  if (typeof value === 'string' && value !== '') return value;
  throw invalid(`'${name}' must be a text that is not empty`);
}

/** A whole number above 0. */
export function countOf(body: JsonBody, name: string): number {
  const value = body[name];
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
  throw invalid(`'${name}' must be a whole number above 0`);
}

export function objectOf(body: JsonBody, name: string): JsonBody {
  const value = body[name];
  if (isObject(value)) return value;
  throw invalid(`'${name}' must be an object`);
}

/** `lines`: at least one sku with its quantity. */
export function linesOf(body: JsonBody): readonly OrderLine[] {
  const { lines } = body;
  if (!Array.isArray(lines) || lines.length === 0)
    throw invalid(`'lines' must list at least one line`);
  return lines.map((line: unknown) => {
    if (!isObject(line)) throw invalid(`every entry of 'lines' must be an object`);
    return { sku: textOf(line, 'sku'), quantity: countOf(line, 'quantity') };
  });
}

function isObject(value: unknown): value is JsonBody {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(detail: string): Problem {
  return new Problem(400, 'INVALID_REQUEST', { detail });
}
