import type { Request } from 'express';
import { HubError } from '../http/hub-error.ts';

const DEFAULT_SIZE = 100;
const MAXIMUM_SIZE = 1000;

/** A query parameter that may stand once; an empty one counts as absent. */
export function singleQuery(request: Request, name: string): string | undefined {
  const value: unknown = request.query[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value;
  throw new HubError('INVALID_PARAMETER', `${name} must be a single text.`);
}

/** `pageNumber` and `pageSize`, as the Pact Broker calls them. */
export function pageOf(request: Request): { readonly number: number; readonly size: number } {
  const size = countOf(request, 'pageSize', DEFAULT_SIZE);
  return { number: countOf(request, 'pageNumber', 1), size: Math.min(size, MAXIMUM_SIZE) };
}

function countOf(request: Request, name: string, fallback: number): number {
  const text = singleQuery(request, name);
  if (text === undefined) return fallback;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new HubError('INVALID_PARAMETER', `${name} is "${text}"; use a whole number from 1.`);
}
