import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { buildPage } from './build-page.ts';
import { aReader, launchChromium, type Reader } from './page-reader.ts';
import { arrange, hostile, type Scene } from './page-scene.ts';
import { startTestHub, type TestHub } from './start-hub.ts';

const chromium = process.env.CONCORDAT_TEST_CHROMIUM ?? '';

// Where other tests run beside it, Chromium once in a while never says that it has taken a click.
describe.skipIf(chromium === '')('traces and health in a real Chromium', { retry: 2 }, () => {
  let hub: TestHub;
  let scene: Scene;
  let browser: Browser;
  let reader: Reader;
  let page: Page;

  beforeAll(async () => {
    await buildPage();
    hub = await startTestHub();
    scene = await arrange(hub);
    browser = await launchChromium(chromium);
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    await hub?.close();
  });

  beforeEach(async () => {
    reader = await aReader(browser);
    page = reader.page;
  });

  afterEach(async () => {
    await page.context().close();
  });

  const open = (path: string) => page.goto(`${hub.url}/ui/${path}`);
  const address = () => page.url().slice(`${hub.url}/ui/`.length);

  test('the monitor tells how every service answers, and leads to the traces behind a figure', async () => {
    await open('map');
    await page.getByRole('listbox', { name: 'Edges of the map' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('o');
    await page.getByRole('heading', { name: 'Monitor' }).waitFor();
    const payments = page.getByRole('row', { name: /^payments/u });
    await payments.getByText('100 %').waitFor();
    await page.getByRole('button', { name: 'Errors' }).click();
    expect(address()).toBe('monitor?sort=-errors');
    expect(await page.locator('tbody tr').first().innerText()).toContain('payments');
    await page.getByRole('link', { name: 'orders' }).click();
    await page.waitForURL('**/ui/monitor/orders');
    const operation = page.getByRole('row', { name: /GET \/orders\/:id/u });
    await operation.getByText('100 %').waitFor();
    expect(await operation.getByRole('img').count()).toBe(2);
    await page.getByRole('button', { name: 'What it asks' }).click();
    await page.getByRole('row', { name: /publish events/u }).waitFor();
    await page.goBack();
    await operation.getByRole('link', { name: 'Latest trace of GET /orders/:id' }).click();
    await page.waitForURL(`**/ui/traces/${scene.checkout}`);
    await page.goBack();
    await operation.getByRole('link', { name: 'Traces of GET /orders/:id' }).click();
    await page.getByText('1 trace, newest first.').waitFor();
    expect(address()).toBe('traces?service=orders&operation=GET+%2Forders%2F%3Aid&lookback=1h');
    await open('monitor/nobody');
    await page.getByText(/No spans in the last hour|The hub does not know this/u).waitFor();
    expect(reader.complaints.filter((words) => !words.includes('404'))).toEqual([]);
  });

  test('a search by tags finds the traces of any service, and two of them are compared', async () => {
    await open('traces?service=*');
    await page.getByText('4 traces, newest first.').waitFor();
    await page.getByRole('textbox', { name: 'Tags' }).fill('http.response.status_code=402');
    await page.getByText('1 trace, newest first.').waitFor();
    await page.locator('.trace-line').getByText('2 errors').waitFor();
    await page.getByRole('textbox', { name: 'Tags' }).fill('');
    await page.getByText('4 traces, newest first.').waitFor();
    expect(await page.locator('.scatter-dot').count()).toBe(4);
    await page
      .locator('label', { hasText: /^Order/u })
      .locator('select')
      .selectOption('longest');
    await page.getByText('4 traces, longest first.').waitFor();
    await page
      .getByRole('button', { name: /^Compare/u })
      .first()
      .click();
    await page
      .getByRole('button', { name: /^Compare .* with /u })
      .nth(2)
      .click();
    await page
      .getByText(/only in A/u)
      .first()
      .waitFor();
    expect(address()).toMatch(/^compare\/[0-9a-f]{32}\/[0-9a-f]{32}$/u);
    await page.getByRole('button', { name: 'Differences only' }).click();
    await page.reload();
    await page.getByRole('button', { name: 'Differences only', pressed: true }).waitFor();
    expect(reader.complaints).toEqual([]);
  });

  test('a trace is searched with the keyboard alone', async () => {
    await open(`traces/${scene.checkout}`);
    await page.locator('.span-row').first().waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('payments');
    await page.getByText('2 matches', { exact: true }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('1 of 2 matches').waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('2 of 2 matches').waitFor();
    expect(await page.locator('.span-row.is-current').innerText()).toContain('POST /payments');
    expect(await page.locator('.path-mark').count()).toBeGreaterThan(5);
    expect(reader.complaints).toEqual([]);
  });

  test('a trace tells where its time went and which promise each of its calls used', async () => {
    await open(`traces/${scene.checkout}`);
    await page.getByRole('link', { name: 'Statistics' }).click();
    const slowest = page.locator('tbody tr').first();
    await slowest.getByText('GET /orders/:id').waitFor();
    expect(await slowest.innerText()).toContain('35 ms');
    await page.getByRole('link', { name: /^Calls/u }).click();
    await page
      .getByRole('row', { name: /GET \/v1\/orders\/7 → 200/u })
      .getByText('promised')
      .waitFor();
    const payment = page.getByRole('row', { name: /POST \/payments → 402/u });
    await payment.getByText('status not promised').waitFor();
    expect(await payment.innerText()).toContain(hostile);
    expect(await page.getByRole('row', { name: /send order.placed/u }).innerText()).toContain(
      'an order was placed',
    );
    await payment.getByRole('link').click();
    const contract = page.getByRole('region', { name: 'Contract of this call' });
    await contract.getByText('this status is not').waitFor();
    await contract.getByRole('link', { name: 'Open integration' }).click();
    await page.waitForURL('**/ui/i/orders/payments');
    expect(await page.locator('img').count()).toBe(0);
    expect(reader.complaints).toEqual([]);
  });

  test('a trace can be kept as a file', async () => {
    await open(`traces/${scene.offers}`);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(`trace-${scene.offers}.json`);
    const saved = JSON.parse(await readFile(await download.path(), 'utf8')) as {
      readonly data: readonly { readonly traceID: string }[];
    };
    expect(saved.data.map(({ traceID }) => traceID)).toEqual([scene.offers]);
  });

  test('what is odd about a trace is said, explained, and shown', async () => {
    await page.route('**/api/traces/*', (route) => route.fulfill({ json: { data: [oddTrace()] } }));
    await open('traces/odd');
    await page
      .getByText('The trace is partial: 1 span without its parent', { exact: true })
      .click();
    await page.getByText('Clocks differ: 1 span starts before the one that called it').waitFor();
    await page.getByRole('link', { name: 'Show the span' }).first().click();
    const panel = page.getByRole('complementary', { name: 'Span orphan' });
    await panel.getByText('was not received').waitFor();
    await panel.getByRole('link', { name: /cccccccc/u }).click();
    await page.waitForURL(`**/ui/traces/${'c'.repeat(32)}?span=${'d'.repeat(16)}`);
    expect(reader.complaints).toEqual([]);
  });

  test('10,000 spans are searched, and the match is scrolled to', async () => {
    await page.route('**/api/traces/*', (route) =>
      route.fulfill({ json: { data: [manySpans()] } }),
    );
    await open('traces/many?collapsed=1');
    await page.getByText('10,000 spans', { exact: true }).waitFor();
    await page.getByRole('searchbox', { name: 'Find in this trace' }).fill('10000');
    await page.getByText('1 match', { exact: true }).waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.span-row.is-current').getByText('work 9999').waitFor();
    expect(await page.locator('.span-row').count()).toBeLessThan(80);
    expect(reader.complaints).toEqual([]);
  });

  test('a database stands on the map as such, and nothing moves when figures change', async () => {
    let calls = 0;
    await page.route('**/insights/edges?*', (route) => {
      if (!route.request().url().includes('since=')) calls += 1000;
      return route.fulfill({ json: edgesWithDatabase(calls) });
    });
    await open('map');
    const database = page.getByRole('option', { name: 'orders to orders-db as a database' });
    await database.waitFor();
    expect(await database.getAttribute('aria-label')).toContain('Not judged; 1,000 calls');
    await page.getByText(/database · .* \/ s/u).waitFor();
    const places = () =>
      page
        .locator('.node')
        .evaluateAll((nodes) => nodes.map((node) => node.getAttribute('transform')));
    const before = await places();
    await page
      .getByRole('option', { name: 'orders to orders-db as a database: Not judged; 2,000 calls' })
      .waitFor();
    expect(await places()).toEqual(before);
    expect(reader.complaints).toEqual([]);
  });

  test.each([
    'map',
    'findings',
    'deployments',
    'monitor',
    'monitor/orders',
    'traces?service=*',
    'traces/CHECKOUT',
    'traces/CHECKOUT?part=statistics',
    'traces/CHECKOUT?part=calls',
    'compare/CHECKOUT/OFFERS',
    'i/orders/payments',
  ])('on a narrow dark screen %s needs no scrolling sideways', async (path) => {
    await page.context().close();
    reader = await aReader(browser, {
      viewport: { width: 390, height: 780 },
      colorScheme: 'dark',
    });
    page = reader.page;
    await open(path.replace('CHECKOUT', scene.checkout).replace('OFFERS', scene.offers));
    await page
      .locator('#view table, #view .map-svg, #view .trace-lines, #view .finding')
      .first()
      .waitFor();
    const overflow = await page.evaluate<number[]>(
      `['html', '#view', '.rail'].map((name) => { const it = document.querySelector(name); return it.scrollWidth - it.clientWidth; })`,
    );
    expect(overflow).toEqual([0, 0, 0]);
    expect(await page.getByRole('navigation', { name: 'Views' }).getByRole('link').count()).toBe(7);
    expect(reader.complaints).toEqual([]);
  });
});

interface OddSpan {
  readonly id: string;
  readonly name: string;
  readonly parent?: string;
  readonly process: string;
  readonly start: number;
}

const started = 1_763_726_400_000_000;

function jaegerSpan({ id, name, parent, process, start }: OddSpan) {
  return {
    traceID: 'odd',
    spanID: id,
    operationName: name,
    references:
      parent === undefined ? [] : [{ refType: 'CHILD_OF', traceID: 'odd', spanID: parent }],
    startTime: started + start,
    duration: 1000,
    tags: [],
    logs: [],
    processID: process,
    warnings: null,
  };
}

/** A parent that is missing, clocks that differ, and a link to another trace. */
function oddTrace() {
  const link = { refType: 'FOLLOWS_FROM', traceID: 'c'.repeat(32), spanID: 'd'.repeat(16) };
  const orphan = jaegerSpan({ id: '3', name: 'orphan', parent: '9', process: 'p1', start: 500 });
  return {
    traceID: 'odd',
    processes: { p1: { serviceName: 'shop', tags: [] }, p2: { serviceName: 'bank', tags: [] } },
    spans: [
      jaegerSpan({ id: '1', name: 'call', process: 'p1', start: 100 }),
      jaegerSpan({ id: '2', name: 'answer', parent: '1', process: 'p2', start: 20 }),
      { ...orphan, references: [...orphan.references, link] },
    ],
  };
}

function manySpans() {
  return {
    traceID: 'odd',
    processes: { p1: { serviceName: 'shop', tags: [] } },
    spans: Array.from({ length: 10_000 }, (_, index) =>
      jaegerSpan({
        id: String(index + 1),
        name: `work ${index}`,
        ...(index === 0 ? {} : { parent: String(Math.ceil(index / 4)) }),
        process: 'p1',
        start: index,
      }),
    ),
  };
}

function edgesWithDatabase(calls: number) {
  const latency = { p50: 2, p95: 9, p99: 30 };
  const edge = {
    consumer: 'orders',
    provider: 'orders-db',
    transport: 'database',
    state: 'uncontracted',
    virtual: true,
    environments: [],
    promised: 0,
    verified: 0,
    used: 0,
    notSeen: 0,
    noEvidence: 0,
    findings: 0,
    calls,
    failed: 0,
    errorRate: 0,
    meanDuration: 3,
    latency,
    clientLatency: latency,
    transitLatency: null,
    firstSeen: null,
    lastSeen: null,
  };
  const web = { ...edge, consumer: 'web', provider: 'orders', transport: 'http', virtual: false };
  return { edges: [edge, web], page: { number: 1, size: 1000, totalElements: 2, totalPages: 1 } };
}
