import type { SampleBody, SampleHeaders } from '@concordat/conformance';
import type { CapturedBody } from './captured-body.ts';
import { undoCoding } from './undo-coding.ts';

/** The first value of a header; names are lower case. */
export function headerOf(headers: SampleHeaders | undefined, name: string): string | undefined {
  const value = headers?.[name];
  return typeof value === 'string' || value === undefined ? value : value[0];
}

/** As samples want it: coding undone, undefined when it is not known whole. */
export function sampleBody(
  captured: CapturedBody | undefined,
  headers: SampleHeaders | undefined,
  limit: number,
): SampleBody | undefined {
  const raw = captured?.content;
  if (raw === undefined) return undefined;
  const content = undoCoding(raw, headerOf(headers, 'content-encoding'), limit);
  return content && { contentType: headerOf(headers, 'content-type'), content };
}

/** Headers as any client gives them (pairs, a flat list of texts or bytes, an object), with lower-case names. */
export function readHeaders(given: unknown): SampleHeaders | undefined {
  if (given === undefined || given === null) return {};
  if (typeof given !== 'object') return undefined;
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of pairsOf(given)) {
    for (const one of Array.isArray(value) ? value : [value]) addTo(headers, name, one);
  }
  return headers;
}

function pairsOf(given: object): Iterable<readonly [unknown, unknown]> {
  if (Array.isArray(given)) return Array.isArray(given[0]) ? given : flatPairs(given);
  return Symbol.iterator in given
    ? (given as Iterable<readonly [unknown, unknown]>)
    : Object.entries(given);
}

function* flatPairs(list: readonly unknown[]): Iterable<readonly [unknown, unknown]> {
  for (let index = 0; index + 1 < list.length; index += 2) yield [list[index], list[index + 1]];
}

function addTo(headers: Record<string, string | string[]>, name: unknown, value: unknown): void {
  if (value === undefined) return;
  const key = String(name).toLowerCase();
  const text = value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value);
  const before = headers[key];
  if (before === undefined) headers[key] = text;
  else headers[key] = Array.isArray(before) ? [...before, text] : [before, text];
}
