import type { Edge, FindingResource, Summary } from '@concordat/api';
import { describe, expect, test } from 'vitest';
import { CliError } from '../terminal/cli-error.ts';
import type { VerificationRun } from '../verify/verification.ts';
import { compareFindings } from './compare-findings.ts';
import { step } from './demo-step.ts';
import { type DemoResult, demoDefects, demoJson, demoReport } from './demo-summary.ts';

function aFinding(finding: Partial<FindingResource> = {}): FindingResource {
  return {
    id: 'f1',
    kind: 'uncovered-call',
    consumer: 'web',
    provider: 'shop',
    environment: 'production',
    operation: 'GET /extra',
    versions: { consumer: ['1'], provider: ['2'] },
    firstSeen: '2026-01-01T00:00:00Z',
    lastSeen: '2026-01-01T00:00:01Z',
    count: 3,
    exemplarTraceId: 'abc',
    exemplarTraceIds: ['abc'],
    statuses: [],
    mismatches: [],
    state: 'open',
    openedAt: '2026-11-21T10:00:01Z',
    resolvedAt: null,
    resolution: null,
    acknowledgement: null,
    evidence: { window: 60, calls: 3, sampleRate: 1 },
    sentence: 'web calls GET /extra of shop and no pact promises it.',
    ...finding,
  };
}

const edge: Edge = {
  consumer: 'web',
  provider: 'shop',
  transport: 'http',
  state: 'drift',
  virtual: false,
  environments: ['production'],
  promised: 7,
  verified: 7,
  used: 6,
  notSeen: 1,
  noEvidence: 0,
  findings: 1,
  calls: 120,
  failed: 0,
  errorRate: 0,
  meanDuration: 3,
  latency: { p50: 3, p95: 4, p99: 5 },
  clientLatency: null,
  transitLatency: null,
  firstSeen: null,
  lastSeen: null,
};

const summary: Summary = {
  services: 2,
  contracts: 3,
  pacts: 1,
  providerContracts: 2,
  interactions: 7,
  verified: 7,
  used: 6,
  notSeen: 1,
  noEvidence: 0,
  edges: 1,
  calls: 120,
  findings: { 'uncovered-call': 1 },
};

const verification: VerificationRun = { startedAt: '', seconds: 1, hubUrl: '', providers: [] };
const expected = [{ kind: 'uncovered-call', consumer: 'web', provider: 'shop' }];

function aResult(result: Partial<DemoResult> = {}): DemoResult {
  const observation = { summary, edges: [edge], findings: [aFinding()] };
  const canIDeploy = { web: true, shop: true };
  return { observation, verification, canIDeploy, expected, seconds: 20.5, ...result };
}

describe('expected findings', () => {
  test.each([
    {
      caption: 'the same',
      expectation: { ...expected[0], operation: 'GET /extra' },
      missing: 0,
      unexpected: 0,
    },
    {
      caption: 'what is left out is not compared',
      expectation: { kind: 'uncovered-call', provider: 'shop' },
      missing: 0,
      unexpected: 0,
    },
    {
      caption: 'another kind',
      expectation: { kind: 'not-seen', provider: 'shop' },
      missing: 1,
      unexpected: 1,
    },
    {
      caption: 'another provider',
      expectation: { kind: 'uncovered-call', provider: 'stock' },
      missing: 1,
      unexpected: 1,
    },
    {
      caption: 'another consumer',
      expectation: { kind: 'uncovered-call', provider: 'shop', consumer: 'app' },
      missing: 1,
      unexpected: 1,
    },
    {
      caption: 'another operation',
      expectation: { kind: 'uncovered-call', provider: 'shop', operation: 'GET /' },
      missing: 1,
      unexpected: 1,
    },
  ])('$caption', ({ expectation, missing, unexpected }) => {
    const compared = compareFindings(
      [aFinding()],
      [expectation as { kind: string; provider: string }],
    );
    expect(compared.missing).toHaveLength(missing);
    expect(compared.unexpected).toHaveLength(unexpected);
  });

  test('two findings need two expectations', () => {
    const compared = compareFindings([aFinding(), aFinding({ id: 'f2' })], expected);
    expect(compared).toMatchObject({ missing: [], unexpected: [{ id: 'f2' }] });
  });
});

