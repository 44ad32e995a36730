// @vitest-environment happy-dom
import { InsightsError } from '@concordat/api';
import { act } from 'react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { HubClient } from '../data/hub-client.ts';
import {
  aClient,
  address,
  click,
  enter,
  find,
  leavePage,
  open,
  preparePage,
  press,
  text,
} from '../testing/page-reader.tsx';
import {
  aDescribed,
  aFinding,
  aHit,
  anEdge,
  aSpan,
  aSummary,
  aTrace,
  aTraceId,
  spanId,
} from '../testing/samples.tsx';
import { rowHeight } from '../traces/waterfall-window.ts';

beforeEach(preparePage);
afterEach(async () => {
  await leavePage();
  vi.unstubAllGlobals();
});

describe('the page', () => {
  test('goes where keys, links and the back button say', async () => {
    await open('map?env=production');
    expect(document.title).toBe('Map · Concordat');
    await press('g');
    await press('f');
    expect(address()).toBe('/ui/findings?env=production');
    expect(text()).toContain('Showing all 2 findings');
    await click('.rail a', 'Traces');
    expect(address()).toBe('/ui/traces?env=production');
    history.replaceState(null, '', '/ui/i/gateway/orders');
    await act(async () => window.dispatchEvent(new PopStateEvent('popstate')));
    expect(document.title).toBe('gateway → orders · Concordat');
    await press('f', document.body, { ctrlKey: true });
    expect(address()).toBe('/ui/i/gateway/orders');
  });

  test('offers the environments of all edges and keeps the choice in the address', async () => {
    await open('map');
    await enter('Environment', 'staging');
    expect(address()).toBe('/ui/map?env=staging');
    expect(text()).toContain('Showing all 1 edge between 2 services.');
    expect(
      [...document.querySelectorAll('.top option')].map((option) => option.textContent),
    ).toEqual(['All environments', 'production', 'staging']);
  });

  test('shows the key list and closes it', async () => {
    await open('map');
    await press('?');
    expect(find('dialog').textContent).toContain('Go to the traces');
    await act(async () => find('dialog').dispatchEvent(new Event('close')));
    expect(document.querySelector('dialog')).toBeNull();
    await click('.rail-foot button', 'Keys');
    expect(document.querySelector('dialog')).not.toBeNull();
  });

  test('remembers the chosen theme', async () => {
    await open('map');
    await enter('Theme', 'dark');
    expect(document.documentElement.dataset.theme).toBe('dark');
    expect(localStorage.getItem('concordat.theme')).toBe('dark');
    await enter('Theme', 'system');
    expect(document.documentElement.dataset.theme).toBeUndefined();
  });

  test('moves the focus with j and k and to the search with /', async () => {
    await open('map?as=table');
    await press('j');
    const first = document.activeElement;
    expect(first?.getAttribute('aria-label')).toBe('orders to payments');
    await press('j');
    await press('k');
    expect(document.activeElement).toBe(first);
    await press('/');
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Search services');
    await press('j', document.activeElement ?? document.body);
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Search services');
    await click('.skip');
    expect(document.activeElement?.id).toBe('view');
  });

  test('copies links and says whether it could', async () => {
    await open('findings?kind=not-seen');
    const copied: string[] = [];
    vi.stubGlobal('navigator', {
      clipboard: { writeText: async (copy: string) => void copied.push(copy) },
    });
    await click('.view-actions button', 'Copy link');
    await click('.view-actions button', 'Copy as curl');
    expect(copied).toEqual([
      location.href,
      "curl -s -H 'Accept: application/json' 'http://hub/insights/findings'",
    ]);
    expect(text()).toContain('Copied');
    vi.stubGlobal('navigator', {});
    await click('.view-actions button', 'Copied');
    expect(text()).toContain('Not allowed here');
  });

  test('says what is wrong when the hub refuses, and where nothing lives', async () => {
    const refuse = async () => Promise.reject(new InsightsError('no', { status: 503 }));
    await open('map', aClient({ edges: refuse, summary: refuse }));
    expect(find('[role="alert"]').textContent).toContain('The hub failed');
    await leavePage();
    await open('nowhere/at/all');
    expect(text()).toContain('There is no such view');
  });

  test('asks again when it is looked at again', async () => {
    let asked = 0;
    const summary = async () => {
      asked += 1;
      return aSummary;
    };
    await open('map', aClient({ summary }));
    await act(async () => document.dispatchEvent(new Event('visibilitychange')));
    expect(asked).toBe(2);
  });
});

