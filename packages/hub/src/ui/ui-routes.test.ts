import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../http/app.ts';
import { type Listener, listen } from '../http/listener.ts';
import { createLog } from '../log.ts';
import { baseOf, uiRoutes, wantsPage } from './ui-routes.ts';

const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

test.each([
  [browser, true],
  ['text/html', true],
  ['text/html, application/json', false],
  ['application/hal+json', false],
  ['application/hal+json, text/html', false],
  ['text/plain', false],
  ['*/*', false],
  [undefined, false],
])('Accept %j at the index means the page: %s', (accept, expected) => {
  expect(wantsPage(accept)).toBe(expected);
});

test.each([
  ['/ui/', './'],
  ['/ui/map?edge=a/b', './'],
  ['/ui/traces/4bf9', '../'],
  ['/ui/i/web/shop', '../../'],
  ['/ui/i/a%2Fb/c', '../../'],
  ['/ui/i/web/shop/#x/y', '../../../'],
])('from %s the way back to the page is %s', (url, base) => {
  expect(baseOf(url)).toBe(base);
});

describe('the page', () => {
  let folder: string;
  let listener: Listener;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'concordat-ui-'));
    await mkdir(join(folder, 'dist/assets'), { recursive: true });
    await writeFile(join(folder, 'secret.txt'), 'secret');
    await writeFile(
      join(folder, 'dist/index.html'),
      '<html><head><title>Page</title></head></html>',
    );
    await writeFile(join(folder, 'dist/favicon.svg'), '<svg/>');
    await writeFile(join(folder, 'dist/assets/index-abc.js'), 'export {};');
    listener = await serve(join(folder, 'dist'));
  });

  afterAll(async () => {
    await listener.close(0);
    await rm(folder, { recursive: true });
  });

  const get = (path: string, accept = browser, method = 'GET') =>
    fetch(`${listener.url}${path}`, { method, headers: { accept }, redirect: 'manual' });

  test('is where a browser is sent from the index, API clients are not', async () => {
    const sent = await get('/');
    expect(sent.status).toBe(200);
    expect(sent.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await sent.text()).toContain('http-equiv="refresh" content="0; url=/ui/"');
    expect((await get('/', 'application/hal+json')).status).toBe(404);
    expect((await get('/ui')).headers.get('location')).toBe('./ui/');
  });

  test.each(['/ui/', '/ui/map', '/ui/i/a%2Fb/c.d', '/ui/traces/4bf9?span=1', '/ui/findings.html'])(
    'answers %s with itself and the way back',
    async (path) => {
      const answer = await get(path);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(answer.headers.get('cache-control')).toBe('no-cache');
      expect(await answer.text()).toContain(`<base href="${baseOf(path)}" />`);
    },
  );

  test('allows its own files only, no inline script, no frame', async () => {
    const answer = await get('/ui/map');
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'; script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('has its hashed files kept for a year, and a lost one is no page', async () => {
    const asset = await get('/ui/assets/index-abc.js', '*/*');
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(asset.headers.get('content-type')).toContain('javascript');
    expect((await get('/ui/assets/index-old.js', '*/*')).status).toBe(404);
    expect((await get('/ui/favicon.svg', 'image/*')).headers.get('content-type')).toContain('svg');
  });

  test.each([
    '/ui/../secret.txt',
    '/ui/%2e%2e/secret.txt',
    '/ui/..%2fsecret.txt',
    '/ui/assets/..%2f..%2fsecret.txt',
  ])('gives nothing outside its folder for %s', async (path) => {
    expect(await (await get(path)).text()).not.toContain('secret');
  });

  test('takes no writes', async () => {
    expect((await get('/ui/map', browser, 'POST')).status).toBe(404);
  });
});

test('a page that was not built says so, and is served as soon as it is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'concordat-ui-'));
  const listener = await serve(join(folder, 'dist'));
  const missing = await fetch(`${listener.url}/ui/map`);
  expect(missing.status).toBe(503);
  expect(missing.headers.get('content-type')).toContain('text/plain');
  expect(await missing.text()).toContain('npm run build');
  await mkdir(join(folder, 'dist'));
  await writeFile(join(folder, 'dist/index.html'), '<head></head>');
  expect((await fetch(`${listener.url}/ui/map`)).status).toBe(200);
  await listener.close(0);
  await rm(folder, { recursive: true });
});

function serve(folder: string): Promise<Listener> {
  const app = createApp({
    guard: (_request, _response, next) => next(),
    routers: [{ routes: uiRoutes({ folder }), under: ['', 'ui'] }],
    baseUrls: [],
    log: createLog('error', () => undefined),
  });
  return listen(app, { host: '127.0.0.1', port: 0 });
}
