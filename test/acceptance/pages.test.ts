import { afterAll, beforeAll, expect, test } from 'vitest';
import { anInteraction, aPact, ask } from './publishing.ts';
import { startTestHub, type TestHub } from './start-hub.ts';

const PAIR = '/pacts/provider/shop/consumer/web';
const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };
const EVIL = '<script>alert("1")</script>';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub();
  const interactions = [
    anInteraction({ description: EVIL, request: { path: `/"'&${EVIL}`, method: 'GET' } }),
    7,
  ];
  const text = JSON.stringify(aPact({ interactions, messages: [{}] })).replace('200', '1.0');
  await ask(hub, `PUT ${PAIR}/version/1`, { raw: text });
});
afterAll(() => hub.close());

test.each(['/version/1', '/latest'])(
  'a browser at %s reads the pact, its content only as text',
  async (path) => {
    const { status, headers, text } = await ask(hub, `GET ${PAIR}${path}`, { headers: BROWSER });
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html;charset=utf-8']);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(text).toContain('<title>Pact between web and shop</title>');
    expect(text).not.toContain('<script');
    expect(text).toContain('<li><h3>&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;</h3>');
    expect(text).toContain('<li><h3>without a description</h3>');
    expect(text).toContain('&quot;status&quot;: 1.0');
  },
);

test.each([['application/hal+json'], ['*/*'], ['text/html, application/json']])(
  'a program that takes %s gets JSON',
  async (accept) => {
    const { headers } = await ask(hub, `GET ${PAIR}/latest`, { headers: { accept } });
    expect(headers.get('content-type')).toContain('json');
  },
);

test.each([
  ['/doc/webhooks?context=index', 'pb:webhooks'],
  ['/doc/anything', 'carry its link'],
  [`/doc/${encodeURIComponent(EVIL)}`, '&lt;script&gt;'],
  ['/hal-browser/browser.html', 'pb:provider-pacts-for-verification'],
])('%s is a page that says %j', async (path, expected) => {
  const { status, headers, text } = await ask(hub, `GET ${path}`, { headers: BROWSER });
  expect([status, headers.get('content-type')]).toEqual([200, 'text/html;charset=utf-8']);
  expect(text).toContain(expected);
  expect(text).not.toContain('<script');
});