describe('the map', () => {
  const stage = () => find('.map-stage');

  test('opens an edge by click, closes it with Escape', async () => {
    await open('map');
    await click('.edge-line');
    expect(find('aside').textContent).toContain('Open integration');
    await press('Escape');
    expect(document.querySelector('aside')).toBeNull();
    expect(address()).toBe('/ui/map');
    await press('Escape');
    expect(address()).toBe('/ui/map');
  });

  test('walks edges with the arrow keys and opens one with Enter', async () => {
    await open('map');
    await press('Enter', stage());
    expect(address()).toBe('/ui/map');
    await press('ArrowRight', stage());
    const first = stage().getAttribute('aria-activedescendant');
    await press('ArrowRight', stage());
    expect(stage().getAttribute('aria-activedescendant')).not.toBe(first);
    await press('Enter', stage());
    expect(new URLSearchParams(location.search).has('edge')).toBe(true);
  });

  test('shows only one service after a click on it, and everything after the next', async () => {
    await open('map');
    await click('[data-node="payments"] rect');
    expect(address()).toBe('/ui/map?focus=payments');
    expect(text()).toContain('Showing 1 of 3 edges');
    await click('[data-node="payments"] rect');
    expect(address()).toBe('/ui/map');
    await click('[data-node="mail"] text');
    await click('button', 'Only mail');
    expect(address()).toBe('/ui/map');
    await click('.map-svg');
    expect(address()).toBe('/ui/map');
  });

  test('filters by text and problems, as map and as table', async () => {
    await open('map');
    await enter('Search services', 'pay');
    expect(address()).toBe('/ui/map?q=pay');
    await click('.tools button', 'Problems only');
    await click('.tools button', 'Table');
    expect(address()).toBe('/ui/map?q=pay&problems=1&as=table');
    expect(document.querySelectorAll('tbody tr')).toHaveLength(1);
    await click('.tools button', 'Map');
    await click('.showing a');
    expect(address()).toBe('/ui/map');
  });

  test('moves by dragging and wheel, and a drag selects nothing', async () => {
    await open('map');
    const svg = find('.map-stage').querySelector('svg');
    const before = svg?.style.transform;
    stage().setPointerCapture = () => undefined;
    const pointer = (type: string, at: number, buttons: number) =>
      act(async () =>
        svg?.dispatchEvent(
          new PointerEvent(type, { bubbles: true, clientX: at, clientY: 0, button: 0, buttons }),
        ),
      );
    await pointer('pointerdown', 0, 1);
    await pointer('pointermove', 2, 1);
    expect(svg?.style.transform).toBe(before);
    await pointer('pointermove', 60, 1);
    await pointer('pointerup', 60, 0);
    const dragged = svg?.style.transform;
    expect(dragged).not.toBe(before);
    await click('.edge-line');
    expect(address()).toBe('/ui/map');
    await pointer('pointerdown', 60, 1);
    await pointer('pointerup', 60, 0);
    await act(async () =>
      stage().dispatchEvent(
        new WheelEvent('wheel', { deltaY: -200, bubbles: true, cancelable: true }),
      ),
    );
    expect(svg?.style.transform).not.toBe(dragged);
    await click('.zoom button', 'Zoom in');
    await click('.zoom button', 'Zoom out');
    await click('.zoom button', 'Fit');
    expect(svg?.style.transform).toBe('translate(0.00px, 0.00px) scale(1.0000)');
  });

  test('shows more rows of a long table on demand', async () => {
    const many = Array.from({ length: 250 }, (_, index) => anEdge({ provider: `p${index}` }));
    await open('map?as=table', aClient({ edges: async () => many }));
    expect(document.querySelectorAll('tbody tr')).toHaveLength(200);
    await click('.more button');
    expect(document.querySelectorAll('tbody tr')).toHaveLength(250);
  });
});

describe('the findings', () => {
  test('are filtered by kind, peers and text', async () => {
    await open('findings');
    await click('.chips button', 'Not seen');
    expect(address()).toBe('/ui/findings?kind=not-seen');
    await click('.chips button', 'Not seen');
    await enter('Consumer', 'web');
    await enter('Provider', 'shop');
    await enter('Search findings', 'offers');
    expect(address()).toBe('/ui/findings?consumer=web&provider=shop&q=offers');
    expect(document.querySelectorAll('.finding')).toHaveLength(1);
  });

  test('say how good silence is when there are none', async () => {
    await open('findings', aClient({ findings: async () => [] }));
    expect(text()).toContain('That is only as good as what was seen');
    await leavePage();
    await open('findings?env=staging', aClient({ findings: async () => [] }));
    expect(text()).toContain('No findings in staging');
  });

  test('beyond a hundred are shown on demand', async () => {
    const many = Array.from({ length: 130 }, (_, index) => aFinding({ id: `f${index}` }));
    await open('findings', aClient({ findings: async () => many }));
    expect(document.querySelectorAll('.finding')).toHaveLength(100);
    await click('.more button');
    expect(document.querySelectorAll('.finding')).toHaveLength(130);
  });
});

