import type { Request, Response } from 'express';

export interface Link {
  readonly href: string;
  readonly title?: string;
  readonly name?: string;
  readonly templated?: boolean;
  readonly currently_deployed?: boolean;
  readonly currently_supported?: boolean;
  readonly application_instance?: string;
}

export type Links = Readonly<Record<string, Link | readonly Link[]>>;

/** The URL every link of this answer starts with, without a slash at its end. */
export function baseUrlOf(response: Response): string {
  return String(response.locals.baseUrl);
}

/**
 * The configured base URL that equals the request's own (with X-Forwarded-*, else without), else one on the same host, else
 * the first configured; the request's own when none is configured.
 */
export function chooseBaseUrl(request: Request, configured: readonly string[]): string {
  if (configured.length === 1 && configured[0] !== undefined) return configured[0];
  const forwarded = requestBaseUrl(request, true);
  if (configured.length === 0) return forwarded;
  const own = [forwarded, requestBaseUrl(request, false)];
  // A proxy that says no prefix still says the host.
  const fits = own.find((url) => configured.includes(url)) ?? sameHost(own, configured);
  return fits ?? configured[0] ?? forwarded;
}

function sameHost(own: readonly string[], configured: readonly string[]): string | undefined {
  const hosts = own.map((url) => hostOf(url));
  return configured.find((url) => hosts.includes(hostOf(url)));
}

/** Scheme and host, as text: what a client sends need be no URL. */
function hostOf(url: string): string {
  return url.split('/', 3).join('/');
}

/** Joins percent-encoded segments to a path below the base URL: `pathTo('pacticipants', 'a/b')` is `/pacticipants/a%2Fb`. */
export function pathTo(...segments: readonly string[]): string {
  return segments.map((segment) => `/${encodeSegment(segment)}`).join('');
}

/** Percent-encodes all but `A–Z a–z 0–9 - _ . ~`, as the broker writes its links. */
function encodeSegment(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The `curies` entry that tells where the relations of this kind of resource are described. */
export function curies(baseUrl: string, context: string): readonly Link[] {
  return [{ name: 'pb', href: `${baseUrl}/doc/{rel}?context=${context}`, templated: true }];
}

/** `2021-09-01T00:07:21+00:00` from stored UTC text. */
export function halTimestamp(stored: string): string {
  return `${stored.slice(0, 19)}+00:00`;
}

/** `createdAt`, and `updatedAt` only when it differs. */
export function halTimestamps(row: { readonly created_at: string; readonly updated_at?: string }): {
  createdAt: string;
  updatedAt?: string;
} {
  const createdAt = halTimestamp(row.created_at);
  if (row.updated_at === undefined || row.updated_at === row.created_at) return { createdAt };
  return { createdAt, updatedAt: halTimestamp(row.updated_at) };
}

function requestBaseUrl(request: Request, trustForwarded: boolean): string {
  const forwarded = (name: string): string | undefined =>
    trustForwarded ? request.get(name)?.split(',')[0]?.trim() || undefined : undefined;
  const scheme = forwarded('x-forwarded-proto') ?? 'http';
  const host = forwarded('x-forwarded-host') ?? request.get('host') ?? 'localhost';
  const port = forwarded('x-forwarded-port');
  const isDefault = port === (scheme === 'https' ? '443' : '80');
  const prefix = pathPrefix(forwarded('x-forwarded-prefix'));
  if (port === undefined) return `${scheme}://${host}${prefix}`;
  const bare = host.replace(/:\d+$/, '');
  return `${scheme}://${bare}${isDefault ? '' : `:${port}`}${prefix}`;
}

const PREFIX = /^(?:\/[\w.~%@:-]+)+$/;

/** The path below which a proxy shows the hub, which it takes away before it asks; anything that is no path counts as none. */
function pathPrefix(sent = ''): string {
  const prefix = sent.replace(/\/+$/, '');
  return PREFIX.test(prefix) ? prefix : '';
}
