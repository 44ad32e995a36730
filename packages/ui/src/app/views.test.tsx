import { InsightsError } from '@concordat/api';
import { describe, expect, test } from 'vitest';
import type { Resource } from '../data/resource.ts';
import { FindingsPage, FindingsView } from '../findings/findings-view.tsx';
import { IntegrationPage, IntegrationView } from '../integration/integration-view.tsx';
import { interactionKey } from '../integration/interaction-table.tsx';
import { statusWords } from '../integration/observed-operations.tsx';
import { pactPath } from '../integration/pact-table.tsx';
import { noneWhereUnknown, ReplayTree } from '../integration/replay-details.tsx';
import { tilesOf } from '../integration/tiles.ts';
import { edgeId } from '../map/graph.ts';
import { MapPage, MapView } from '../map/map-view.tsx';
import { MoreRows } from '../parts/more-rows.tsx';
import { Await } from '../parts/states.tsx';
import { manyEdges } from '../testing/many-edges.ts';
import {
  aDetail,
  aFinding,
  anEdge,
  anInteraction,
  aSpan,
  aSummary,
  aTrace,
  now,
  render,
  spanId,
} from '../testing/samples.tsx';
import { sortTags } from '../traces/span-panel.tsx';
import { TracePage } from '../traces/trace-page.tsx';
import { readTraceSearch } from '../traces/trace-search.ts';
import { TraceView } from '../traces/trace-view.tsx';
import { FoundTraces, TracesView } from '../traces/traces-view.tsx';
import { KeyDialog } from './key-dialog.tsx';
import { MissingView, Shell } from './shell.tsx';

const ready = <T,>(value: T): Resource<T> => ({
  kind: 'ready',
  value,
  at: now,
  problem: undefined,
});
const hostile = '<img src=x onerror=alert(1)>';
const escaped = '&lt;img src=x onerror=alert(1)&gt;';

