import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { expect, onTestFinished, vi } from 'vitest';
import { type Answer, aContract, aPublication, ask } from './publishing.ts';
import type { TestHub } from './start-hub.ts';

export interface ReceivedCall {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A server that webhooks call: what it was sent, and how it answers each path. */
export interface WebhookTarget {
  readonly url: string;
  readonly calls: readonly ReceivedCall[];
}

/** Answers 200 unless `answers` has the path; goes away with the test. */
export async function startTarget(
  answers: Readonly<Record<string, (response: ServerResponse) => void>> = {},
): Promise<WebhookTarget> {
  const calls: ReceivedCall[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url = '', headers } = request;
    calls.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
    const answer = answers[url] ?? ((ok: ServerResponse) => void ok.end('{"ok":true}'));
    answer(response);
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls };
}

/** What a hub needs to be told to call such a target. */
export const targetAllowed = {
  PACT_BROKER_WEBHOOK_SCHEME_WHITELIST: 'http https',
  PACT_BROKER_WEBHOOK_HOST_WHITELIST: '127.0.0.1 localhost',
} as const;

/** A server that does with every connection what it is told; goes away with the test. Answers its port. */
export async function startRawTarget(onConnection: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    onConnection(socket);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** Anything that answers at a URL, in this process or in another. */
export type Reachable = Pick<TestHub, 'url'>;

/** A webhook for everything that is published, unless `changes` say otherwise; `request` adds to method and URL. */
export async function addWebhook(
  hub: Reachable,
  request: Readonly<Record<string, unknown>> & { readonly url: string },
  changes: Readonly<Record<string, unknown>> = {},
): Promise<Answer> {
  const events = [{ name: 'contract_published' }];
  const json = { events, request: { method: 'POST', ...request }, ...changes };
  return ask(hub, 'POST /webhooks', { json });
}

/** Publishes a pact of `web` with `shop`; `changes` are those of `aPublication`. */
export function publishVersion(
  hub: Reachable,
  version: string,
  changes: Readonly<Record<string, unknown>> = {},
): Promise<Answer> {
  const contracts = [aContract()];
  const json = aPublication({ pacticipantVersionNumber: version, contracts, ...changes });
  return ask(hub, 'POST /contracts/publish', { json });
}

export interface Triggered {
  readonly status: string;
  readonly name: string;
  readonly eventName: string;
  readonly attemptsMade: number;
  readonly attemptsRemaining: number;
  readonly _links: { readonly 'pb:logs': { readonly href: string } };
}

/** What the publication of a version of `web` triggered. */
export async function triggeredBy(hub: Reachable, version: string): Promise<readonly Triggered[]> {
  const path = `/pacts/provider/shop/consumer/web/version/${version}/triggered-webhooks`;
  return (await ask(hub, `GET ${path}`)).body._embedded.triggeredWebhooks;
}

/** The first of them, once it has been tried, with its log. */
export async function firstAttempt(
  hub: Reachable,
  version: string,
): Promise<Triggered & { readonly log: string }> {
  const triggered = await vi.waitFor(
    async () => {
      const [first] = await triggeredBy(hub, version);
      expect(first?.attemptsMade).toBeGreaterThan(0);
      return first as Triggered;
    },
    { timeout: 10_000 },
  );
  const { pathname } = new URL(triggered._links['pb:logs'].href);
  return { ...triggered, log: await (await fetch(`${hub.url}${pathname}`)).text() };
}
