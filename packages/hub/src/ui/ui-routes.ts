import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import express, { type Request, type Response, type Router } from 'express';
import { createRouter } from '../http/app.ts';
import { baseUrlOf } from '../http/hal.ts';
import { escapeHtml } from '../http/html.ts';
import { documentNotFound } from '../http/hub-error.ts';

/** The page loads nothing but its own files and talks to nobody but this hub. */
const contentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const apiTypes = [
  'application/hal+json',
  'application/problem+json',
  'application/json',
  'text/csv',
  'application/yaml',
  'text/plain',
];

const notBuilt = `The page of this hub was not built.

Run "npm run build" where the hub is installed and load this address again; the hub need not be restarted.
Everything else of the hub works: its API starts at / (ask with "Accept: application/hal+json"),
and what the page shows is also at /insights/edges and /insights/findings.
`;

/** From the root of the host: below a proxy's path the address may come without a slash at its end, to which nothing is relative. */
const onToPage = (base: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="refresh" content="0; url=${base}/ui/" />
    <link rel="icon" type="image/svg+xml" href="${base}/ui/favicon.svg" />
    <title>Concordat</title>
  </head>
  <body><a href="${base}/ui/">Concordat</a></body>
</html>
`;

export interface UiRoutesParts {
  /** Where `vite build` put the page; the workspace's own by default. */
  readonly folder?: string;
}

/**
 * Serves the page below `/ui/` and sends browsers there from `/`. A path below `/ui/` that is no file gets the page
 * itself, which reads the rest of the address. Must come before the router of the API's index at `/`.
 */
export function uiRoutes(parts: UiRoutesParts = {}): Router {
  const folder = parts.folder ?? fileURLToPath(new URL('../../../ui/dist/', import.meta.url));
  const router = createRouter();
  // Not `get`: express would then answer OPTIONS for the API's index.
  router.all('/', (request, response, next) => {
    if (request.method === 'GET' && wantsPage(request.get('accept'))) sendOnToPage(response);
    else next();
  });
  router.use('/ui', (request, response, next) => {
    if (request.originalUrl.split('?', 1)[0]?.endsWith('/ui'))
      return response.redirect(308, './ui/');
    response.setHeader('content-security-policy', contentPolicy);
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('referrer-policy', 'no-referrer');
    next();
  });
  router.use(
    '/ui/assets',
    express.static(join(folder, 'assets'), {
      index: false,
      redirect: false,
      // Names carry a hash of the content; every answer of the hub says no-cache before it gets here.
      setHeaders: (response) =>
        response.setHeader('cache-control', 'public, max-age=31536000, immutable'),
    }),
    () => {
      throw documentNotFound();
    },
  );
  router.use('/ui', express.static(folder, { index: false, redirect: false, cacheControl: false }));
  router.get('/ui/{*path}', (request, response) => sendPage(request, response, folder));
  return router;
}

/**
 * Whether the index is wanted by a browser: it names `text/html` and none of the types the API speaks (a real Pact
 * Broker decides the same way).
 */
export function wantsPage(accept: string | undefined): boolean {
  if (accept === undefined) return false;
  return accept.includes('text/html') && !apiTypes.some((type) => accept.includes(type));
}

/** A 200, because clients that look at `/` like a browser take anything else for a hub that is not well. */
function sendOnToPage(response: Response): void {
  response.setHeader('content-security-policy', contentPolicy);
  response.setHeader('x-content-type-options', 'nosniff');
  const path = baseUrlOf(response).replace(/^\w+:\/\/[^/]*/, '');
  response.type('text/html').send(onToPage(escapeHtml(path)));
}

async function sendPage(request: Request, response: Response, folder: string): Promise<void> {
  const file = join(folder, 'index.html');
  if (!existsSync(file)) {
    response.status(503).type('text/plain').send(notBuilt);
    return;
  }
  const page = await readFile(file, 'utf8');
  response.setHeader('cache-control', 'no-cache');
  response.type('text/html').send(withBase(page, baseOf(request.originalUrl)));
}

/**
 * The way from an address below `/ui/` back to `/ui/`, relative: it stays right when a proxy mounts the hub below
 * another path.
 */
export function baseOf(url: string): string {
  const path = url.split(/[?#]/, 1)[0] ?? '';
  const below = path.slice(path.indexOf('/ui/') + '/ui/'.length);
  const depth = below.split('/').length - 1;
  return depth === 0 ? './' : '../'.repeat(depth);
}

function withBase(page: string, base: string): string {
  return page.replace('<head>', `<head>\n    <base href="${base}" />`);
}