describe('the map', () => {
  const edges = [
    anEdge(),
    anEdge({ consumer: 'mail', transport: 'message', state: 'drift', findings: 1 }),
    anEdge({
      consumer: 'shop',
      provider: 'bank.example',
      virtual: true,
      state: 'uncontracted',
      meanDuration: null,
    }),
  ];

  test('draws every edge as an option with its words, and every service by name', () => {
    const html = render(<MapPage edges={edges} />);
    expect(html.match(/role="option"/gu)).toHaveLength(3);
    expect(html).toContain(
      'aria-label="mail to shop by events: Drift; 1,200 calls with 0.25 % failed, p95 31 ms, 1 finding"',
    );
    expect(html).toContain('is-virtual');
    expect(html).toContain('Showing all 3 edges between 4 services.');
  });

  test('hides what the filter holds back, says so and offers everything', () => {
    const html = render(<MapPage edges={edges} />, 'map?problems=1&focus=mail');
    expect(html.match(/role="option"/gu)).toHaveLength(1);
    expect(html).toContain('Showing 1 of 3 edges between 2 services.');
    expect(html).toContain('Show all');
    expect(html).toContain('is-ghost');
    expect(html).toContain('aria-label="Only mail; show every service again"');
  });

  test('shows the same edges as a table', () => {
    const html = render(<MapPage edges={edges} />, 'map?as=table&q=bank');
    expect(html.match(/<tr>/gu)).toHaveLength(2);
    expect(html).toContain('href="/ui/i/shop/bank.example"');
    expect(render(<MapPage edges={edges} />, 'map?as=table&q=nothing')).toContain(
      'No edge passes the filter',
    );
  });

  test('shows the facts of the edge that the address names', () => {
    const drift = edges[1] ?? anEdge();
    const html = render(<MapPage edges={edges} />, `map?env=production&edge=${edgeId(drift)}`);
    expect(html).toContain('aria-label="mail to shop"');
    expect(html).toContain('href="/ui/i/mail/shop?env=production"');
    expect(html).toContain(
      'href="/ui/findings?env=production&amp;consumer=mail&amp;provider=shop"',
    );
    const virtual = render(<MapPage edges={edges} />, `map?edge=${edgeId(edges[2] ?? anEdge())}`);
    expect(virtual).toContain('its name is a guess.');
  });

  test('signs only problems when there are very many edges, and says how many rows a table leaves out', () => {
    const many = manyEdges(500, 2000);
    const problems = many.filter(({ state }) =>
      ['drift', 'uncontracted', 'verification-failed'].includes(state),
    );
    const html = render(<MapPage edges={many} />);
    expect(html.match(/role="option"/gu)).toHaveLength(2000);
    // Seven signs more stand in the legend: one for each state, and that of a database.
    expect(html.match(/class="badge-sign"/gu)).toHaveLength(problems.length + 7);
    expect(render(<MapPage edges={many} />, 'map?as=table')).toContain('Showing 200 of 2,000.');
  });

  test('has a dash for every figure that an edge does not have', () => {
    const silent = anEdge({
      state: 'unused',
      promised: 0,
      verified: 0,
      used: 0,
      calls: 0,
      failed: 0,
      meanDuration: null,
      latency: null,
      firstSeen: null,
      lastSeen: null,
      environments: [],
    });
    const html = render(<MapPage edges={[silent]} />, `map?edge=${edgeId(silent)}`);
    expect(html.match(/<dd>–<\/dd>/gu)).toHaveLength(5);
    expect(html.match(/>never</gu)).toHaveLength(2);
    expect(html).not.toContain('>Traces</a>');
    expect(render(<MapPage edges={[silent]} />, 'map?as=table').match(/>–</gu)).toHaveLength(4);
  });

  test('lays the few services that a filter leaves of a large map out by themselves', () => {
    const html = render(<MapPage edges={manyEdges(500, 2000)} />, 'map?focus=service-7');
    expect(html.match(/class="node-words"/gu)?.length).toBeGreaterThan(1);
    expect(html).not.toContain('is-ghost');
  });

  test('says what to do when there is nothing yet', () => {
    expect(render(<MapView edges={ready([])} />)).toContain('npx concordat demo');
    expect(render(<MapView edges={ready([])} />, 'map?env=moon')).toContain('Nothing in moon yet');
    expect(render(<MapView edges={{ kind: 'loading' }} />)).toContain('Loading the map');
    expect(render(<MapView edges={ready(edges)} />, 'map?env=moon')).toContain(
      'insights/edges?environment=moon',
    );
  });

  test('shows names of services as text', () => {
    const html = render(<MapPage edges={[anEdge({ consumer: hostile })]} />, 'map?as=table');
    expect(html).toContain(escaped);
    expect(html).not.toContain(hostile);
  });
});

describe('the findings', () => {
  const findings = [
    aFinding(),
    aFinding({
      id: 'f2',
      kind: 'unrecorded-version',
      consumer: null,
      operation: null,
      environment: null,
      exemplarTraceId: null,
      sentence: hostile,
    }),
  ];

  test('stand with sentence, evidence, versions and links', () => {
    const html = render(<FindingsPage findings={findings} />);
    expect(html).toContain('which none of its pacts promises');
    expect(html).toContain('Evidence: 1,200 calls in 2 h, every call sampled');
    expect(html).toContain(`href="/ui/traces/${'a'.repeat(32)}"`);
    expect(html).toContain('href="/ui/i/web/shop"');
    expect(html).toContain(escaped);
    expect(html).toContain('Showing all 2 findings');
  });

  test('are filtered by the address', () => {
    expect(render(<FindingsPage findings={findings} />, 'findings?kind=uncovered-call')).toContain(
      'Showing 1 of 2 findings.',
    );
    expect(render(<FindingsPage findings={findings} />, 'findings?q=nothing')).toContain(
      'No finding passes the filter',
    );
  });

  test('wait for the hub', () => {
    expect(render(<FindingsView />, 'findings?env=staging')).toContain('Loading the findings');
  });
});

