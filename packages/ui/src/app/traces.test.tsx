// @vitest-environment happy-dom
import { InsightsError } from '@concordat/api';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
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
  aDetail,
  aFinding,
  anInteraction,
  aSpan,
  aTrace,
  aTraceId,
  spanId,
} from '../testing/samples.tsx';
import type { Clocks } from '../traces/trace.ts';

beforeEach(preparePage);
afterEach(leavePage);

const other = 'b'.repeat(32);
const spans = [
  aSpan(1, { service: 'web', kind: 'client', duration: 90 }),
  aSpan(2, {
    parent: 1,
    service: 'shop',
    name: 'GET /orders/:id',
    duration: 50,
    tags: [
      ['http.request.method', 'GET'],
      ['url.path', '/orders/7'],
      ['http.response.status_code', '200'],
    ],
  }),
  aSpan(3, { parent: 2, kind: 'internal', duration: 5 }),
  aSpan(4, {
    parent: 1,
    service: 'web',
    kind: 'internal',
    duration: 5,
    references: [
      { kind: 'child-of', traceId: aTraceId, spanId: spanId(1) },
      { kind: 'follows-from', traceId: aTraceId, spanId: spanId(3) },
    ],
  }),
];
const current = () => document.querySelector('.span-row.is-current .span-label')?.textContent;

describe('the search', () => {
  const traces = [
    aTrace(spans),
    { ...aTrace([aSpan(7, { parent: 99, duration: 900 })]), traceId: other },
  ];
  const client = () => aClient({ traces: async () => traces });

  test('draws what it found, marks partial traces, and orders them', async () => {
    await open('traces?service=shop', client());
    expect(document.querySelectorAll('.scatter-dot')).toHaveLength(2);
    expect(find('.trace-lines .mark').textContent).toContain('partial');
    await enter('Order', 'longest');
    expect(address()).toBe('/ui/traces?service=shop&order=longest');
    expect(find('.trace-lines li').textContent).toContain('work 7');
    await click('.scatter a', 'work 7');
    expect(address()).toBe(`/ui/traces/${other}`);
  });

  test('compares two of its traces', async () => {
    await open('traces?service=shop', client());
    await click('.compare', `Compare ${aTraceId.slice(0, 8)}`);
    await click('.chip', 'with no other');
    expect(address()).toBe('/ui/traces?service=shop');
    await click('.compare', `Compare ${aTraceId.slice(0, 8)}`);
    await click('.compare', 'Compare bbbbbbbb with 4bf92f35');
    expect(address()).toBe(`/ui/compare/${aTraceId}/${other}`);
    expect(document.title).toBe('Traces 4bf92f35 and bbbbbbbb · Concordat');
  });

  test('holds the time so that a shared link finds the same, and lets it go', async () => {
    await open('traces?service=shop', client());
    await click('button', 'Hold the time');
    expect(new URLSearchParams(location.search).get('until')).toMatch(/^\d{4}-.*Z$/u);
    await click('.chip', 'go back to now');
    expect(address()).toBe('/ui/traces?service=shop');
  });

  test('asks by tags once they can be understood', async () => {
    const asked: string[] = [];
    await open(
      'traces?service=*',
      aClient({
        traces: async (search) => {
          asked.push(search.tags);
          return [];
        },
      }),
    );
    await enter('Tags', 'error');
    expect(text()).toContain('like http.route=/orders error=true');
    await enter('No longer than', '2s');
    await enter('Tags', 'error=true');
    await vi.waitFor(() => expect(asked).toEqual(['', 'error=true']), 10_000);
    await vi.waitFor(() => expect(text()).toContain('No service sent anything'), 10_000);
    await click('.empty a', 'Take out every filter');
    expect(address()).toBe('/ui/traces?service=*');
    await vi.waitFor(() => expect(text()).toContain('Does the service send its spans'), 10_000);
  });
});

