import type { Finding } from '@concordat/domain';
import { describe, expect, test } from 'vitest';
import type { OperationTotals } from './call-count-store.ts';
import type { InteractionUsage } from './interaction-usage.ts';
import { qualityAnswer } from './quality-answer.ts';
import type { QualityFacts, QualityPair } from './quality-facts.ts';

const options = { hours: 24, pageUrl: 'http://hub.example/ui/' };

function operation(parts: Partial<OperationTotals> = {}): OperationTotals {
  return {
    transport: 'http',
    operation: 'GET /orders/{id}',
    status: '200',
    calls: 10,
    failed: 0,
    lastSeen: 1,
    exemplarTraceId: 'seen',
    ...parts,
  };
}

function promise(
  parts: Partial<InteractionUsage> & { readonly status?: number | undefined } = {},
): InteractionUsage {
  const { status = 200, ...more } = parts;
  return {
    interaction: { operation: 'GET /orders/{id}', status } as InteractionUsage['interaction'],
    verification: 'success',
    usage: 'used',
    count: 10,
    firstSeen: 1,
    lastSeen: 1,
    exemplarTraceId: 'used',
    evidence: { window: 1, calls: 1, sampleRate: 1 },
    indistinguishableFrom: [],
    ...more,
  };
}

function pair(parts: Partial<QualityPair> = {}): QualityPair {
  return {
    consumer: 'web',
    provider: 'shop',
    interactions: [promise()],
    operations: [operation()],
    consumerVersions: ['2', '1'],
    ...parts,
  };
}

function facts(parts: Partial<QualityFacts> = {}): QualityFacts {
  return {
    service: 'shop',
    pairs: [pair()],
    findings: [],
    versions: [{ version: '7', environment: 'production', isRecorded: true, exemplarTraceId: 'v' }],
    consumers: [{ consumer: 'web', version: '2', calls: 10, exemplarTraceId: 'c' }],
    ...parts,
  };
}

const finding: Finding = {
  id: '1',
  kind: 'uncovered-call',
  consumer: 'web',
  provider: 'shop',
  environment: 'production',
  operation: 'GET /carts',
  versions: { consumer: [], provider: [] },
  firstSeen: '',
  lastSeen: '',
  count: 3,
  exemplarTraceId: 'odd',
  exemplarTraceIds: [],
  statuses: [],
  mismatches: [],
  life: {
    state: 'open',
    openedAt: '',
    resolvedAt: undefined,
    resolution: undefined,
    acknowledgement: undefined,
  },
  evidence: { window: 0, calls: 1, sampleRate: 1 },
  sentence: 'Promise it.',
};

function metric(given: QualityFacts, name: string) {
  return qualityAnswer(given, options).metrics.find((one) => one.name === name);
}