describe('the interactions', () => {
  const page = { number: 1, size: 50, totalElements: 60, totalPages: 2 };
  const some = (changes: Partial<HubClient> = {}) =>
    aClient({
      interactions: async () => ({
        interactions: [aHit(), aHit({ position: 1, description: '' })],
        page,
        complete: true,
      }),
      pact: async ({ consumer, provider, sha }) => ({
        consumer,
        provider,
        sha,
        interactions: [aDescribed()],
      }),
      ...changes,
    });

  test('are asked for once the typing stops, with every choice in the address', async () => {
    const asked: string[] = [];
    const interactions: HubClient['interactions'] = async (search) => {
      asked.push(`${search.text} ${search.kind} ${search.past}`);
      return {
        interactions: [],
        page: { ...page, totalElements: 0, totalPages: 0 },
        complete: true,
      };
    };
    await open('interactions?consumer=phone', some({ interactions }));
    await enter('Search interactions', 's');
    await enter('Search interactions', 'sku');
    await enter('Kind', 'http');
    await click('.tools button', 'Past promises too');
    expect(address()).toBe('/ui/interactions?consumer=phone&q=sku&kind=http&past=1');
    vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', false);
    await vi.waitFor(() => expect(asked.at(-1)).toBe('sku http true'), 10_000);
    await vi.waitFor(() => expect(text()).toContain('No promise has all of these words'), 10_000);
    vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
    expect(asked).toHaveLength(2);
    await click('.tools button', 'consumer phone');
    expect(address()).toBe('/ui/interactions?q=sku&kind=http&past=1');
  });

  test('open in place, in full, with nothing of a plugin run as markup', async () => {
    await open('interactions', some());
    expect(text()).toContain('60 interactions, page 1 of 2.');
    expect(text()).toContain('plugin protobuf 0.3.4');
    await click('.hit-name', 'find a feature');
    expect(address()).toBe('/ui/interactions?open=phone%3Amaps%3Acccccccccccc%3A0');
    expect(text()).toContain('given a feature {"id":7}');
    expect(text()).toContain('Pending: it may fail');
    expect(text()).toContain('binary contents as base64 application/protobuf');
    expect(text()).toContain('body $.id is made by Uuid');
    expect(text()).toContain('<b>Feature</b>');
    await click('.hit-name', 'find a feature');
    expect(address()).toBe('/ui/interactions');
  });

  test('lead to their integration, to the next page, and say when there may be more', async () => {
    await open('interactions', some());
    await click('.more a', 'Next page');
    expect(address()).toBe('/ui/interactions?page=2');
    await click('.hit .pair', 'phone');
    expect(address()).toBe('/ui/i/phone/maps');
    await press('g');
    await press('i');
    expect(address()).toBe('/ui/interactions');
  });

  test('an interaction that its content has no more is left empty', async () => {
    const lost = some({
      interactions: async () => ({
        interactions: [aHit({ position: 9, consumerVersion: null })],
        page: { ...page, number: 2 },
        complete: false,
      }),
    });
    await open('interactions?page=x&open=phone:maps:cccccccccccc:9', lost);
    expect(text()).toContain('there may be more');
    expect(find('.more a').textContent).toBe('Previous page');
    expect(document.querySelector('.interaction-detail')).toBeNull();
  });
});

