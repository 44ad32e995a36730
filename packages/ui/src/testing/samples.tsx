import type {
  Edge,
  EdgeDetail,
  FindingResource,
  FoundInteraction,
  InteractionResource,
  Summary,
} from '@concordat/api';
import type { ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { type Place, placeAt, type Surroundings, SurroundingsContext } from '../app/place.ts';
import type { HubClient } from '../data/hub-client.ts';
import type { Trace, TraceSpan } from '../traces/trace.ts';

export const now = Date.parse('2026-11-21T12:00:00Z');

export function anEdge(changes: Partial<Edge> = {}): Edge {
  return {
    consumer: 'web',
    provider: 'shop',
    transport: 'http',
    state: 'kept',
    virtual: false,
    environments: ['production'],
    promised: 3,
    verified: 3,
    used: 3,
    notSeen: 0,
    noEvidence: 0,
    findings: 0,
    calls: 1200,
    failed: 3,
    errorRate: 0.0025,
    meanDuration: 12.4,
    latency: { p50: 9.8, p95: 31, p99: 88 },
    clientLatency: { p50: 11.2, p95: 36, p99: 95 },
    transitLatency: null,
    firstSeen: '2026-11-21T10:00:00Z',
    lastSeen: '2026-11-21T11:55:00Z',
    ...changes,
  };
}

export function aFinding(changes: Partial<FindingResource> = {}): FindingResource {
  return {
    id: 'f1',
    kind: 'uncovered-call',
    consumer: 'web',
    provider: 'shop',
    environment: 'production',
    operation: 'GET /offers',
    versions: { consumer: ['1'], provider: ['7'] },
    firstSeen: '2026-11-21T10:00:00Z',
    lastSeen: '2026-11-21T11:55:00Z',
    count: 41,
    exemplarTraceId: 'a'.repeat(32),
    exemplarTraceIds: ['a'.repeat(32)],
    statuses: [],
    mismatches: [],
    state: 'open',
    openedAt: '2026-11-21T10:00:01Z',
    resolvedAt: null,
    resolution: null,
    acknowledgement: null,
    evidence: { window: 7200, calls: 1200, sampleRate: 1 },
    sentence: 'web calls GET /offers of shop, which none of its pacts promises.',
    ...changes,
  };
}

type Interaction = EdgeDetail['interactions'][number];

export function anInteraction(changes: Partial<Interaction> = {}): Interaction {
  return {
    description: 'a request for an order',
    providerStates: ['order 7 exists'],
    transport: 'http',
    operation: 'GET /orders/{id}',
    status: 200,
    verification: 'success',
    lastVerification: {
      ...{ result: 'passed', traceId: 'c'.repeat(32), providerVersion: '7', mismatches: [] },
      verifiedAt: '2026-11-21T09:00:00Z',
    },
    usage: 'used',
    count: 320,
    firstSeen: '2026-11-21T10:00:00Z',
    lastSeen: '2026-11-21T11:55:00Z',
    exemplarTraceId: 'b'.repeat(32),
    indistinguishableFrom: [],
    ...changes,
  };
}

export function aDetail(changes: Partial<EdgeDetail> = {}): EdgeDetail {
  return {
    consumer: 'web',
    provider: 'shop',
    edges: [anEdge()],
    pacts: [
      {
        consumerVersion: '1.0/rc',
        sha: 'abcdef0123456789',
        verification: 'success',
        providerVersion: '7',
        verifiedAt: '2026-11-21T09:00:00Z',
      },
    ],
    interactions: [anInteraction()],
    operations: [
      {
        operation: 'GET /orders/{id}',
        transport: 'http',
        statuses: { '200': 320 },
        calls: 320,
        failed: 0,
        errorRate: 0,
        latency: { p50: 9.8, p95: 31, p99: 88 },
        promised: true,
        lastSeen: '2026-11-21T11:55:00Z',
        exemplarTraceId: 'b'.repeat(32),
        guard: null,
      },
    ],
    triggeredBy: [],
    findings: [],
    evidence: { window: 7200, calls: 1200, sampleRate: 0.5 },
    ...changes,
  };
}

export const aSummary: Summary = {
  services: 7,
  contracts: 13,
  pacts: 6,
  providerContracts: 7,
  interactions: 21,
  verified: 20,
  used: 18,
  notSeen: 1,
  noEvidence: 2,
  edges: 6,
  calls: 12_345,
  findings: { 'uncovered-call': 2, 'not-seen': 1 },
};

export const aTraceId = '4bf92f3577b34da6a3ce929d0e0e4736';

/** `id` numbers the span, `parent` names the number of its parent in the same trace. */
export function aSpan(
  id: number,
  changes: Partial<TraceSpan> & { readonly parent?: number } = {},
): TraceSpan {
  const { parent, ...rest } = changes;
  return {
    spanId: spanId(id),
    name: `work ${id}`,
    service: 'shop',
    resource: [['service.version', '7']],
    references:
      parent === undefined ? [] : [{ kind: 'child-of', traceId: aTraceId, spanId: spanId(parent) }],
    start: 1_763_726_400_000_000 + id * 10,
    duration: 100,
    tags: [],
    logs: [],
    warnings: [],
    kind: 'server',
    failed: false,
    ...rest,
  };
}

export function aTrace(spans: readonly TraceSpan[]): Trace {
  return { traceId: aTraceId, spans, warnings: [], clocks: 'recorded' };
}

export function spanId(id: number): string {
  return id.toString(16).padStart(16, '0');
}

/** A place at an address below `/ui/`; what the view does with it is written to `went`. */
export function aPlace(address = 'map', went: string[] = []): Place {
  const { pathname, search } = new URL(address, 'http://hub:9292/ui/');
  return placeAt(
    { pathname, search },
    { base: '/ui/', hub: 'http://hub:9292/', go: (href, how) => went.push(`${how} ${href}`) },
  );
}

/** A hit of the search over interactions. */
export function aHit(changes: Partial<FoundInteraction> = {}): FoundInteraction {
  return {
    consumer: 'phone',
    provider: 'maps',
    sha: 'c'.repeat(40),
    consumerVersion: '1.2',
    position: 0,
    kind: 'synchronous-message',
    description: 'find a feature',
    summary: 'grpc (application/protobuf) → application/protobuf',
    lines: ['plugin protobuf 0.3.4'],
    ...changes,
  };
}

/** The interaction of the hit in full. */
export function aDescribed(changes: Partial<InteractionResource> = {}): InteractionResource {
  return {
    position: 0,
    id: 'a1',
    kind: 'synchronous-message',
    description: 'find a feature',
    summary: 'grpc (application/protobuf) → application/protobuf',
    providerStates: [{ name: 'a feature', parameters: '{"id":7}' }],
    pending: true,
    transport: 'grpc',
    comments: ['why'],
    plugins: [{ name: 'protobuf', version: '0.3.4', configuration: '{}' }],
    markup: { text: '<b>Feature</b>', type: 'HTML' },
    parts: [
      {
        name: 'request',
        headline: 'GET /x',
        headers: [{ name: 'Accept', value: '*/*' }],
        body: { form: 'base64', text: 'CgA=', mediaType: 'application/protobuf' },
        rules: [{ place: 'body $.id', text: 'type' }],
        generators: [{ place: 'body $.id', text: 'Uuid' }],
      },
      { name: 'response', headline: '', headers: [], body: null, rules: [], generators: [] },
    ],
    ...changes,
  };
}

const never = () => new Promise<never>(() => undefined);

/** A client that never answers, so that views show their waiting state. */
export const silentClient: HubClient = {
  summary: never,
  edges: never,
  edgesSince: never,
  edge: never,
  findings: never,
  finding: never,
  acknowledge: never,
  unacknowledge: never,
  deployments: never,
  recordRunning: never,
  aliasSuggestions: never,
  addAlias: never,
  usage: never,
  canIRemove: never,
  stream: () => undefined,
  interactions: never,
  monitored: never,
  monitor: never,
  pact: never,
  services: never,
  operations: never,
  traces: never,
  trace: never,
};

/** The markup of a view at an address; nothing of it runs. */
export function render(view: ReactNode, address = 'map'): string {
  const surroundings: Surroundings = {
    place: aPlace(address),
    client: silentClient,
    now,
    takeCommands: () => () => undefined,
  };
  return renderToStaticMarkup(
    <SurroundingsContext value={surroundings}>{view}</SurroundingsContext>,
  );
}
