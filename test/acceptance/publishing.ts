import type { TestHub } from './start-hub.ts';

/** One interaction with defaults; `changes` replace members. */
export function anInteraction(changes: Readonly<Record<string, unknown>> = {}): object {
  return {
    description: 'get a thing',
    request: { method: 'GET', path: '/things/1' },
    response: { status: 200, body: { id: 1 } },
    ...changes,
  };
}

/** A pact between `web` and `shop` with one interaction, unless `changes` say otherwise. */
export function aPact(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    consumer: { name: 'web' },
    provider: { name: 'shop' },
    interactions: [anInteraction()],
    metadata: { pactSpecification: { version: '3.0.0' } },
    ...changes,
  };
}

/** The body of `POST /contracts/publish` for one contract of `web` with `shop`. */
export function aPublication(
  changes: Readonly<Record<string, unknown>> = {},
  content: string = JSON.stringify(aPact()),
): Record<string, unknown> {
  return {
    pacticipantName: 'web',
    pacticipantVersionNumber: '1',
    branch: 'main',
    contracts: [aContract({}, content)],
    ...changes,
  };
}

export function aContract(
  changes: Readonly<Record<string, unknown>> = {},
  content: string = JSON.stringify(aPact()),
): Record<string, unknown> {
  return {
    consumerName: 'web',
    providerName: 'shop',
    specification: 'pact',
    contentType: 'application/json',
    content: Buffer.from(content).toString('base64'),
    ...changes,
  };
}

/** An answer read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
  readonly body: any;
}

/** Sends a request as the clients do; an object becomes a JSON body. */
export async function ask(
  hub: Pick<TestHub, 'url'>,
  target: string,
  options: {
    readonly json?: unknown;
    readonly raw?: string | Uint8Array<ArrayBuffer>;
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
): Promise<Answer> {
  const [method = 'GET', path = '/'] = target.split(' ');
  const body = options.json === undefined ? options.raw : JSON.stringify(options.json);
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  const headers = { accept: 'application/hal+json', ...type, ...options.headers };
  const response = await fetch(`${hub.url}${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  const isJson = /^[[{]/.test(text);
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson ? JSON.parse(text) : undefined,
  };
}
