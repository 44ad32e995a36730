import {
  type Call,
  type Finding,
  latencyBucket,
  latencyBuckets,
  type OperationMinute,
} from '@concordat/domain';
import { describe, expect, test } from 'vitest';
import { type ContractFigures, HubMetrics } from './hub-metrics.ts';
import { textFormatFor } from './text-format.ts';

const at = new Date(Date.UTC(2026, 0, 31));

const finding: Finding = {
  id: '1',
  kind: 'uncovered-call',
  consumer: 'web',
  provider: 'shop',
  environment: undefined,
  operation: 'GET /x',
  versions: { consumer: [], provider: [] },
  firstSeen: '',
  lastSeen: '',
  count: 1,
  exemplarTraceId: undefined,
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
  sentence: '',
};

const pair = {
  consumer: 'web',
  provider: 'shop',
  verified: true,
  verifiedAt: at,
  operations: { covered: 2, unused: 1, uncovered: 0 },
};

function someMetrics(figures: Partial<ContractFigures> = {}) {
  const contracts = {
    pairs: [pair, { ...pair, consumer: 'new', verified: undefined, verifiedAt: undefined }],
    findings: [finding, { ...finding, id: '2' }, { ...finding, id: '3', consumer: undefined }],
    deployments: [{ pacticipant: 'shop', version: '7', environment: 'production' }],
    ...figures,
  };
  const metrics = new HubMetrics({
    contracts: async () => contracts,
    ingest: () => ({
      accepted: { 'otlp-json': 3 },
      rejectedSpans: 1,
      decodeErrors: 4,
      unkept: { metrics: 10, logs: 11 },
      requests: { 'jaeger-udp': { taken: 12, overloaded: 13 } },
      pairing: {
        ...{ unpairedCallers: 5, unpairedCallees: 6, dropped: 7, duplicates: 8 },
        malformedVerdicts: 9,
      },
      forward: { forwardedSpans: 15, droppedSpans: 16, rejectedSpans: 17, queuedBytes: 18 },
      droppedCalls: 9,
      droppedOperations: 14,
    }),
  });
  return { metrics, contracts };
}

function aCall(more: Partial<Call> = {}): Call {
  return {
    consumer: { service: 'web', version: '1', virtual: false },
    provider: { service: 'shop', version: '7', virtual: false },
    environment: 'production',
    exchange: { kind: 'http', method: 'GET', path: '/', query: '', route: '/', status: 200 },
    traceId: 'abc',
    clientSpanId: 'c',
    serverSpanId: 's',
    atMicros: 0,
    clientDurationMicros: 30_000_000,
    serverDurationMicros: 3000,
    failed: false,
    weight: 1,
    inferred: false,
    ...more,
  };
}

function anOperation(more: Partial<OperationMinute> & { readonly micros?: number } = {}) {
  const { micros = 3000, calls = 2, ...rest } = more;
  const buckets = new Array<number>(latencyBuckets).fill(0);
  buckets[latencyBucket(micros)] = calls;
  return {
    service: 'shop',
    environment: 'production',
    operation: 'GET /orders',
    kind: 'server',
    status: 'unset',
    minute: 1,
    calls,
    durationMicros: micros * calls,
    buckets,
    exemplar: { traceId: 'def', durationMicros: micros },
    ...rest,
  } satisfies OperationMinute;
}

