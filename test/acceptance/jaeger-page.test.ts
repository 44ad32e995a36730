import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startTestHub, type TestHub } from './start-hub.ts';

// What docker-compose gives to Jaeger's page, which stands in front of the hub there.

const folder = join(import.meta.dirname, '../../dashboards');
const settings: unknown = JSON.parse(readFileSync(join(folder, 'jaeger-ui.json'), 'utf8'));
const proxy = readFileSync(join(folder, 'jaeger-page.conf'), 'utf8');
/** Where compose shows the hub to browsers. */
const shownAt = 'http://localhost:9292';

const address = z.string().startsWith(shownAt);
const switched = z.strictObject({ menuEnabled: z.literal(true) });

/** The keys that the page knows; it passes over what it does not, so a misspelt one would go unseen. */
const pageSettings = z.strictObject({
  archiveEnabled: z.boolean(),
  dependencies: z.strictObject({ menuEnabled: z.literal(true), dagMaxNumServices: z.int() }),
  deepDependencies: switched,
  monitor: switched,
  qualityMetrics: z.strictObject({
    menuEnabled: z.literal(true),
    menuLabel: z.string(),
    apiEndpoint: z.string().startsWith('/api/'),
  }),
  search: z.strictObject({
    maxLookback: z.strictObject({ label: z.string(), value: z.string().regex(/^\d+[mhdw]$/) }),
    maxLimit: z.literal(1_500),
  }),
  tracking: z.strictObject({ gaID: z.null(), trackErrors: z.literal(false) }),
  menu: z.array(
    z.strictObject({
      label: z.string(),
      items: z.array(z.strictObject({ label: z.string(), url: address })),
    }),
  ),
  linkPatterns: z.array(
    z.strictObject({
      type: z.enum(['traces', 'tags', 'process', 'logs']),
      key: z.string().optional(),
      url: address,
      text: z.string(),
    }),
  ),
});

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub();
});
afterAll(async () => {
  await hub.close();
});

describe('the settings of Jaeger’s page', () => {
  const known = pageSettings.parse(settings);

  test('lead to pages that the hub has', async () => {
    const links = [
      ...known.menu.flatMap(({ items }) => items.map((item) => item.url)),
      ...known.linkPatterns.map(({ url }) => url.replace(/#\{[^}]+\}/g, 'a')),
    ];
    for (const link of links) {
      const page = await fetch(link.replace(shownAt, hub.url), {
        headers: { accept: 'text/html' },
      });
      // 503 where the page was not built.
      expect([link, [200, 503].includes(page.status)]).toEqual([link, true]);
      await page.text();
    }
  });

  test('name the key whose value a link of a tag is made of', () => {
    for (const { type, key, url, text } of known.linkPatterns) {
      const used = [...`${url} ${text}`.matchAll(/#\{([^}]+)\}/g)].map(([, name]) => name);
      expect(new Set(used)).toEqual(new Set([type === 'traces' ? 'traceID' : key]));
    }
  });

  test('ask for contract quality where the hub answers it', async () => {
    const answer = await fetch(
      `${hub.url}${known.qualityMetrics.apiEndpoint}?service=web&hours=24`,
    );
    expect(answer.status).toBe(200);
  });

  test('reach no further back than spans are kept', async () => {
    const days = Number(known.search.maxLookback.value.replace('d', ''));
    expect(days * 24).toBeLessThanOrEqual(72);
  });
});

describe('the proxy in front of Jaeger’s page', () => {
  const [, pattern = ''] = /location ~ (\S+) \{\s+proxy_pass http:\/\/hub:9292;/.exec(proxy) ?? [];

  test.each([
    ['/api/traces/abc', true],
    ['/api/v3/trace-summaries', true],
    ['/analytics/v1/dependencies', true],
    ['/', false],
    ['/search', false],
    ['/trace/abc', false],
    ['/static/api/index.js', false],
  ])('%s goes to the hub: %s', (path, expected) => {
    expect(new RegExp(pattern).test(path)).toBe(expected);
  });

  test('lets a file through that the hub would take', () => {
    expect(proxy).toContain('client_max_body_size 16m;');
  });
});
