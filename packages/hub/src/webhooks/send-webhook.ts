import { lookup } from 'node:dns/promises';
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { expandTemplate, type TemplateParameters, type WebhookCall } from '@concordat/domain';
import { hostOf, type WebhookPolicy } from './webhook-policy.ts';

/** More of an answer than this is not read: nobody looks at it. */
const MAX_ANSWER_BYTES = 64 * 1024;
const USER_AGENT = 'Pact Broker v2.120.0';

export type HeaderList = readonly (readonly [name: string, value: string])[];

/** What was sent, in the order of the wire, with secrets. */
export interface SentRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: HeaderList;
  /** Undefined when there was none; then `null` was sent, as the broker does. */
  readonly body: string | undefined;
}

export interface ReceivedAnswer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: HeaderList;
  readonly body: string;
}

/** One attempt: an answer, or why there is none. */
export type Sending = {
  readonly request: SentRequest;
} & ({ readonly answer: ReceivedAnswer } | { readonly error: string });

export interface SendingOptions {
  readonly policy: WebhookPolicy;
  readonly timeoutMs: number;
  /** Gives the attempt up early. */
  readonly signal?: AbortSignal;
}

/** Fills the templates in and sends the request once: no redirect is followed, and what takes too long is given up. */
export async function sendWebhook(
  call: WebhookCall,
  parameters: TemplateParameters,
  options: SendingOptions,
): Promise<Sending> {
  const request = expand(call, parameters);
  try {
    const [defect] = options.policy.urlDefects(request.url);
    if (defect !== undefined) throw new Error(`The URL ${request.url} cannot be called: ${defect}`);
    const url = new URL(request.url);
    const timeout = AbortSignal.timeout(options.timeoutMs);
    const signal = options.signal ? AbortSignal.any([timeout, options.signal]) : timeout;
    const address = await within(signal, addressOf(hostOf(url), options.policy));
    return { request, answer: await exchange(url, request, { address, signal }) };
  } catch (error) {
    return { request, error: messageOf(error, options.timeoutMs) };
  }
}

function expand(call: WebhookCall, parameters: TemplateParameters): SentRequest {
  const text = (template: string): string => expandTemplate(template, parameters);
  const url = expandTemplate(call.url, parameters, encodeURIComponent);
  const body = bodyText(call.body, parameters);
  const sent = Buffer.byteLength(body ?? 'null');
  const own = Object.entries(call.headers).map(
    ([name, value]) => [name, singleLine(text(value))] as const,
  );
  const hasType = own.some(([name]) => name === 'content-type');
  const headers = new Map<string, string>([
    ['accept', '*/*'],
    ['user-agent', USER_AGENT],
    ['host', URL.canParse(url) ? new URL(url).host : ''],
    ...own.filter(([name]) => !['host', 'content-length', 'transfer-encoding'].includes(name)),
    ...credentials(call, text),
    ['content-length', String(sent)],
  ]);
  if (!hasType) headers.set('content-type', 'application/x-www-form-urlencoded');
  return { method: call.method, url, headers: [...headers], body };
}

/** JSON bodies are filled in as JSON text: a quote in a value must not end its string. */
function bodyText(body: unknown, parameters: TemplateParameters): string | undefined {
  if (body === undefined) return undefined;
  if (typeof body === 'string') return expandTemplate(body, parameters);
  return expandTemplate(JSON.stringify(body), parameters, (value) =>
    JSON.stringify(value).slice(1, -1),
  );
}

function credentials(
  call: WebhookCall,
  text: (template: string) => string,
): readonly (readonly [string, string])[] {
  if (call.username === undefined) return [];
  const pair = `${text(call.username)}:${text(call.password ?? '')}`;
  return [['authorization', `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`]];
}

/** A value with a line break would be a header of its own; one outside Latin-1 cannot be sent. */
function singleLine(value: string): string {
  return value.replace(/[\r\n\0]+/g, ' ').replace(/[^\t\x20-\x7e\x80-\xff]/g, '?');
}

/** The one address that is checked is the one that is called: a name cannot change its mind in between. */
async function addressOf(
  host: string,
  policy: WebhookPolicy,
): Promise<{ readonly address: string; readonly family: number }> {
  const found =
    isIP(host) > 0
      ? [{ address: host, family: isIP(host) }]
      : await lookup(host, { all: true, verbatim: false });
  const allowed = found.find(({ address }) => policy.hosts.allowsAddress(host, address));
  if (allowed !== undefined) return allowed;
  throw new Error(
    `${host} is at ${found.map(({ address }) => address).join(', ')}: a private address that no whitelist allows.`,
  );
}

function exchange(
  url: URL,
  sent: SentRequest,
  options: {
    readonly address: { readonly address: string; readonly family: number };
    readonly signal: AbortSignal;
  },
): Promise<ReceivedAnswer> {
  const { address, family } = options.address;
  const start = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const client: ClientRequest = start(
      url,
      {
        method: sent.method,
        headers: Object.fromEntries(sent.headers),
        agent: false,
        signal: options.signal,
        lookup: (_host, wanted, found) =>
          wanted.all === true ? found(null, [{ address, family }]) : found(null, address, family),
      },
      (response) => {
        readAnswer(response, () => client.destroy()).then(resolve, reject);
      },
    );
    client.on('error', reject);
    client.end(sent.body ?? 'null');
  });
}

async function readAnswer(response: IncomingMessage, stop: () => void): Promise<ReceivedAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) break;
  }
  stop();
  return {
    status: response.statusCode ?? 0,
    statusText: response.statusMessage ?? '',
    headers: Object.entries(response.headersDistinct).map(([name, values = []]) => [
      name,
      values.join(', '),
    ]),
    body: Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES).toString('utf8'),
  };
}

function within<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return Promise.race([
    work,
    new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    }),
  ]);
}

function messageOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'AbortError' || error.name === 'TimeoutError') {
    return `No answer within ${timeoutMs / 1000} seconds.`;
  }
  return error.message;
}
