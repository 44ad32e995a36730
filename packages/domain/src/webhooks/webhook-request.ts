import type { JsonValue } from '../json/json-value.ts';
import { defaultWebhookEvents, type WebhookEvent, webhookEvents } from './webhook-event.ts';
import type { WebhookHeaders } from './webhook-secrets.ts';

/** Whose pacts a webhook is about: one pacticipant, all with a label, or all. */
export type WebhookSelector =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'label'; readonly label: string }
  | { readonly kind: 'all' };

/** What a webhook sends. Headers by lower-case name; `body` is as it was written, undefined for none. */
export interface WebhookCall {
  readonly method: string;
  readonly url: string;
  readonly headers: WebhookHeaders;
  readonly body: JsonValue | undefined;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Signs what is sent; undefined for no signature. */
  readonly signingSecret: string | undefined;
}

/** Consumer versions a webhook is about, by patterns in which `*` stands for anything; empty lists for all. */
export interface WebhookVersions {
  readonly branches: readonly string[];
  readonly tags: readonly string[];
}

/** What a client says of a webhook: JSON as usual, but for the body it sends, which keeps its numbers as they are written. */
export interface DescribedWebhook {
  readonly fields: JsonRecord;
  readonly body: JsonValue | undefined;
}

/** A webhook as a client describes it. */
export interface WebhookRequest {
  readonly description: string | undefined;
  readonly consumer: WebhookSelector;
  readonly provider: WebhookSelector;
  readonly consumerVersions: WebhookVersions;
  readonly enabled: boolean;
  readonly events: readonly WebhookEvent[];
  readonly call: WebhookCall;
}

/** What the rules of this hub say, asked while reading. */
export interface WebhookRules {
  readonly isPacticipant: (name: string) => boolean;
  /** Messages about a method or a URL; none when it may be used. */
  readonly methodDefects: (method: string) => readonly string[];
  readonly urlDefects: (url: string) => readonly string[];
}

/** Messages by field, in the broker's words. */
export type WebhookDefects = Readonly<Record<string, readonly string[]>>;

export type WebhookReading =
  | { readonly ok: true; readonly webhook: WebhookRequest }
  | { readonly ok: false; readonly defects: WebhookDefects };

type JsonRecord = Readonly<Record<string, unknown>>;

/** Reads the body of a create, replace or trial; all defects at once. */
export function readWebhookRequest(
  { fields, body }: DescribedWebhook,
  rules: WebhookRules,
): WebhookReading {
  const { description, consumer, provider, enabled, events, request } = fields;
  const { consumerVersionBranches: branches, consumerVersionTags: tags } = fields;
  const defects = Object.entries({
    description: textDefects(description),
    ...selectorDefects('consumer', consumer, rules),
    ...selectorDefects('provider', provider, rules),
    consumerVersionBranches: patternDefects(branches),
    consumerVersionTags: patternDefects(tags),
    enabled: isAbsent(enabled) || typeof enabled === 'boolean' ? [] : ['must be boolean'],
    events: eventDefects(events),
    ...callDefects(request, rules),
  }).filter(([, messages]) => messages.length > 0);
  if (defects.length > 0 || !isRecord(request)) {
    return { ok: false, defects: Object.fromEntries(defects) };
  }
  return {
    ok: true,
    webhook: {
      description: filledText(description),
      consumer: selectorOf(consumer),
      provider: selectorOf(provider),
      consumerVersions: { branches: patternsOf(branches), tags: patternsOf(tags) },
      enabled: enabled !== false,
      events: Array.isArray(events) ? [...new Set(events.map(nameOf))] : defaultWebhookEvents,
      call: { ...callOf(request), body: body ?? undefined },
    },
  };
}

function textDefects(value: unknown): readonly string[] {
  return isAbsent(value) || typeof value === 'string' ? [] : ['must be a string'];
}

