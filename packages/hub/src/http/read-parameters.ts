import type { Request } from 'express';
import { HubError } from './hub-error.ts';

const DEFAULT_SIZE = 100;
const MAXIMUM_SIZE = 1000;

export interface PageRequest {
  /** From 1. */
  readonly number: number;
  readonly size: number;
}

/** Refuses parameters that a route does not know: a misspelled filter would answer for everything. */
export function knownParameters(request: Request, known: readonly string[]): void {
  const unknown = Object.keys(request.query).filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new HubError(
      'INVALID_PARAMETER',
      `Unknown parameter ${unknown.map((name) => `"${name}"`).join(', ')}; this resource takes ${known.join(', ') || 'none'}.`,
    );
  }
}

/** A parameter that may stand once; empty counts as absent. */
export function textParameter(request: Request, name: string): string | undefined {
  const value: unknown = request.query[name];
  if (value === undefined || value === null || value === '') {
    return undefined;
  }
  if (typeof value === 'string') {
    return value;
  }
  throw new HubError('INVALID_PARAMETER', `${name} must stand once and be a text.`);
}

/** ISO 8601 or milliseconds since the epoch. */
export function timeParameter(request: Request, name: string): Date | undefined {
  const text = textParameter(request, name);
  if (text === undefined) {
    return undefined;
  }
  const time = new Date(/^\d+$/.test(text) ? Number(text) : text);
  if (Number.isNaN(time.getTime()) || !/^\d/.test(text)) {
    throw new HubError(
      'INVALID_PARAMETER',
      `${name} is "${text}"; use ISO 8601 (2026-01-31T12:00:00Z) or milliseconds since the epoch.`,
    );
  }
  return time;
}

/** One of the allowed words; undefined when not given. */
export function oneOfParameter<T extends string>(
  request: Request,
  name: string,
  allowed: readonly T[],
): T | undefined {
  const text = textParameter(request, name);
  const found = allowed.find((candidate) => candidate === text);
  if (text !== undefined && found === undefined) {
    throw new HubError(
      'INVALID_PARAMETER',
      `${name} is "${text}"; use one of ${allowed.join(', ')}.`,
    );
  }
  return found;
}

export function pageParameters(request: Request): PageRequest {
  return {
    number: countParameter(request, 'page', { otherwise: 1, most: 1_000_000 }),
    size: countParameter(request, 'size', { otherwise: DEFAULT_SIZE, most: MAXIMUM_SIZE }),
  };
}

function countParameter(
  request: Request,
  name: string,
  range: { readonly otherwise: number; readonly most: number },
): number {
  const text = textParameter(request, name);
  if (text === undefined) {
    return range.otherwise;
  }
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || count > range.most) {
    throw new HubError(
      'INVALID_PARAMETER',
      `${name} is "${text}"; use a whole number from 1 to ${range.most}.`,
    );
  }
  return count;
}