describe('an integration', () => {
  test('shows state, promises, traffic and pacts', () => {
    const html = render(
      <IntegrationPage
        detail={aDetail({
          edges: [anEdge({ state: 'drift', findings: 1 })],
          findings: [aFinding()],
          interactions: [
            anInteraction(),
            anInteraction({
              description: hostile,
              usage: 'not-seen',
              verification: 'failed',
              lastVerification: {
                ...{ result: 'failed', providerVersion: '7', traceId: 'd'.repeat(32) },
                verifiedAt: '2026-11-21T09:00:00Z',
                mismatches: [{ attribute: 'body', identifier: '$.id', description: hostile }],
              },
              exemplarTraceId: null,
              lastSeen: null,
              indistinguishableFrom: ['another'],
            }),
            anInteraction({
              description: 'an order was placed',
              status: null,
              transport: 'message',
              usage: 'no-evidence',
              verification: 'unverified',
            }),
          ],
          operations: [
            ...aDetail().operations,
            {
              operation: 'GET /offers',
              transport: 'http',
              statuses: { '200': 4, none: 1 },
              calls: 5,
              failed: 1,
              errorRate: 0.2,
              latency: null,
              promised: false,
              lastSeen: '2026-11-21T11:00:00Z',
              guard: {
                ...{ checks: 40, kept: 38, broken: 2, uncovered: 0, undecided: 0 },
                ...{ lastBroken: '2026-11-21T11:00:00Z', exemplarTraceId: 'e'.repeat(32) },
                mismatches: [
                  {
                    ...{ part: 'body', rule: 'type', pointer: '/items/*/sku', times: 2 },
                    ...{ lastSeen: '2026-11-21T11:00:00Z', exemplarTraceId: 'e'.repeat(32) },
                  },
                ],
              },
              exemplarTraceId: null,
            },
          ],
        })}
      />,
    );
    for (const words of [
      '1 open finding',
      'given order 7 exists',
      'not seen',
      'no evidence',
      'not verified',
      'Spans cannot tell it from: another',
      '1 operation of 2 that no pact promises.',
      '200 × 4, no answer × 1',
      'Guard: 2 of 40 checks broken',
      'body /items/*/sku breaks type × 2',
      'body $.id',
      'What the provider did',
      `href="/ui/traces/${'d'.repeat(32)}"`,
      'pacts/provider/shop/consumer/web/version/1.0%2Frc',
      '/verification-results/latest/interactions',
      escaped,
    ]) {
      expect(html).toContain(words);
    }
    expect(html.indexOf('GET /offers')).toBeLessThan(html.lastIndexOf('GET /orders/{id}'));
  });

  test('shows what the provider did in a replay, or that nobody knows', async () => {
    const logs = [
      {
        at: 0,
        fields: [
          ['event', 'exception'],
          ['exception.message', 'no coin'],
        ] as const,
      },
    ];
    const trace = aTrace([
      aSpan(1, { name: 'GET /orders', tags: [['http.response.status_code', '500']] }),
      aSpan(2, { parent: 1, name: 'count', failed: true, logs }),
    ]);
    const html = render(<ReplayTree trace={trace} />);
    expect(html).toContain(
      '└ shop GET /orders 500 100 µs\n  └ shop count 100 µs ✕\n      · no coin',
    );
    expect(render(<ReplayTree trace={undefined} />)).toContain('the provider was not traced');
    expect(noneWhereUnknown(new InsightsError('no', { status: 404 }))).toBeUndefined();
    expect(() => noneWhereUnknown(new Error('gone'))).toThrow('gone');
  });

  test('says what is missing when there is no pact and no traffic', () => {
    const html = render(
      <IntegrationPage
        detail={aDetail({ edges: [], pacts: [], interactions: [], operations: [] })}
      />,
    );
    for (const words of [
      'No pact in force',
      'No call was seen',
      'is on the main branch or deployed',
      'No pact in force and no traffic',
    ]) {
      expect(html).toContain(words);
    }
  });

  test('adds its transports up', () => {
    const tiles = tilesOf({
      edges: [
        anEdge({ calls: 100, meanDuration: 10 }),
        anEdge({
          transport: 'message',
          calls: 300,
          meanDuration: 2,
          notSeen: 1,
          noEvidence: 1,
          used: 1,
        }),
      ],
    });
    expect(tiles.map(({ label, value, note }) => [label, value, note])).toEqual([
      ['Promised', '6', 'interactions'],
      ['Verified', '6', 'of 6'],
      ['Used', '4', '1 not seen, 1 no evidence'],
      ['Calls', '400', undefined],
      ['Failed', '1.5 %', '6 calls'],
      ['Mean duration', '4 ms', 'p50 9.8 ms · p95 31 ms'],
    ]);
    expect(tilesOf({ edges: [anEdge({ latency: null })] }).at(-1)?.note).toBeUndefined();
    expect(tilesOf({ edges: [] }).map(({ value }) => value)).toEqual([
      '0',
      '0',
      '0',
      '0',
      '–',
      '–',
    ]);
  });

  test('shows a pact that was never verified and operations that are all promised', () => {
    const [pact] = aDetail().pacts;
    const pacts =
      pact === undefined
        ? []
        : [
            {
              ...pact,
              verification: 'unverified' as const,
              providerVersion: null,
              verifiedAt: null,
            },
          ];
    const html = render(<IntegrationPage detail={aDetail({ pacts })} />);
    expect(html).toContain('not verified');
    expect(html).toContain('Every operation that was seen is promised by a pact.');
    const operations = aDetail().operations.map((one) => ({ ...one, exemplarTraceId: null }));
    expect(render(<IntegrationPage detail={aDetail({ operations })} />)).not.toContain(
      'Trace of GET',
    );
  });

  test('tells interactions apart by everything that names them', () => {
    expect(interactionKey(anInteraction())).not.toBe(
      interactionKey(anInteraction({ providerStates: [] })),
    );
    expect(statusWords({ message: 3 })).toBe('3 messages');
    expect(pactPath({ consumer: 'a/b', provider: 'c' }, '1')).toBe(
      'pacts/provider/c/consumer/a%2Fb/version/1',
    );
  });

  test('waits for the hub and says that it counts every environment', () => {
    const html = render(
      <IntegrationView consumer="web" provider="shop" />,
      'i/web/shop?env=production',
    );
    expect(html).toContain('Loading the integration');
    expect(html).toContain('This page counts every environment.');
  });
});

