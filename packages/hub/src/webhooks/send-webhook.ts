import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { rootCertificates } from 'node:tls';
import type { TemplateParameters, WebhookCall } from '@concordat/domain';
import { expandWebhook, type HeaderList, type SentRequest } from './expand-webhook.ts';
import type { WebhookConfig } from './webhook-config.ts';
import { hostOf, type WebhookPolicy } from './webhook-policy.ts';

/** More of an answer than this is not read: nobody looks at it. */
const MAX_ANSWER_BYTES = 64 * 1024;

export interface ReceivedAnswer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: HeaderList;
  /** No more than its beginning when `isCut`. */
  readonly body: string;
  readonly isCut: boolean;
}

/** Why there is no answer. What `failed` says comes from the network and may tell of its insides. */
export interface SendingError {
  readonly kind: 'refused' | 'timeout' | 'failed';
  readonly message: string;
}

/** One attempt. */
export type Sending = {
  readonly request: SentRequest;
} & ({ readonly answer: ReceivedAnswer } | { readonly error: SendingError });

interface Address {
  readonly address: string;
  readonly family: number;
}

/** Looks a host name up; rejects when it has no address. */
export type Resolve = (host: string) => Promise<readonly Address[]>;

export interface SendingOptions {
  readonly policy: WebhookPolicy;
  readonly resolve: Resolve;
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
  const { policy } = options;
  const request = expandWebhook(call, parameters, policy.config.userAgent);
  const [defect] = policy.urlDefects(request.url);
  if (defect !== undefined) {
    return { request, error: { kind: 'refused', message: `The URL cannot be called: ${defect}` } };
  }
  const timeout = AbortSignal.timeout(options.timeoutMs);
  const signal = options.signal ? AbortSignal.any([timeout, options.signal]) : timeout;
  try {
    const url = new URL(request.url);
    const address = await within(signal, addressOf(hostOf(url), options));
    const trust = trustOf(policy.config);
    const answer = await within(signal, exchange(url, request, { ...trust, address, signal }));
    return { request, answer };
  } catch (error) {
    return { request, error: errorOf(error, options.timeoutMs) };
  }
}

/** The one address that is checked is the one that is called: a name cannot change its mind in between. */
async function addressOf(host: string, { policy, resolve }: SendingOptions): Promise<Address> {
  const found = isIP(host) > 0 ? [{ address: host, family: isIP(host) }] : await resolve(host);
  const allowed = found.find(({ address }) => policy.hosts.allowsAddress(host, address));
  if (allowed !== undefined) return allowed;
  throw new AddressRefused(`${host} is at a private address, and no whitelist allows it.`);
}

class AddressRefused extends Error {}

interface Trust {
  readonly ca?: string[];
  readonly rejectUnauthorized: boolean;
}

function trustOf({ certificates, verifiesCertificates }: WebhookConfig): Trust {
  return {
    rejectUnauthorized: verifiesCertificates,
    ...(certificates.length === 0 ? {} : { ca: [...rootCertificates, ...certificates] }),
  };
}

function exchange(
  url: URL,
  sent: SentRequest,
  options: Trust & { readonly address: Address; readonly signal: AbortSignal },
): Promise<ReceivedAnswer> {
  const { address, signal, ...trust } = options;
  const start = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const client: ClientRequest = start(
      url,
      {
        ...trust,
        method: sent.method,
        headers: Object.fromEntries(sent.headers),
        agent: false,
        signal,
        lookup: (_host, wanted, found) =>
          wanted.all === true
            ? found(null, [address])
            : found(null, address.address, address.family),
      },
      (response) => {
        client.off('close', closed);
        readAnswer(response, () => client.destroy()).then(resolve, reject);
      },
    );
    const closed = (): void => reject(new Error('The connection was closed without an answer.'));
    client.on('error', reject).on('close', closed);
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
    isCut: size > MAX_ANSWER_BYTES,
  };
}

function within<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(signal.reason);
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}

function errorOf(error: unknown, timeoutMs: number): SendingError {
  const { name, message, code } = error as NodeJS.ErrnoException;
  if (error instanceof AddressRefused) return { kind: 'refused', message };
  if (name === 'AbortError' || name === 'TimeoutError') {
    return { kind: 'timeout', message: `No answer within ${timeoutMs / 1000} seconds.` };
  }
  if (code === 'ECONNRESET' && message === 'aborted') {
    return { kind: 'failed', message: 'The connection was closed before the answer was complete.' };
  }
  return { kind: 'failed', message };
}
