import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aPact, aPublication, ask } from './publishing.ts';
import { startTestHub, type TestHub, withEnvironments } from './start-hub.ts';

const PREFIX = '/team/pacts';
const HAL = { accept: 'application/hal+json' };

/** The broker, too, links to what need not be there. */
const MAY_BE_MISSING = [
  '404 /pacticipants/web/versions/2/tags/prod',
  '404 /pacts/provider/shop/consumer/web/pact-version/<sha>/verification-results/latest',
  '404 /pacts/provider/shop/consumer/web/version/1/previous-distinct',
];

interface Proxy {
  /** Where clients find the hub, path included. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

describe('below a path of a reverse proxy that says so', () => {
  let hub: TestHub;
  let proxy: Proxy;

  beforeAll(async () => {
    hub = await startTestHub({ env: withEnvironments });
    proxy = await startProxy(hub, (host) => ({
      'x-forwarded-host': host,
      'x-forwarded-proto': 'http',
      'x-forwarded-prefix': PREFIX,
    }));
    await fill(hub);
  });
  afterAll(async () => {
    await proxy.close();
    await hub.close();
  });

  test('every link, from the index on, leads to an answer below the path', async () => {
    const walked = await walk(proxy.url);
    expect(walked.outside).toEqual([]);
    expect(walked.failed.sort()).toEqual(MAY_BE_MISSING);
    // Index, pacticipants, versions, branches, pacts, results, environments, deployments, webhooks and what is between them.
    expect(walked.visited).toBeGreaterThan(60);
  });

  test('a browser is led to the page, with a slash at the end or without', async () => {
    const accept = 'text/html,application/xhtml+xml,*/*;q=0.8';
    for (const url of [proxy.url, `${proxy.url}/`]) {
      const page = await (await fetch(url, { headers: { accept } })).text();
      expect(page).toContain(`url=${PREFIX}/ui/"`);
    }
    const page = await fetch(`${proxy.url}/ui/`, { headers: { accept } });
    expect([200, 503]).toContain(page.status);
  });

  test('what is created is located below the path', async () => {
    const created = await fetch(`${proxy.url}/pacticipants`, {
      method: 'POST',
      headers: { ...HAL, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'late comer' }),
    });
    expect(created.headers.get('location')).toBe(`${proxy.url}/pacticipants/late%20comer`);
  });

  test('pages lead to pages below the path', async () => {
    const { _links } = (await read(`${proxy.url}/pacticipants?q=o&size=1`)) as {
      readonly _links: { readonly next: { readonly href: string } };
    };
    expect(_links.next.href).toBe(`${proxy.url}/pacticipants?size=1&page=2&q=o`);
    expect(await read(_links.next.href)).toMatchObject({ page: { number: 2 } });
  });
});

describe('with several base URLs, of which the proxy names only the host', () => {
  let hub: TestHub;
  let proxy: Proxy;

  beforeAll(async () => {
    const base = `http://hub.example${PREFIX}`;
    const env = { PACT_BROKER_BASE_URL: `https://elsewhere.example ${base}` };
    hub = await startTestHub({ env });
    proxy = await startProxy(hub, () => ({ 'x-forwarded-host': 'hub.example' }));
  });
  afterAll(async () => {
    await proxy.close();
    await hub.close();
  });

  test('links start with the one on that host', async () => {
    const { _links } = (await read(proxy.url)) as {
      readonly _links: { readonly self: { readonly href: string } };
    };
    expect(_links.self.href).toBe(`http://hub.example${PREFIX}`);
  });

  test('and with the first for those who come another way', async () => {
    const { body } = await ask(hub, 'GET /');
    expect(body._links.self.href).toBe('https://elsewhere.example');
  });
});

/** One of each kind, so that every resource has links to follow. */
async function fill(hub: TestHub): Promise<void> {
  const put = (path: string) => ask(hub, `PUT ${path}`, { json: {} });
  const published = await ask(hub, 'POST /contracts/publish', {
    json: aPublication({ tags: ['prod'] }),
  });
  expect(published.status).toBe(200);
  const { body: pact } = await ask(hub, 'GET /pacts/provider/shop/consumer/web/version/1');
  const results = new URL(pact._links['pb:publish-verification-results'].href).pathname;
  await ask(hub, `POST ${results}`, { json: { success: true, providerApplicationVersion: '7' } });
  await put('/pacticipants/shop/branches/main/versions/7');
  await put('/pacticipants/web/labels/front');
  const changed = aPact({ interactions: [] });
  await ask(hub, 'PUT /pacts/provider/shop/consumer/web/version/2', { json: changed });
  const { body } = await ask(hub, 'GET /environments');
  const [{ uuid }] = body._embedded.environments;
  const at = `versions/7/deployed-versions/environment/${uuid}`;
  expect((await ask(hub, `POST /pacticipants/shop/${at}`, { json: {} })).status).toBe(201);
  const released = `versions/1/released-versions/environment/${uuid}`;
  expect((await ask(hub, `POST /pacticipants/web/${released}`, { json: {} })).status).toBe(201);
  const webhook = await ask(hub, 'POST /webhooks/provider/shop/consumer/web', {
    json: {
      events: [{ name: 'contract_published' }],
      request: { method: 'POST', url: 'https://hooks.invalid/' },
    },
  });
  expect(webhook.status).toBe(201);
}

interface Walked {
  readonly visited: number;
  /** Links that leave the path. */
  readonly outside: readonly string[];
  /** Links that lead nowhere. */
  readonly failed: string[];
}

/** Follows every link that is no template, each once; those that only take a POST say so. */
async function walk(base: string): Promise<Walked> {
  const found = new Set([base]);
  const outside: string[] = [];
  const failed: string[] = [];
  for (const href of found) {
    if (href !== base && !href.startsWith(`${base}/`)) {
      outside.push(href);
      continue;
    }
    const answer = await fetch(href, { headers: { accept: 'application/hal+json, */*' } });
    const text = await answer.text();
    if (![200, 405].includes(answer.status))
      failed.push(`${answer.status} ${href.slice(base.length).replace(/[0-9a-f]{40}/, '<sha>')}`);
    if (!(answer.headers.get('content-type') ?? '').includes('json') || text === '') continue;
    for (const link of hrefsIn(JSON.parse(text))) found.add(link);
  }
  return { visited: found.size, outside, failed };
}

function hrefsIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    key === 'href' && typeof member === 'string' && !member.includes('{')
      ? [member]
      : hrefsIn(member),
  );
}

async function read(url: string): Promise<unknown> {
  const answer = await fetch(url, { headers: HAL });
  expect(answer.status).toBe(200);
  return answer.json();
}

/** Takes the path away before it asks the hub, as `location /team/pacts/ { proxy_pass http://hub/; }` of nginx does. */
async function startProxy(
  hub: TestHub,
  headersFor: (host: string) => Readonly<Record<string, string>>,
): Promise<Proxy> {
  const server: Server = createServer((incoming, outgoing) => {
    const host = incoming.headers.host ?? '';
    const path = (incoming.url ?? '').slice(PREFIX.length) || '/';
    const headers = { ...incoming.headers, host: new URL(hub.url).host, ...headersFor(host) };
    const onward = httpRequest(
      `${hub.url}${path.startsWith('/') ? path : `/${path}`}`,
      { method: incoming.method, headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onward.on('error', () => outgoing.writeHead(502).end());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${PREFIX}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
