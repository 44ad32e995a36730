import { expect, test } from 'vitest';
import { anEdge, aPlace, aSummary } from '../testing/samples.tsx';
import { runCommand, titleOf } from './app.tsx';
import { findingCount, problemCount } from './counts.ts';
import { hrefTo, hrefWith, placeAt, setQuery } from './place.ts';
import { isWithin } from './shell.tsx';
import { summaryParts } from './summary-line.tsx';
import { applyTheme, readTheme, storeTheme } from './theme.ts';

test('a link to another view keeps the environment and drops the rest of the query', () => {
  const place = aPlace('map?env=staging&q=x&edge=y');
  expect(hrefTo(place, { view: 'findings' }, { kind: 'not-seen' })).toBe(
    '/ui/findings?env=staging&kind=not-seen',
  );
  expect(hrefTo(place, { view: 'map' }, { env: undefined })).toBe('/ui/map');
});

test('a link within a view changes only what is named', () => {
  expect(hrefWith(aPlace('map?env=staging&q=x'), { q: '', as: 'table' })).toBe(
    '/ui/map?env=staging&as=table',
  );
});

test('a place outside the base is the start', () => {
  const fixed = { base: '/hub/ui/', hub: 'http://h/hub/', go: () => undefined };
  expect(placeAt({ pathname: '/elsewhere/findings', search: '' }, fixed).route).toEqual({
    view: 'map',
  });
  expect(placeAt({ pathname: '/hub/ui/findings', search: '' }, fixed).route).toEqual({
    view: 'findings',
  });
});

test('typing replaces the address, a choice adds a step', () => {
  const went: string[] = [];
  setQuery(aPlace('map', went), { q: 'a' });
  setQuery(aPlace('map', went), { problems: true }, 'push');
  expect(went).toEqual(['replace /ui/map?q=a', 'push /ui/map?problems=1']);
});

test('go-to keys keep the environment, the key list is toggled', () => {
  const went: string[] = [];
  let toggled = 0;
  const place = aPlace('map?env=staging', went);
  for (const command of ['go-map', 'go-findings', 'go-traces', 'key-list', 'close'] as const) {
    runCommand(command, place, () => {
      toggled += 1;
    });
  }
  expect(went).toEqual([
    'push /ui/map?env=staging',
    'push /ui/findings?env=staging',
    'push /ui/traces?env=staging',
  ]);
  expect(toggled).toBe(1);
});

test.each([
  [{ view: 'map' }, 'Map · Concordat'],
  [{ view: 'integration', consumer: 'web', provider: 'shop' }, 'web → shop · Concordat'],
  [{ view: 'trace', traceId: '4bf92f3577b3' }, 'Trace 4bf92f35 · Concordat'],
  [{ view: 'missing', path: 'x' }, 'Concordat'],
] as const)('the window title of %j is %s', (route, title) => {
  expect(titleOf(route)).toBe(title);
});

test('an integration belongs to the map and a trace to the traces', () => {
  expect(isWithin({ view: 'integration', consumer: 'a', provider: 'b' }, { view: 'map' })).toBe(
    true,
  );
  expect(isWithin({ view: 'trace', traceId: 'a' }, { view: 'traces' })).toBe(true);
  expect(isWithin({ view: 'findings' }, { view: 'map' })).toBe(false);
});

test('the rail counts edges with a problem and open findings', () => {
  const edges = [
    anEdge(),
    anEdge({ state: 'drift' }),
    anEdge({ state: 'unused' }),
    anEdge({ state: 'uncontracted' }),
  ];
  expect(problemCount(edges)).toBe(2);
  expect(findingCount(aSummary)).toBe(3);
});

test('the summary line names every figure', () => {
  expect(summaryParts(aSummary).map((part) => part.join(' '))).toEqual([
    '7 services',
    '13 contracts',
    '21 promised',
    '20 verified',
    '18 used',
    '12,345 calls',
    '3 findings',
  ]);
});

test('a theme is stored and read again; an unknown one is the system', () => {
  const stored = new Map<string, string>();
  const storage = {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
  };
  expect(readTheme(storage)).toBe('system');
  storeTheme(storage, 'dark');
  expect(readTheme(storage)).toBe('dark');
  stored.set('concordat.theme', 'pink');
  expect(readTheme(storage)).toBe('system');
});

test('only a chosen theme marks the document', () => {
  const element: { dataset: Record<string, string | undefined> } = { dataset: {} };
  applyTheme(element, 'light');
  expect(element.dataset).toEqual({ theme: 'light' });
  applyTheme(element, 'system');
  expect(element.dataset).toEqual({});
});