describe('the trace search', () => {
  test('starts with the services and keeps every choice in the address', async () => {
    await open('traces');
    await click('.service-choice a', 'shop');
    await enter('Operation', 'GET /orders');
    await enter('When', '1h');
    await enter('At most', '50');
    await click('.tools button', 'Errors only');
    expect(address()).toBe(
      '/ui/traces?service=shop&operation=GET+%2Forders&lookback=1h&limit=50&errors=1',
    );
    expect(document.querySelectorAll('.trace-line')).toHaveLength(1);
    await enter('Service', 'bank');
    expect(new URLSearchParams(location.search).has('operation')).toBe(false);
  });

  test('asks only for lengths of time that the hub understands', async () => {
    const asked: string[] = [];
    const traces: HubClient['traces'] = async (search) => {
      asked.push(search.minDuration);
      return [];
    };
    await open('traces?service=shop', aClient({ traces }));
    await enter('At least', '5');
    expect(text()).toContain('like 250ms or 1.5s');
    await enter('At least', '5ms');
    await vi.waitFor(() => expect(asked).toEqual(['', '5ms']), 10_000);
    await vi.waitFor(() => expect(text()).toContain('No trace matches'), 10_000);
    await click('.tools button', 'Search again');
    expect(asked).toEqual(['', '5ms', '5ms']);
  });

  test('opens a trace by its id', async () => {
    await open('traces');
    await enter('Open a trace by its id', 'nonsense');
    await act(async () =>
      find('form').dispatchEvent(new Event('submit', { bubbles: true, cancelable: true })),
    );
    expect(address()).toBe('/ui/traces');
    await enter('Open a trace by its id', ` ${aTraceId.toUpperCase()} `);
    await act(async () =>
      find('form').dispatchEvent(new Event('submit', { bubbles: true, cancelable: true })),
    );
    expect(address()).toBe(`/ui/traces/${aTraceId}`);
  });

  test('says how to send traces when there are none', async () => {
    await open('traces', aClient({ services: async () => [] }));
    expect(text()).toContain('OTEL_EXPORTER_OTLP_ENDPOINT');
    expect(text()).toContain('http://hub;');
  });
});

describe('a trace', () => {
  const grid = () => find('[role="treegrid"]');

  test('is read with the keyboard: rows, details, collapse', async () => {
    await open(`traces/${aTraceId}`);
    expect(document.querySelectorAll('.span-row')).toHaveLength(4);
    expect(text()).toContain('which none of its pacts promises');
    await press('j');
    await press('j');
    await press('k');
    await press('ArrowDown', grid());
    await press('Enter', grid());
    expect(address()).toBe(`/ui/traces/${aTraceId}?span=${spanId(2)}`);
    expect(find('aside').textContent).toContain('work 2');
    await press('Escape');
    expect(document.querySelector('aside')).toBeNull();
    await press('[');
    expect(address()).toBe(`/ui/traces/${aTraceId}?collapsed=1`);
    expect(document.querySelectorAll('.span-row')).toHaveLength(3);
    await press(']');
    expect(document.querySelectorAll('.span-row')).toHaveLength(4);
    await press('Escape');
    await press('/');
    expect(address()).toBe(`/ui/traces/${aTraceId}`);
  });

  test('is read with the mouse', async () => {
    await open(`traces/${aTraceId}`);
    await click('.caret[aria-label="Collapse"]');
    expect(document.querySelectorAll('.span-row')).toHaveLength(1);
    await click('.caret', 'Expand 3 spans');
    await click('.span-row', 'work 4');
    expect(find('aside').textContent).toContain('work 4');
    vi.stubGlobal('navigator', {});
    await click('aside button', 'Copy link to this span');
    await click('aside button', 'Close the panel');
    expect(document.querySelector('aside')).toBeNull();
  });

  test('scrolls rows into view and renders what is scrolled to', async () => {
    const many = Array.from({ length: 500 }, (_, index) =>
      aSpan(index + 1, index === 0 ? {} : { parent: 1 }),
    );
    await open(
      `traces/${aTraceId}?span=${spanId(400)}`,
      aClient({ trace: async () => aTrace(many) }),
    );
    const frame = find('.waterfall');
    expect(frame.scrollTop).toBeGreaterThan(300 * rowHeight);
    await act(async () => {
      frame.scrollTop = 200 * rowHeight;
      frame.dispatchEvent(new Event('scroll'));
    });
    expect(text()).toContain('work 201');
    expect(text()).not.toContain('work 17 ');
  });

  test('that the hub does not have is said to be unknown', async () => {
    const trace = async () => Promise.reject(new InsightsError('trace not found', { status: 404 }));
    await open(`traces/${aTraceId}`, aClient({ trace }));
    expect(text()).toContain('The hub does not know this');
  });

  test('of many services names the first ones and counts the rest', async () => {
    const many = Array.from({ length: 15 }, (_, index) =>
      aSpan(index + 1, { service: `s${index}` }),
    );
    await open(`traces/${aTraceId}`, aClient({ trace: async () => aTrace(many) }));
    expect(find('.trace-facts').textContent).toContain('and 3 services more');
  });
});