function selectorDefects(side: string, value: unknown, rules: WebhookRules): WebhookDefects {
  if (isAbsent(value)) return {};
  if (!isRecord(value)) return { [side]: ['must be a hash'] };
  const { name, label } = value;
  if (isAbsent(name) && isAbsent(label)) return { [`${side}.name`]: ['cannot be blank'] };
  if (!isAbsent(name) && !isAbsent(label)) {
    return { [`${side}.label`]: ['name and label cannot be provided at the same time'] };
  }
  if (isAbsent(name)) return { [`${side}.label`]: filledDefects(label) };
  const defects = filledDefects(name);
  if (defects.length > 0 || rules.isPacticipant(String(name))) return { [`${side}.name`]: defects };
  return { [`${side}.name`]: ['does not match an existing pacticipant'] };
}

function filledDefects(value: unknown): readonly string[] {
  if (typeof value !== 'string') return ['must be a string'];
  return value.trim() === '' ? ['cannot be blank'] : [];
}

function patternDefects(value: unknown): readonly string[] {
  if (isAbsent(value)) return [];
  if (!Array.isArray(value)) return ['must be an array'];
  return value.flatMap((pattern: unknown, index) =>
    filledDefects(pattern).map((message) => `${message} (at index ${index})`),
  );
}

function eventDefects(events: unknown): readonly string[] {
  if (isAbsent(events)) return [];
  if (!Array.isArray(events)) return ['must be an array'];
  if (events.length === 0) return ['size cannot be less than 1'];
  return events.flatMap((event: unknown, index) =>
    eventMessages(event).map((message) => `${message} (at index ${index})`),
  );
}

function eventMessages(event: unknown): readonly string[] {
  if (!isRecord(event)) return ['must be a hash'];
  if (event.name === undefined) return ['name is missing'];
  if (webhookEvents.some((known) => known === event.name)) return [];
  return [`name must be one of: ${webhookEvents.join(', ')}`];
}

function callDefects(request: unknown, rules: WebhookRules): WebhookDefects {
  if (request === undefined) return { request: ['is missing'] };
  if (isAbsent(request)) return { request: ['must be filled'] };
  if (!isRecord(request)) return { request: ['must be a hash'] };
  const { method, url, headers, username, password, signingSecret } = request;
  return {
    'request.method': requiredDefects(method, rules.methodDefects),
    'request.url': requiredDefects(url, rules.urlDefects),
    'request.headers': headerDefects(headers),
    'request.username': textDefects(username),
    'request.password': textDefects(password),
    'request.signingSecret': textDefects(signingSecret),
  };
}

function requiredDefects(
  value: unknown,
  further: (value: string) => readonly string[],
): readonly string[] {
  if (value === undefined) return ['is missing'];
  if (value === null || value === '') return ['must be filled'];
  return typeof value === 'string' ? further(value) : ['must be a string'];
}

/** A header that could end its line would let a webhook write further headers. */
function headerDefects(headers: unknown): readonly string[] {
  if (isAbsent(headers)) return [];
  if (!isRecord(headers)) return ['must be a hash'];
  return Object.entries(headers).flatMap(([name, value]) => {
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) return [`'${name}' is not a header name`];
    if (typeof value !== 'string') return [`${name} must be a string`];
    return /[\r\n\0]/.test(value) ? [`${name} cannot contain multiple lines`] : [];
  });
}

function selectorOf(value: unknown): WebhookSelector {
  if (!isRecord(value)) return { kind: 'all' };
  const { name, label } = value;
  return typeof name === 'string'
    ? { kind: 'name', name }
    : { kind: 'label', label: String(label) };
}

function callOf(request: JsonRecord): Omit<WebhookCall, 'body'> {
  const { method, url, headers, username, password, signingSecret } = request;
  return {
    method: String(method).toUpperCase(),
    url: String(url),
    headers: isRecord(headers) ? lowerCased(headers) : {},
    username: filledText(username),
    password: filledText(password),
    signingSecret: filledText(signingSecret),
  };
}

/** Checked before: texts, or nothing. */
function patternsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? [...new Set(value.map(String))] : [];
}

function lowerCased(headers: JsonRecord): WebhookHeaders {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
}

function filledText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Checked before: each entry is a known event. */
function nameOf(event: { readonly name: WebhookEvent }): WebhookEvent {
  return event.name;
}

function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
