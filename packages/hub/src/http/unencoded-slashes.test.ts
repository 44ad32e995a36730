import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLog } from '../log.ts';
import { createApp, createRouter } from './app.ts';
import { type Listener, listen } from './listener.ts';
import { type Handler, resource } from './resource.ts';
import { send } from './send.ts';

const PROVIDER = '/pacts/provider/:p';
const PAIR = `${PROVIDER}/consumer/:c`;
const VERSION = '/pacticipants/:p/versions/:v';

/** Routes as the hub has them, beside one that no rule knows. */
const ROUTES = [
  `${PROVIDER}/branch/latest`,
  `${PROVIDER}/branch/:b`,
  `${PROVIDER}/branch/:b/latest`,
  `${PAIR}/branch/latest/versions`,
  `${PAIR}/branch/:b`,
  `${PAIR}/branch/:b/latest`,
  `${PAIR}/branch/:b/latest/versions`,
  '/pacticipants/:p/branches/:b/versions/:v',
  VERSION,
  `${VERSION}/tags/:t`,
  `${VERSION}/places/:place`,
];

let listener: Listener;

beforeAll(async () => {
  const router = createRouter();
  for (const path of ROUTES) {
    const answer: Handler = ({ params }, response) =>
      send(response, {
        status: 200,
        type: 'text/plain',
        text: JSON.stringify({ path, ...params }),
      });
    const provides = ['text/plain'];
    resource(router, path, { provides, consumes: { PUT: ['*'] }, GET: answer, PUT: answer });
  }
  const app = createApp({
    guard: (_request, _response, next) => next(),
    routers: [{ routes: router }],
    baseUrls: [],
    log: createLog('silent', () => undefined),
  });
  listener = await listen(app, { host: '127.0.0.1', port: 0 });
});

afterAll(() => listener.close(0));

function ask(target: string): Promise<Response> {
  const [method = '', path = ''] = target.split(' ');
  return fetch(`${listener.url}${path}`, { method });
}

test.each([
  ['GET /pacts/provider/1/branch/feat/x', { path: `${PROVIDER}/branch/:b`, b: 'feat/x' }],
  ['GET /pacts/provider/1/branch/a/b?c=/d', { path: `${PROVIDER}/branch/:b`, b: 'a/b' }],
  ['GET /pacts/provider/1/branch/a/b/latest', { path: `${PROVIDER}/branch/:b/latest`, b: 'a/b' }],
  ['GET /pacts/provider/1/consumer/2/branch/a/b/c', { path: `${PAIR}/branch/:b`, b: 'a/b/c' }],
  [
    'GET /pacts/provider/1/consumer/2/branch/a/%C3%BC/latest',
    { path: `${PAIR}/branch/:b/latest`, b: 'a/ü' },
  ],
  [
    'GET /pacts/provider/1/consumer/2/branch/a/b/latest/versions',
    { path: `${PAIR}/branch/:b/latest/versions`, b: 'a/b' },
  ],
  [
    'PUT /pacticipants/1/branches/a/b/versions/2/3',
    { path: '/pacticipants/:p/branches/:b/versions/:v', b: 'a/b', v: '2/3' },
  ],
  ['PUT /pacticipants/1/versions/2/tags/a/b', { path: `${VERSION}/tags/:t`, v: '2', t: 'a/b' }],
  ['PUT /pacticipants/1/versions/2/3/tags/a', { path: `${VERSION}/tags/:t`, v: '2/3', t: 'a' }],
  ['GET /pacticipants/1/versions/2/3', { path: VERSION, v: '2/3' }],
])('%s finds the name with its slash', async (target, found) => {
  expect(await (await ask(target)).json()).toMatchObject(found);
});

test.each([
  ['GET /pacts/provider/1/branch/latest', { path: `${PROVIDER}/branch/latest` }],
  ['GET /pacts/provider/1/branch/main/latest', { path: `${PROVIDER}/branch/:b/latest`, b: 'main' }],
  [
    'GET /pacts/provider/1/consumer/2/branch/latest/versions',
    { path: `${PAIR}/branch/latest/versions` },
  ],
  ['GET /pacticipants/1/versions/2/places/3', { path: `${VERSION}/places/:place`, v: '2' }],
  ['GET /pacticipants/1/versions/2/tags/3', { path: `${VERSION}/tags/:t`, v: '2', t: '3' }],
])('%s is a path as it stands', async (target, found) => {
  expect(await (await ask(target)).json()).toMatchObject(found);
});

test.each([
  'PUT /pacticipants/1/versions/2/tag/prod',
  'PUT /pacticipants/1/versions/2/3',
  'DELETE /pacts/provider/1/branch/feat/x',
  'DELETE /pacticipants/1/branches/a/b/versions/1',
  'GET /pacts/provider/1/branches/a/b',
  'GET /somewhere/else',
])('%s is found nowhere', async (target) => {
  expect((await ask(target)).status).toBe(404);
});