describe('the demo’s summary', () => {
  test('is one line of JSON with the figures, the findings and the answers', () => {
    const line = demoJson(aResult());
    expect(line).not.toContain('\n');
    expect(JSON.parse(line)).toEqual({
      services: 2,
      contracts: 3,
      interactions: 7,
      verified: 7,
      used: 6,
      findings: [aFinding()],
      canIDeploy: { web: true, shop: true },
      seconds: 20.5,
    });
  });

  test('is a table of edges, the findings with their sentences, and the page', () => {
    const text = demoReport(aResult(), 'http://127.0.0.1:9292');
    expect(text).toMatch(/web → shop {2}http +7 +7 +6 +120 +1 {2}▲ drift/);
    expect(text).toContain('1 findings, where traffic and contracts disagree:');
    expect(text).toContain(
      '▲ uncovered-call  web → shop  GET /extra  trace abc  id f1\n    web calls GET /extra',
    );
    expect(text).toContain('The page: http://127.0.0.1:9292/ui/');
  });

  test('says it when there is nothing to find', () => {
    const observation = { summary, edges: [], findings: [] };
    expect(demoReport(aResult({ observation }), '')).toContain('✓ No findings');
  });
});

describe('the demo is well', () => {
  test('when everything was kept, can go, and was found', () => {
    expect(demoDefects(aResult())).toEqual([]);
  });

  test('and says each thing that is not', () => {
    const provider = {
      provider: 'shop',
      version: '1',
      branch: undefined,
      pacts: [],
      processOutput: '',
    };
    const providers = [{ ...provider, defect: 'does not start' }];
    const observation = {
      summary,
      edges: [],
      findings: [
        aFinding({
          kind: 'unrecorded-version',
          consumer: null,
          operation: null,
          exemplarTraceId: null,
        }),
      ],
    };
    const canIDeploy = { web: false, shop: null };
    const defects = demoDefects(
      aResult({ verification: { ...verification, providers }, observation, canIDeploy }),
    );
    expect(defects).toEqual([
      'Not every pact was verified and kept.',
      'web cannot be deployed (false).',
      'shop cannot be deployed (unknown).',
      `An expected finding is missing: ${JSON.stringify(expected[0])}.`,
      expect.stringContaining('An unexpected finding: ▲ unrecorded-version  shop  id f1\n'),
    ]);
  });
});

describe('a step of the demo', () => {
  const lines: string[] = [];
  const steps = {
    progress: (line: string) => lines.push(line),
    signal: new AbortController().signal,
  };

  test('is told with its time when it is done, and with its name when it fails', async () => {
    expect(await step(steps, 'the hub runs', async () => 7)).toBe(7);
    expect(lines.at(-1)).toMatch(/^✓ the hub runs \(\d+\.\d s\)$/);
    const failing = step(steps, 'services run', () => Promise.reject(new CliError('no port')));
    await expect(failing).rejects.toThrow("The demo stopped at 'services run': no port");
    const odd = step(steps, 'services run', () => Promise.reject('a string'));
    await expect(odd).rejects.toThrow("The demo stopped at 'services run': a string");
  });

  test('is not begun after Ctrl-C, and one that Ctrl-C broke is no failure of its own', async () => {
    const abort = new AbortController();
    const stopped = { ...steps, signal: abort.signal };
    const breaking = step(stopped, 'x', async () => {
      abort.abort();
      throw new Error('socket closed');
    });
    await expect(breaking).rejects.toThrow('aborted');
    await expect(step(stopped, 'y', async () => 1)).rejects.toThrow('aborted');
  });
});
