import { expect, test } from 'vitest';
import { changeQuery, parseRoute, type Route, routeHref, routePath } from './routes.ts';

test.each<[string, Route]>([
  ['', { view: 'map' }],
  ['map', { view: 'map' }],
  ['findings/', { view: 'findings' }],
  ['interactions', { view: 'interactions' }],
  ['traces', { view: 'traces' }],
  ['traces/4bf9', { view: 'trace', traceId: '4bf9' }],
  ['compare/4bf9/a%20b', { view: 'comparison', first: '4bf9', second: 'a b' }],
  ['compare/4bf9', { view: 'missing', path: 'compare/4bf9' }],
  ['monitor', { view: 'monitor' }],
  ['monitor/a%2Fb', { view: 'service', service: 'a/b' }],
  ['i/web/shop', { view: 'integration', consumer: 'web', provider: 'shop' }],
  ['i/a%2Fb/c%20d', { view: 'integration', consumer: 'a/b', provider: 'c d' }],
  ['i/100%/shop', { view: 'integration', consumer: '100%', provider: 'shop' }],
  ['i/web', { view: 'missing', path: 'i/web' }],
  ['map/x', { view: 'missing', path: 'map/x' }],
  ['traces/a/b', { view: 'missing', path: 'traces/a/b' }],
  ['i/a/b/c', { view: 'missing', path: 'i/a/b/c' }],
  ['nowhere', { view: 'missing', path: 'nowhere' }],
])('the path %j is read as its view', (path, route) => {
  expect(parseRoute(path)).toEqual(route);
});

test.each<[Route]>([
  [{ view: 'map' }],
  [{ view: 'findings' }],
  [{ view: 'trace', traceId: 'a b' }],
  [{ view: 'comparison', first: 'a', second: 'b/c' }],
  [{ view: 'monitor' }],
  [{ view: 'service', service: 'ü/?' }],
  [{ view: 'integration', consumer: 'a/b?c#d', provider: 'ü' }],
  [{ view: 'missing', path: 'x/y/z/q' }],
])('the path of %j is read back as the same view', (route) => {
  expect(parseRoute(routePath(route))).toEqual(route);
});

test('a query forgets what is empty, false or undefined and writes true as 1', () => {
  const query = new URLSearchParams('q=old&env=production&edge=x&problems=1');
  const changed = changeQuery(query, {
    q: '',
    edge: undefined,
    problems: false,
    as: 'table',
    all: true,
    limit: 50,
  });
  expect(changed.toString()).toBe('env=production&as=table&all=1&limit=50');
  expect(query.get('q')).toBe('old');
});

test('an href joins base, path and query, without a lonely question mark', () => {
  expect(routeHref('/hub/ui/', { view: 'map' }, new URLSearchParams())).toBe('/hub/ui/map');
  expect(routeHref('/ui/', { view: 'findings' }, new URLSearchParams({ q: 'a b' }))).toBe(
    '/ui/findings?q=a+b',
  );
});
