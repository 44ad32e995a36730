import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RequestHandler } from 'express';
import { describe, expect, test } from 'vitest';
import { createLog } from '../log.ts';
import { createApp, createRouter, type MountedRouter } from './app.ts';
import { parameter, resource } from './resource.ts';
import { RouteTable } from './route-table.ts';
import { send } from './send.ts';

const text = (word: string) => ({ status: 200, type: 'text/plain', text: word });

/** A router of resources that answer with the word and their parameters. */
function wordRouter(word: string, ...paths: readonly (readonly string[])[]) {
  const router = createRouter();
  for (const path of paths) {
    resource(router, path, {
      provides: ['text/plain'],
      GET: (request, response) => {
        const values = Object.keys(request.params).map((name) => parameter(request, name));
        send(response, text([word, ...values].join(' ')));
      },
    });
  }
  return router;
}

async function answers(
  routers: readonly MountedRouter[],
  targets: readonly string[],
): Promise<readonly string[]> {
  const guard: RequestHandler = (_request, _response, next) => next();
  const log = createLog('silent', () => undefined);
  const server = createServer(createApp({ guard, routers, baseUrls: [], log }));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const said: string[] = [];
  for (const target of targets) {
    const response = await fetch(`http://127.0.0.1:${port}${target}`, {
      headers: { accept: 'text/plain' },
    });
    said.push(response.ok ? await response.text() : String(response.status));
  }
  server.close();
  server.closeAllConnections();
  return said;
}

describe('routes in one table', () => {
  test('the first that fits answers, over all routers', async () => {
    const routers = [
      { routes: wordRouter('one', ['/a/:x/b', '/a/:x']) },
      { routes: wordRouter('two', ['/a/z', '/a/y/c', '/'], ['/b']) },
    ];
    const said = await answers(routers, ['/a/z', '/a/y/c', '/a/y/b', '/', '/b', '/c', '/a']);
    expect(said).toEqual(['one z', 'two', 'one y', 'two', 'two', '404', '404']);
  });

  test('names are decoded, may hold slashes, and are not empty; case counts; a last slash does not', async () => {
    const routers = [{ routes: wordRouter('it', ['/a/:x']) }];
    const said = await answers(routers, ['/a/b%2Fc%20%C3%BC', '/a/b/', '/a/', '/A/b', '/a/b?c=/d']);
    expect(said).toEqual(['it b/c ü', 'it b', '404', '404', 'it b']);
  });

  test('what is no resource keeps its place between them', async () => {
    const other = createRouter();
    other.get('/a/:x', (_request, response) => send(response, text('other')));
    const routers = [
      { routes: wordRouter('one', ['/a/z']) },
      { routes: other, under: ['a'] },
      { routes: wordRouter('two', ['/a/z', '/a/y', '/b/y']) },
    ];
    expect(await answers(routers, ['/a/z', '/a/y', '/b/y'])).toEqual(['one', 'other', 'two']);
  });

  test('a router that knows more than resources is asked itself', async () => {
    const mixed = wordRouter('one', ['/a']);
    mixed.get('/c', (_request, response) => send(response, text('plain')));
    expect(await answers([{ routes: mixed }], ['/a', '/c'])).toEqual(['one', 'plain']);
  });

  test('a path that starts with a name is refused', () => {
    const route = { path: '/:x', handle: async () => undefined };
    expect(() => new RouteTable().add(route, '/:x')).toThrow('/:x starts with a name');
  });
});
