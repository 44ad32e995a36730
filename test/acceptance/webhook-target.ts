import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

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