describe('the metrics', () => {
  test('tell spans as the span metrics connector does, whatever minute they began in', async () => {
    const { metrics } = someMetrics();
    metrics.observeOperations([anOperation(), anOperation({ minute: 2, micros: 70_000 })], at);
    metrics.observeOperations([anOperation({ environment: 'staging', status: 'error' })], at);
    const { text } = await metrics.text('openmetrics');
    const labels =
      'service_name="shop",span_name="GET /orders",span_kind="SPAN_KIND_SERVER",status_code=';
    expect(text).toContain('# TYPE traces_span_metrics_calls counter');
    expect(text).toContain(`traces_span_metrics_calls_total{${labels}"STATUS_CODE_UNSET"} 4`);
    expect(text).toContain(`traces_span_metrics_calls_total{${labels}"STATUS_CODE_ERROR"} 2`);
    const durations = 'traces_span_metrics_duration_milliseconds';
    const bucket = (le: string) =>
      new RegExp(`${durations}_bucket\\{[^}]*STATUS_CODE_UNSET",le="${le}"\\} (.*)`).exec(
        text,
      )?.[1];
    expect([bucket('2'), bucket('4'), bucket('50'), bucket('100'), bucket('\\+Inf')]).toEqual([
      '0',
      '2 # {trace_id="def"} 3 1769817600',
      '2',
      '4 # {trace_id="def"} 70 1769817600',
      '4',
    ]);
    expect(text).toContain(`${durations}_sum{${labels}"STATUS_CODE_UNSET"} 146`);
    expect(text).toContain(`${durations}_count{${labels}"STATUS_CODE_UNSET"} 4`);
  });

  test('share lines for operations beyond the bound, and count them', async () => {
    const { metrics } = someMetrics();
    const operations = Array.from({ length: 5002 }, (_, at) =>
      anOperation({ operation: `o${at}`, calls: 1 }),
    );
    metrics.observeOperations([...operations, anOperation({ kind: 'client', calls: 1 })], at);
    const { text } = await metrics.text('openmetrics');
    const overflow = 'service_name="__overflow__",span_name="__overflow__"';
    const unset = 'status_code="STATUS_CODE_UNSET"';
    expect(text).toContain(`${overflow},span_kind="SPAN_KIND_SERVER",${unset}} 2`);
    expect(text).toContain(`${overflow},span_kind="SPAN_KIND_CLIENT",${unset}} 1`);
    expect(text).toContain('concordat_monitor_overflowed_spans_total 3');
  });

  test('write names as text that any reader can take apart again', async () => {
    const { metrics } = someMetrics();
    metrics.observeOperations([anOperation({ operation: 'a "b"\\c\nd' })], at);
    const { text } = await metrics.text('openmetrics');
    expect(text).toContain(String.raw`span_name="a \"b\"\\c\nd"`);
  });

  test('tell how long messages travel, and of requests no such thing', async () => {
    const { metrics } = someMetrics();
    const exchange = { kind: 'message', system: 'kafka', destination: 'e', event: 'x' } as const;
    metrics.observeCalls([aCall(), aCall({ exchange, transitMicros: 90_000 })], at);
    const { text } = await metrics.text('openmetrics');
    const name = 'traces_service_graph_request_messaging_system_seconds';
    const edge = 'client="shop",server="web",connection_type="messaging_system"';
    expect(text.match(new RegExp(`${name}_count`, 'g'))).toHaveLength(1);
    expect(text).toContain(`${name}_count{${edge}} 1`);
    expect(text).toContain(`${name}_sum{${edge}} 0.09`);
  });

  test('tell calls as the service graph does, with exemplars for a scraper that takes them', async () => {
    const { metrics } = someMetrics();
    metrics.observeCalls([aCall(), aCall({ failed: true, weight: 2 })], at);
    const { type, text } = await metrics.text('openmetrics');
    expect(type).toContain('application/openmetrics-text');
    expect(text).toContain('# TYPE traces_service_graph_request counter');
    expect(text).toMatch(
      /traces_service_graph_request_total\{client="web",server="shop",connection_type=""\} 3 # \{trace_id="abc"\} 2 1769817600/,
    );
    expect(text).toMatch(/traces_service_graph_request_failed_total\{[^}]*\} 2/);
    expect(text).toMatch(/request_server_seconds_bucket\{[^}]*le="0.002"[^}]*\} 0/);
    expect(text).toMatch(
      /request_server_seconds_bucket\{[^}]*le="0.004"[^}]*\} 3 # \{trace_id="abc"\}/,
    );
    expect(text).toMatch(/request_client_seconds_bucket\{[^}]*le="15"[^}]*\} 0/);
    expect(text).toMatch(/request_client_seconds_bucket\{[^}]*le="\+Inf"[^}]*\} 3/);
    expect(text).toMatch(/request_client_seconds_sum\{[^}]*\} 90/);
    expect(text).toMatch(/request_client_seconds_count\{[^}]*\} 3/);
    expect(text.endsWith('# EOF\n')).toBe(true);
  });

  test('keep their names in the older text format, however often both are asked for', async () => {
    const { metrics } = someMetrics();
    metrics.observeCalls([aCall()], at);
    await metrics.text('openmetrics');
    const { type, text } = await metrics.text('prometheus');
    expect(type).toContain('text/plain');
    expect(text).toContain('# TYPE traces_service_graph_request_total counter');
    expect(text).toContain('# TYPE contract_operations gauge');
    expect(text).toMatch(/^traces_service_graph_request_total\{[^}]*\} 1$/m);
    expect(text).not.toContain('trace_id');
    expect(text).not.toContain('# EOF');
  });

  test.each<readonly [string, Partial<Call>, string]>([
    [
      'an event comes from its producer',
      { exchange: { kind: 'message', system: 'rabbitmq', destination: 'e', event: 'x' } },
      'client="shop",server="web",connection_type="messaging_system"',
    ],
    [
      'a guessed peer is marked',
      { consumer: { service: 'user', version: undefined, virtual: true } },
      'client="user",server="shop",connection_type="virtual_node"',
    ],
    [
      'a database is one',
      {
        provider: { service: 'orders', version: undefined, virtual: true },
        exchange: {
          kind: 'database',
          system: 'postgresql',
          namespace: 'orders',
          operation: 'SELECT',
        },
      },
      'client="web",server="orders",connection_type="database"',
    ],
  ])('%s', async (_caption, more, labels) => {
    const { metrics } = someMetrics();
    metrics.observeCalls([aCall({ ...more, serverDurationMicros: undefined })], at);
    const { text } = await metrics.text('openmetrics');
    expect(text).toContain(`traces_service_graph_request_total{${labels}} 1`);
    expect(text).toContain(`traces_service_graph_request_server_seconds_count{${labels}} 0`);
  });

  test('leave out what went through a gateway: its own calls are there', async () => {
    const { metrics } = someMetrics();
    metrics.observeCalls([aCall({ via: 'gateway' })], at);
    const { text } = await metrics.text('openmetrics');
    expect(text).not.toContain('traces_service_graph_request_total{');
  });

  test('share one line for edges beyond the bound', async () => {
    const { metrics } = someMetrics();
    const calls = Array.from({ length: 5002 }, (_, at) =>
      aCall({ consumer: { service: `web-${at}`, version: undefined, virtual: false } }),
    );
    metrics.observeCalls(calls, at);
    const { text } = await metrics.text('openmetrics');
    expect(text).toMatch(
      /request_total\{client="__overflow__",server="__overflow__",connection_type=""\} 2 /,
    );
  });

  test('tell how contracts are kept', async () => {
    const { metrics } = someMetrics();
    const { text } = await metrics.text('openmetrics');
    expect(text).toContain('contract_verification_status{consumer="web",provider="shop"} 1');
    expect(text).not.toContain('contract_verification_status{consumer="new"');
    expect(text).toContain(
      `contract_verification_last_timestamp_seconds{consumer="web",provider="shop"} ${at.getTime() / 1000}`,
    );
    expect(text).toContain('contract_operations{consumer="web",provider="shop",state="covered"} 2');
    expect(text).toContain('contract_operations{consumer="web",provider="shop",state="unused"} 1');
    expect(text).toContain(
      'contract_drift_open_findings{consumer="web",provider="shop",kind="uncovered-call"} 2',
    );
    expect(text).toContain(
      'contract_drift_open_findings{consumer="",provider="shop",kind="uncovered-call"} 1',
    );
    expect(text).toContain(
      'deployment_info{service="shop",version="7",environment="production"} 1',
    );
  });

  test('tell findings that somebody lets be apart from open ones', async () => {
    const acknowledged = { ...finding, life: { ...finding.life, state: 'acknowledged' as const } };
    const { metrics } = someMetrics({ findings: [acknowledged] });
    const { text } = await metrics.text('openmetrics');
    expect(text).toContain(
      'contract_drift_acknowledged_findings{consumer="web",provider="shop",kind="uncovered-call"} 1',
    );
    expect(text).not.toContain('contract_drift_open_findings{');
  });

  test('count a finding once while it is open, and again when it comes back', async () => {
    const { metrics, contracts } = someMetrics({ findings: [finding] });
    const total = async () =>
      /findings_total\{[^}]*\} (\d+)/.exec((await metrics.text('openmetrics')).text)?.[1];
    expect([await total(), await total()]).toEqual(['1', '1']);
    Object.assign(contracts, { findings: [] });
    expect(await total()).toBe('1');
    Object.assign(contracts, { findings: [finding] });
    expect(await total()).toBe('2');
  });

  test('count business events, and verification results by how they ended', async () => {
    const { metrics } = someMetrics();
    const result = { at, consumer: 'web', provider: 'shop', providerVersion: '7', sha: 'abc' };
    for (const success of [true, true, false]) {
      metrics.observeEvent({ ...result, kind: 'verificationPublished', success });
    }
    metrics.observeEvent({ kind: 'contractsDeleted', at });
    const { text } = await metrics.text('openmetrics');
    expect(text).toContain('concordat_business_events_total{kind="verificationPublished"} 3');
    expect(text).toContain('concordat_business_events_total{kind="contractsDeleted"} 1');
    const run = 'contract_verification_runs_total{consumer="web",provider="shop",result=';
    expect(text).toContain(`${run}"success"} 2`);
    expect(text).toContain(`${run}"failed"} 1`);
  });

  test('tell what came in and how the process does', async () => {
    const { text } = await someMetrics().metrics.text('openmetrics');
    expect(text).toContain('concordat_ingest_spans_total{transport="otlp-json"} 3');
    expect(text).toContain('concordat_ingest_rejected_spans_total 1');
    expect(text).toContain('concordat_ingest_decode_errors_total 4');
    for (const [outcome, count] of [
      ['taken', 12],
      ['overloaded', 13],
    ]) {
      const labels = `transport="jaeger-udp",outcome="${outcome}"`;
      expect(text).toContain(`concordat_ingest_requests_total{${labels}} ${count}`);
    }
    expect(text).toContain('traces_service_graph_unpaired_spans_total{side="client"} 5');
    expect(text).toContain('traces_service_graph_unpaired_spans_total{side="server"} 6');
    expect(text).toContain('traces_service_graph_dropped_spans_total 7');
    expect(text).toContain('concordat_ingest_duplicate_spans_total 8');
    expect(text).toContain('concordat_guard_malformed_verdicts_total 9');
    expect(text).toContain('concordat_forward_spans_total{outcome="forwarded"} 15');
    expect(text).toContain('concordat_forward_spans_total{outcome="dropped"} 16');
    expect(text).toContain('concordat_forward_spans_total{outcome="rejected"} 17');
    expect(text).toContain('concordat_forward_queued_bytes 18');
    expect(text).toContain('concordat_insights_dropped_calls_total 9');
    expect(text).toContain('concordat_monitor_dropped_spans_total 14');
    expect(text).toMatch(/process_resident_memory_bytes \d{7,}/);
    expect(text).toMatch(/nodejs_eventloop_utilization_ratio [0-9.]+/);
  });
});

test.each([
  ['application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.3,*/*;q=0.1', 'openmetrics'],
  ['text/plain;version=0.0.4', 'prometheus'],
  ['*/*', undefined],
  ['application/json', undefined],
  ['', undefined],
])('Accept "%s" asks for %s', (accept, format) => {
  expect(textFormatFor(accept)).toBe(format);
});
