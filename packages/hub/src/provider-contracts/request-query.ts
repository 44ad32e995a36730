import type { Request } from 'express';
import { HubError } from '../http/hub-error.ts';
import { textParameter } from '../http/read-parameters.ts';

const DEFAULT_SIZE = 100;
const MAXIMUM_SIZE = 1000;

/** `pageNumber` and `pageSize`, as the Pact Broker calls them. */
export function pageOf(request: Request): { readonly number: number; readonly size: number } {
  const size = countOf(request, 'pageSize', DEFAULT_SIZE);
  return { number: countOf(request, 'pageNumber', 1), size: Math.min(size, MAXIMUM_SIZE) };
}

function countOf(request: Request, name: string, fallback: number): number {
  const text = textParameter(request, name);
  if (text === undefined) return fallback;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new HubError('INVALID_PARAMETER', `${name} is "${text}"; use a whole number from 1.`);
}
