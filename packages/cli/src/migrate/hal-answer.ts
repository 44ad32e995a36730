import { CliError } from '../terminal/cli-error.ts';

/** A JSON object as a broker answers it; members are looked at one by one, because brokers of many versions are about. */
export type HalObject = Readonly<Record<string, unknown>>;

/** The answer as an object; anything else means that no broker lives there. */
export function halObject(text: string, path: string): HalObject {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as HalObject;
  } catch {
    // Told below, in the same words as for JSON that is no object.
  }
  throw new CliError(`The answer to ${path} is no JSON object; is this a Pact Broker?`);
}

export function textOf(object: HalObject, member: string): string | undefined {
  const value = object[member];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A text that no broker leaves out. */
export function needed(object: HalObject, member: string, what: string): string {
  const value = textOf(object, member);
  if (value !== undefined) return value;
  throw new CliError(`The broker's ${what} has no ${member}; its version may not be known here.`);
}

export function objectOf(object: HalObject, member: string): HalObject {
  const value = object[member];
  return typeof value === 'object' && value !== null ? (value as HalObject) : {};
}

export function listOf(object: HalObject, member: string): readonly HalObject[] {
  const value = object[member];
  return Array.isArray(value)
    ? value.filter((item) => typeof item === 'object' && item !== null)
    : [];
}

/** Items of `_embedded`. */
export function embedded(object: HalObject, member: string): readonly HalObject[] {
  return listOf(objectOf(object, '_embedded'), member);
}

/** Targets of a link, one or a list; only their path behind the base URL matters. */
export function hrefs(object: HalObject, rel: string): readonly string[] {
  const links = objectOf(object, '_links');
  const value = links[rel];
  const list = Array.isArray(value) ? value : [value];
  return list.flatMap((link: unknown) => {
    const href = typeof link === 'object' && link !== null ? (link as HalObject).href : undefined;
    return typeof href === 'string' ? href : [];
  });
}

/** The decoded last segment of a link. */
export function lastSegment(href: string): string {
  const path = href.split(/[?#]/, 1)[0] ?? '';
  return decodeURIComponent(path.slice(path.lastIndexOf('/') + 1));
}

/** A path of encoded segments. */
export function pathOf(...segments: readonly string[]): string {
  return segments.map((segment) => `/${encodeURIComponent(segment)}`).join('');
}

/** A broker's time, as the hub keeps times. */
export function timeOf(object: HalObject, member: string): string | undefined {
  const text = textOf(object, member);
  if (text === undefined || Number.isNaN(Date.parse(text))) return undefined;
  return new Date(text).toISOString();
}

/** When something came and was changed last; brokers leave the second out when it is the first. */
export function datesOf(object: HalObject): { createdAt: string; updatedAt: string } {
  const createdAt = timeOf(object, 'createdAt') ?? new Date(0).toISOString();
  return { createdAt, updatedAt: timeOf(object, 'updatedAt') ?? createdAt };
}

/** Oldest first. */
export function byTime(left: { createdAt: string }, right: { createdAt: string }): number {
  return left.createdAt < right.createdAt ? -1 : Number(left.createdAt > right.createdAt);
}