describe('a trace', () => {
  const client = (changes = {}) =>
    aClient({
      trace: async () => aTrace(spans),
      findings: async () => [],
      edge: async (consumer, provider) =>
        aDetail({ consumer, provider, interactions: [anInteraction()] }),
      ...changes,
    });

  test('is searched: matches are counted, stepped through and unfolded', async () => {
    await open('traces/x?collapsed=1', client());
    await enter('Find in this trace', 'shop');
    expect(address()).toBe('/ui/traces/x?collapsed=1&find=shop');
    expect(text()).toContain('2 matches');
    const field = find('[data-search]');
    await press('Enter', field);
    expect(current()).toContain('GET /orders/:id');
    await press('Enter', field);
    expect(current()).toContain('work 3');
    expect(text()).toContain('2 of 2 matches');
    await press('Enter', field, { shiftKey: true });
    expect(current()).toContain('GET /orders/:id');
    await press('N');
    expect(current()).toContain('work 3');
    await press('n');
    expect(current()).toContain('GET /orders/:id');
    await click('button', 'Next match');
    await click('button', 'Previous match');
    expect(current()).toContain('GET /orders/:id');
    expect(document.querySelectorAll('.is-match')).toHaveLength(2);
    await enter('Find in this trace', 'nowhere');
    await press('n');
    await press('a', field);
    expect(text()).toContain('No match');
  });

  test('shows its critical path until it is told not to', async () => {
    await open('traces/x', client());
    expect(document.querySelectorAll('.path-mark').length).toBeGreaterThan(2);
    await click('.tools button', 'Critical path');
    expect(document.querySelectorAll('.path-mark')).toHaveLength(0);
    expect(address()).toBe('/ui/traces/x?path=off');
  });

  test('tells where its time went, by operation and by service', async () => {
    await open('traces/x', client());
    await click('.parts a', 'Statistics');
    expect(document.querySelectorAll('tbody tr')).toHaveLength(4);
    await click('button', 'By service');
    expect(address()).toBe('/ui/traces/x?part=statistics&by=service');
    expect(document.querySelectorAll('tbody tr')).toHaveLength(2);
    await click('.sort', 'Spans');
    await click('.sort', 'Spans');
    expect(find('[aria-sort="ascending"]').textContent).toContain('Spans');
    await click('td a', 'show the longest span of shop');
    expect(address()).toBe(`/ui/traces/x?by=service&span=${spanId(2)}`);
    expect(find('.span-panel h2').textContent).toBe('GET /orders/:id');
    await click('.parts a', 'Statistics');
    await click('button', 'By operation');
    expect(document.querySelectorAll('tbody tr')).toHaveLength(4);
  });

  test('shows of every call the promise it used', async () => {
    await open('traces/x', client());
    await click('.parts a', 'Calls');
    expect(find('tbody').textContent).toContain('a request for an order');
    expect(find('.mark-kept').textContent).toBe('promised');
    await click('tbody td a', 'GET /orders/7 → 200');
    expect(find('.promise').textContent).toContain('By its route and status');
    expect(find('.promise').textContent).toContain('given order 7 exists');
    await click('.promise a', 'Open integration');
    expect(address()).toBe('/ui/i/web/shop');
  });

  test('knows pairs without a pact from a hub that could not say', async () => {
    const refuse = (status: number) => ({
      edge: async () => Promise.reject(new InsightsError('no', { status })),
    });
    await open(`traces/x?span=${spanId(2)}`, client(refuse(404)));
    expect(find('.promise').textContent).toContain('web has no pact with shop');
    await leavePage();
    preparePage();
    await open(`traces/x?span=${spanId(2)}`, client(refuse(503)));
    expect(find('.promise').textContent).toContain('The hub failed');
    await click('.parts a', 'Calls');
    expect(find('tbody').textContent).toContain('…');
  });

  test('of one service has no calls', async () => {
    await open('traces/x?part=calls', client({ trace: async () => aTrace([aSpan(1)]) }));
    expect(text()).toContain('No call between services');
  });

  test('says what is odd about it and leads to the span', async () => {
    const partial = [...spans, aSpan(8, { parent: 77, warnings: ['moved by 3 ms'] })];
    await open('traces/x', client({ trace: async () => aTrace(partial) }));
    expect(find('.trace-notes').textContent).toContain('The trace is partial');
    expect(find('.trace-notes').textContent).toContain(', and 1 more note');
    await click('.trace-notes a', 'Show the span');
    expect(address()).toBe(`/ui/traces/x?span=${spanId(8)}`);
    expect(find('.span-panel').textContent).toContain('moved by 3 ms');
  });

  test('with clocks that differ is shown as recorded, or aligned when asked', async () => {
    const asked: Clocks[] = [];
    const trace = async (_: string, clocks: Clocks) => {
      asked.push(clocks);
      const early = aSpan(2, { parent: 1, service: 'bank', start: 0 });
      return { ...aTrace([aSpan(1), early]), clocks };
    };
    await open(`traces/x?span=${spanId(2)}`, client({ trace }));
    expect(find('.span-panel').textContent).toContain('Shown as recorded');
    await click('.tools button', 'Correct clocks and ids');
    expect(address()).toBe(`/ui/traces/x?span=${spanId(2)}&clocks=aligned`);
    expect(asked).toEqual(['recorded', 'aligned']);
    expect(find('.span-panel').textContent).toContain('It still does after');
    expect(find('.trace-notes').textContent).toContain('The hub has moved what it could');
    await click('.tools button', 'Correct clocks and ids');
    expect(address()).toBe(`/ui/traces/x?span=${spanId(2)}`);
  });

  test('leads from a span to those it links to, and back', async () => {
    await open(`traces/x?span=${spanId(4)}`, client());
    await click('.span-panel .tags a', spanId(3));
    expect(address()).toBe(`/ui/traces/${aTraceId}?span=${spanId(3)}`);
    expect(find('.span-panel').textContent).toContain('Linked from');
  });

  test('shows two findings, and the rest on demand, what concerns a pair first', async () => {
    const findings = ['a', 'b', 'c'].map((id) =>
      aFinding({ id, consumer: id === 'a' ? null : 'web', exemplarTraceId: aTraceId }),
    );
    await open('traces/x', client({ findings: async () => findings }));
    expect(document.querySelectorAll('.finding-line')).toHaveLength(2);
    expect(find('.finding-line').textContent).toContain('Open integration');
    await click('.trace-findings button', '1 more finding');
    expect(document.querySelectorAll('.finding-line')).toHaveLength(3);
  });

  test('is offered as a file', async () => {
    await open(`traces/${aTraceId}`, client());
    const link = find('.view-actions a', 'Download');
    expect(link.getAttribute('download')).toBe(`trace-${aTraceId}.json`);
    expect(link.getAttribute('href')).toBe(`http://hub/api/traces/${aTraceId}?raw=true`);
  });
});

