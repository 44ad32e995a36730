import type { Attributes } from '@concordat/domain';
import type { Origin } from '../decode/received-span.ts';
import { type ToldSpan, withWarning } from './told-span.ts';

const libraryKeys = [
  'telemetry.sdk.language',
  'telemetry.sdk.name',
  'telemetry.sdk.version',
  'telemetry.distro.name',
  'telemetry.distro.version',
] as const;

/** Decoding every span for what hardly one has would cost more than all else that is corrected. */
const mark = Buffer.from('telemetry.');

/** Some senders repeat on every span what tells of their SDK; it is told with the resource, unless that says otherwise. */
export function moveLibraryAttributes(spans: readonly ToldSpan[]): readonly ToldSpan[] {
  const shared = new Map<string, Attributes>();
  return spans.map((told) => (told.span.raw.includes(mark) ? withLibrary(told, shared) : told));
}

function withLibrary(told: ToldSpan, shared: Map<string, Attributes>): ToldSpan {
  const { origin, sentAttributes } = told.span;
  let result = told;
  const library: Record<string, string> = {};
  for (const key of libraryKeys) {
    const value = sentAttributes[key];
    if (typeof value !== 'string') continue;
    if (contradicts(origin, key, value))
      result = withWarning(result, `Span and resource do not agree on '${key}'.`);
    else library[key] = value;
  }
  if (Object.keys(library).length === 0) return result;
  const content = JSON.stringify(library);
  const known = shared.get(content) ?? library;
  shared.set(content, known);
  return { ...result, library: known };
}

function contradicts({ resource }: Origin, key: string, value: string): boolean {
  const own = resource.attributes[key];
  return own !== undefined && own !== value;
}
