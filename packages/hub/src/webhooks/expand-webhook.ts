import { createHmac } from 'node:crypto';
import {
  expandTemplate,
  type JsonValue,
  secretsOf,
  type TemplateParameters,
  type WebhookCall,
  writeJson,
} from '@concordat/domain';

export type HeaderList = readonly (readonly [name: string, value: string])[];

/** What is sent, in the order of the wire, with secrets. */
export interface SentRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: HeaderList;
  /** Undefined when there is none; then `null` is sent, as the broker does. */
  readonly body: string | undefined;
  /** What must not be read in any log. */
  readonly secrets: readonly string[];
}

/** Set by the hub itself, or about the connection and not about the request. */
const OWN_HEADERS = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'upgrade',
  'expect',
]);

/** Fills the templates in. */
export function expandWebhook(
  call: WebhookCall,
  parameters: TemplateParameters,
  userAgent: string,
): SentRequest {
  const text = (template: string): string => expandTemplate(template, parameters);
  const url = expandTemplate(call.url, parameters, encodeURIComponent);
  const body = bodyText(call.body, parameters);
  const sent = body ?? 'null';
  const own = Object.entries(call.headers)
    .filter(([name]) => !OWN_HEADERS.has(name))
    .map(([name, value]) => [name, singleLine(text(value))] as const);
  const headers = new Map<string, string>([
    ['accept', '*/*'],
    ['user-agent', singleLine(userAgent)],
    ['host', URL.canParse(url) ? new URL(url).host : ''],
    ...own,
    ...credentials(call, text),
    ...signature(call, sent),
    ['content-length', String(Buffer.byteLength(sent))],
  ]);
  if (!headers.has('content-type')) {
    headers.set('content-type', 'application/x-www-form-urlencoded');
  }
  const passwords = [
    call.password === undefined ? undefined : text(call.password),
    URL.canParse(url) ? new URL(url).password : undefined,
  ];
  const secrets = secretsOf(Object.fromEntries(headers), passwords);
  return { method: call.method, url, headers: [...headers], body, secrets };
}

/** JSON bodies are filled in as JSON text: a quote in a value must not end its string. */
function bodyText(body: JsonValue | undefined, parameters: TemplateParameters): string | undefined {
  if (body === undefined) return undefined;
  if (typeof body === 'string') return expandTemplate(body, parameters);
  return expandTemplate(writeJson(body), parameters, (value) => JSON.stringify(value).slice(1, -1));
}

function credentials(call: WebhookCall, text: (template: string) => string): HeaderList {
  if (call.username === undefined) return [];
  const pair = `${text(call.username)}:${text(call.password ?? '')}`;
  return [['authorization', `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`]];
}

/** Over the bytes of the body, so that the target can check it before it reads them. */
function signature({ signingSecret }: WebhookCall, sent: string): HeaderList {
  if (signingSecret === undefined) return [];
  const digest = createHmac('sha256', signingSecret).update(sent).digest('hex');
  return [['x-concordat-signature', `sha256=${digest}`]];
}

/** A value with a line break would be a header of its own; one outside Latin-1 cannot be sent. */
function singleLine(value: string): string {
  return value.replace(/[\r\n\0]+/g, ' ').replace(/[^\t\x20-\x7e\x80-\xff]/g, '?');
}