describe('two traces', () => {
  const client = () =>
    aClient({
      trace: async (traceId) =>
        traceId === 'a'
          ? { ...aTrace(spans), traceId }
          : { ...aTrace([...spans.slice(0, 3), aSpan(9, { parent: 2, name: 'lock' })]), traceId },
    });

  test('are laid over each other, all of them or only where they differ', async () => {
    await open('compare/a/b', client());
    expect(text()).toContain('3 alike, 1 only in A, 1 only in B');
    expect(document.querySelectorAll('tbody tr')).toHaveLength(5);
    await click('.tools button', 'Differences only');
    expect(document.querySelectorAll('tbody tr')).toHaveLength(2);
    expect(find('tbody').textContent).toContain('lock');
    await click('.trace-facts a', 'Swap');
    expect(address()).toBe('/ui/compare/b/a');
    expect(text()).toContain('3 alike, 1 only in A, 1 only in B');
    await click('tbody a');
    expect(address()).toContain('/ui/traces/b?span=');
  });

  test('that are long are shown in parts', async () => {
    const many = Array.from({ length: 210 }, (_, index) =>
      aSpan(index + 1, index === 0 ? {} : { parent: 1 }),
    );
    await open('compare/a/b', aClient({ trace: async () => aTrace(many) }));
    expect(document.querySelectorAll('tbody tr')).toHaveLength(200);
    await click('.more button');
    expect(document.querySelectorAll('tbody tr')).toHaveLength(210);
  });
});