describe('the quality of a service', () => {
  test('that keeps everything is 100 in every respect', () => {
    const answer = qualityAnswer(facts(), options);
    expect(answer.traceQualityDocumentationLink).toBe('http://hub.example/ui/findings');
    expect(answer.bannerText.value).toBe(
      '"shop" keeps its contracts at 100 of 100, over the last 24 hours.',
    );
    expect(answer.scores).toEqual([
      { key: 'overall', label: 'Contracts kept', max: 100, value: 100 },
      { key: 'traffic', label: 'Traffic', max: 100, value: 100 },
      { key: 'contracts', label: 'Contracts', max: 100, value: 100 },
      { key: 'deployments', label: 'Deployments', max: 100, value: 100 },
      { key: 'findings', label: 'Findings', max: 100, value: 100 },
    ]);
    expect(
      answer.metrics.map(({ metricWeight }) => metricWeight).reduce((a, b) => a + b),
    ).toBeCloseTo(1);
    expect(answer.clients).toEqual([
      { version: 'web 2', minVersion: '2, 1', count: 10, examples: [{ traceID: 'c' }] },
    ]);
  });

  test('that nobody knows is a legal answer without scores', () => {
    const nobody = { service: 'nobody', pairs: [], findings: [], versions: [], consumers: [] };
    expect(qualityAnswer(nobody, { ...options, hours: 1 })).toEqual({
      traceQualityDocumentationLink: 'http://hub.example/ui/findings',
      bannerText: {
        value: 'No contract and no call of "nobody" is known for the last hour.',
        styling: expect.any(Object),
      },
      scores: [],
      metrics: [],
      clients: [],
    });
  });

  test('weighs what is decided: an uncovered half of the calls costs half of that weight', () => {
    const operations = [
      operation(),
      operation({ operation: 'GET /carts', exemplarTraceId: 'odd' }),
    ];
    const given = facts({ pairs: [pair({ operations })] });
    expect(metric(given, 'Calls covered by contracts')).toEqual({
      name: 'Calls covered by contracts',
      category: 'Traffic',
      description: expect.any(String),
      metricDocumentationLink: 'http://hub.example/ui/findings',
      metricWeight: 0.25,
      passCount: 10,
      passExamples: [{ traceID: 'seen' }],
      failureCount: 10,
      failureExamples: [{ traceID: 'odd' }],
    });
    const { scores, bannerText } = qualityAnswer(given, options);
    expect(scores[0]?.value).toBe(88);
    expect(bannerText.styling.background).toBe('#fdf0d0');
  });

  test('tells answers nobody promised, and does not blame calls that got none', () => {
    const operations = [
      operation(),
      operation({ status: '500', calls: 4, exemplarTraceId: 'broken' }),
      operation({ status: 'none', calls: 2, exemplarTraceId: 'lost' }),
      operation({ status: 'message', operation: 'send order.placed' }),
      operation({ operation: 'GET /carts' }),
    ];
    expect(
      metric(facts({ pairs: [pair({ operations })] }), 'Answers with a promised status'),
    ).toMatchObject({
      ...{ passCount: 10, failureCount: 4, exemptionCount: 2 },
      failureExamples: [{ traceID: 'broken' }],
      exemptionExamples: [{ traceID: 'lost' }],
    });
  });

  test('leaves out what is not verified yet and what there is no evidence about', () => {
    const interactions = [
      promise(),
      promise({ verification: 'failed', usage: 'not-seen', exemplarTraceId: undefined }),
      promise({ verification: 'unverified', usage: 'no-evidence', exemplarTraceId: undefined }),
    ];
    const given = facts({ pairs: [pair({ interactions })] });
    for (const name of ['Promises verified', 'Promises used']) {
      expect(metric(given, name)).toMatchObject({
        ...{ passCount: 1, failureCount: 1, exemptionCount: 1 },
        ...{ passExamples: [{ traceID: 'used' }], failureExamples: [], exemptionExamples: [] },
      });
    }
    const unverified = facts({
      pairs: [
        pair({
          operations: [],
          interactions: [promise({ verification: 'unverified', usage: 'no-evidence' })],
        }),
      ],
      versions: [],
    });
    expect(qualityAnswer(unverified, options).scores).toEqual([
      { key: 'overall', label: 'Contracts kept', max: 100, value: 100 },
      { key: 'findings', label: 'Findings', max: 100, value: 100 },
    ]);
  });

  test('tells versions that run and were never recorded', () => {
    const versions = [
      { version: '7', environment: 'production', isRecorded: true, exemplarTraceId: 'v7' },
      { version: '8', environment: 'production', isRecorded: false, exemplarTraceId: 'v8' },
    ];
    expect(metric(facts({ versions }), 'Running versions recorded')).toMatchObject({
      ...{ passCount: 1, failureCount: 1 },
      failureExamples: [{ traceID: 'v8' }],
    });
  });

  test('shows open findings in a table', () => {
    const findings = [
      finding,
      { ...finding, consumer: undefined, operation: undefined, exemplarTraceId: undefined },
    ];
    const given = facts({ findings, pairs: [pair(), pair({ consumer: 'app' })] });
    const agreed = metric(given, 'No disagreement of traffic and contracts');
    expect(agreed).toMatchObject({
      ...{ passCount: 1, failureCount: 2, failureExamples: [{ traceID: 'odd' }] },
    });
    const [table] = agreed?.details ?? [];
    expect(table?.columns.map(({ key }) => key)).toEqual(Object.keys(table?.rows[0] ?? {}));
    expect(table?.rows).toMatchObject([
      { Kind: 'uncovered-call', Consumer: 'web', Calls: 3, 'What to do': 'Promise it.' },
      { Consumer: '', Operation: '' },
    ]);
  });

  test('that breaks most of it stands on red', () => {
    const operations = [operation({ operation: 'GET /carts' })];
    const interactions = [promise({ verification: 'failed', usage: 'not-seen' })];
    const given = facts({ pairs: [pair({ operations, interactions })], findings: [finding] });
    const { bannerText } = qualityAnswer(given, options);
    expect(bannerText.styling.background).toBe('#fbdcdc');
  });

  test('names callers without a version and without a pact', () => {
    const consumers = [{ consumer: 'user', version: '', calls: 2.4, exemplarTraceId: 'u' }];
    expect(qualityAnswer(facts({ consumers }), options).clients).toEqual([
      { version: 'user', minVersion: '', count: 2, examples: [{ traceID: 'u' }] },
    ]);
  });
});
