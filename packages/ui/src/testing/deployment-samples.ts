import type {
  AliasSuggestionResource,
  DeploymentResource,
  OperationUsage,
  Removal,
  RunningVersionResource,
} from '@concordat/api';

export function aRunningVersion(
  changes: Partial<RunningVersionResource> = {},
): RunningVersionResource {
  return {
    version: '7',
    state: 'running',
    exists: true,
    hasContracts: true,
    recorded: [{ how: 'deployed', since: '2026-11-21T09:00:00Z', applicationInstance: null }],
    firstSeen: '2026-11-21T10:00:00Z',
    lastSeen: '2026-11-21T11:55:00Z',
    calls: 120,
    exemplarTraceId: 'b'.repeat(32),
    sentAs: [{ service: 'shop', version: '7' }],
    recognisedBy: 'exact',
    candidates: [],
    ...changes,
  };
}

export function aDeployment(changes: Partial<DeploymentResource> = {}): DeploymentResource {
  return {
    environment: 'production',
    environmentExists: true,
    pacticipant: 'shop',
    versions: [aRunningVersion()],
    mixed: null,
    ...changes,
  };
}

export function aSuggestion(
  changes: Partial<AliasSuggestionResource> = {},
): AliasSuggestionResource {
  return {
    service: 'Shop-Service',
    pacticipant: 'shop',
    score: 0.86,
    reasons: ['the ending "service" is left out'],
    alternatives: ['shop-api'],
    calls: 12,
    lastSeen: '2026-11-21T11:55:00Z',
    virtual: false,
    ...changes,
  };
}

export function aUsage(changes: Partial<OperationUsage> = {}): OperationUsage {
  return {
    provider: 'shop',
    operation: 'GET /orders/{id}',
    transport: 'http',
    promised: true,
    declaredBy: [],
    usage: 'used',
    count: 40,
    firstSeen: '2026-11-21T10:00:00Z',
    lastSeen: '2026-11-21T11:55:00Z',
    evidence: {
      window: 7200,
      calls: 40,
      sampleRate: 1,
      since: null,
      floor: { calls: 100, window: 3600 },
    },
    exemplarTraceIds: [],
    interactions: [],
    callers: [aCaller(), aCaller({ consumer: 'phone' })],
    ...changes,
  };
}

type Caller = OperationUsage['callers'][number];

export function aCaller(changes: Partial<Caller> = {}): Caller {
  return {
    consumer: 'web',
    consumerVersion: '1.0',
    providerVersion: '7',
    environment: 'production',
    promised: true,
    count: 40,
    statuses: { '200': 40 },
    firstSeen: '2026-11-21T10:00:00Z',
    lastSeen: '2026-11-21T11:55:00Z',
    exemplarTraceId: 'b'.repeat(32),
    ...changes,
  };
}

export function aRemoval(changes: Partial<Removal> = {}): Removal {
  return {
    answer: 'no',
    provider: 'shop',
    operations: ['GET /orders/{id}'],
    field: null,
    environment: null,
    since: '2026-10-22T12:00:00Z',
    until: '2026-11-21T12:00:00Z',
    reasons: [
      {
        kind: 'called',
        answer: 'no',
        consumers: ['web'],
        sentence: 'web called it in the window.',
      },
    ],
    promisedBy: [],
    receivers: [],
    calledBy: [
      {
        consumer: 'web',
        version: '1.0',
        environment: null,
        count: 40,
        lastSeen: '2026-11-21T11:55:00Z',
        exemplarTraceId: 'b'.repeat(32),
      },
    ],
    fieldUsage: [],
    knownFields: [],
    evidence: { window: 7200, calls: 40, sampleRate: 1 },
    ...changes,
  };
}