describe('traces', () => {
  const spans = [
    aSpan(1, { kind: 'producer', duration: 10 }),
    aSpan(2, {
      parent: 1,
      kind: 'consumer',
      service: 'mail',
      start: aSpan(1).start + 100,
      failed: true,
      tags: [
        ['note', hostile],
        ['empty', ''],
      ],
      logs: [
        {
          at: aSpan(1).start + 120,
          fields: [
            ['event', 'retry'],
            ['attempt', '2'],
          ],
        },
      ],
      warnings: ['late'],
    }),
    aSpan(3, {
      parent: 2,
      start: aSpan(1).start - 5,
      references: [
        { kind: 'child-of', traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: spanId(2) },
        { kind: 'follows-from', traceId: 'c'.repeat(32), spanId: spanId(9) },
      ],
    }),
  ];

  test('a search shows one line a trace, and whether there may be more', () => {
    const search = readTraceSearch(new URLSearchParams('service=shop'));
    const html = render(
      <FoundTraces traces={[aTrace(spans)]} search={search} />,
      'traces?service=shop',
    );
    expect(html).toContain('1 trace, newest first.');
    expect(html).toContain('href="/ui/traces/4bf92f3577b34da6a3ce929d0e0e4736"');
    expect(html).toContain('1 error');
    expect(
      render(<FoundTraces traces={[aTrace(spans)]} search={{ ...search, limit: 1 }} />),
    ).toContain('there may be more');
    expect(render(<FoundTraces traces={[]} search={search} />)).toContain(
      'shop sent nothing that fits in the last 2 days',
    );
  });

  test('the waterfall has a row a span with its depth, error, waiting time and notes', () => {
    const html = render(
      <TracePage
        trace={{ ...aTrace(spans), warnings: ['spans were cut'] }}
        findings={[aFinding({ provider: 'mail' })]}
      />,
      `traces/x?span=${spanId(2)}`,
    );
    expect(html.match(/class="span-row/gu)).toHaveLength(3);
    expect(html).toContain('aria-level="3"');
    expect(html).toContain('in queue 90 µs');
    expect(html).toContain('Shown as recorded');
    expect(html).toContain('spans were cut');
    expect(html).toContain('In queue before');
    expect(html).toContain('retry');
    expect(html).toContain(escaped);
    expect(html).not.toContain(hostile);
    expect(html.match(/which none of its pacts promises/gu)?.length).toBeGreaterThanOrEqual(2);
  });

  test('a linked trace can be opened from a span', () => {
    const html = render(
      <TracePage trace={aTrace(spans)} findings={[]} />,
      `traces/x?span=${spanId(3)}`,
    );
    expect(html).toContain(`href="/ui/traces/${'c'.repeat(32)}?span=${spanId(9)}"`);
  });

  test('of 10,000 spans only those in view are in the document', () => {
    const many = Array.from({ length: 10_000 }, (_, index) =>
      aSpan(index + 1, index === 0 ? {} : { parent: 1 }),
    );
    const html = render(<TracePage trace={aTrace(many)} findings={[]} />, 'traces/x');
    expect(html.match(/class="span-row/gu)?.length).toBeLessThan(60);
    expect(html).toContain('aria-rowcount="10001"');
  });

  test('everything collapsed shows what is hidden', () => {
    const deep = [aSpan(1), aSpan(2, { parent: 1 }), aSpan(3, { parent: 2 })];
    expect(
      render(<TracePage trace={aTrace(deep)} findings={[]} />, 'traces/x?collapsed=1'),
    ).toContain('1 span collapsed');
  });

  test('a trace without spans says so', () => {
    expect(render(<TracePage trace={aTrace([])} findings={[]} />)).toContain(
      'A trace without spans',
    );
  });

  test('views wait for the hub', () => {
    expect(render(<TracesView />, 'traces?service=a')).toContain('Loading the services');
    expect(render(<TraceView traceId="4bf9" />, 'traces/4bf9')).toContain('Loading the trace');
  });

  test('attributes stand by name', () => {
    expect(
      sortTags([
        ['b', '1'],
        ['a', '2'],
        ['b', '0'],
      ]),
    ).toEqual([
      ['a', '2'],
      ['b', '1'],
      ['b', '0'],
    ]);
  });
});

describe('the shell', () => {
  test('shows counts, summary, environments and where one is', () => {
    const html = render(
      <Shell
        summary={ready(aSummary)}
        edges={ready([anEdge({ state: 'drift' })])}
        environments={['production']}
        onKeyList={() => undefined}
      >
        <p>view</p>
      </Shell>,
      'i/web/shop?env=moon',
    );
    expect(html).toContain('aria-label="Map, 1 integrations with a problem"');
    expect(html).toContain('aria-label="Findings, 3 open findings"');
    expect(html).toContain('<option value="moon"');
    expect(html.match(/aria-current="page"/gu)).toHaveLength(1);
  });

  test('has words for a hub that is silent or gone', () => {
    const shell = (summary: Resource<typeof aSummary>) =>
      render(
        <Shell
          summary={summary}
          edges={{ kind: 'loading' }}
          environments={[]}
          onKeyList={() => undefined}
        >
          <p />
        </Shell>,
      );
    expect(shell({ kind: 'loading' })).toContain('Asking the hub');
    expect(
      shell({ kind: 'failed', problem: { title: 'The hub does not answer', advice: '' } }),
    ).toContain('The hub does not answer');
  });

  test('shows a problem instead of data, or beside data that is no longer fresh', () => {
    const problem = { title: 'The hub failed', advice: 'Its log says why.' };
    expect(
      render(
        <Await resource={{ kind: 'failed', problem }} what="it">
          {() => 'data'}
        </Await>,
      ),
    ).not.toContain('data');
    const stale = render(
      <Await resource={{ kind: 'ready', value: 1, at: now, problem }} what="it">
        {() => 'data'}
      </Await>,
    );
    expect(stale).toContain('What you see is from');
    expect(stale).toContain('data');
  });

  test('lists the keys, and says of an unknown address where to go', () => {
    expect(render(<KeyDialog onClose={() => undefined} />)).toContain('Go to the findings');
    expect(render(<MissingView path={hostile} />)).toContain(escaped);
    expect(render(<MoreRows shown={3} total={3} onMore={() => undefined} />)).toBe('');
  });
});
