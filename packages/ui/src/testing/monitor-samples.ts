import type { Service, ServiceDetail, ServiceOperation } from '@concordat/api';

export function aService(changes: Partial<Service> = {}): Service {
  return {
    service: 'orders',
    environments: ['production'],
    calls: 7200,
    rate: 2,
    errorRate: 0.01,
    latency: { p50: 3, p95: 12, p99: 40 },
    operations: 4,
    lastSeen: '2026-11-21T11:59:00Z',
    ...changes,
  };
}

export function anOperation(changes: Partial<ServiceOperation> = {}): ServiceOperation {
  const mean = changes.meanDuration ?? 4;
  return {
    name: 'GET /orders/{id}',
    kind: 'server',
    calls: 3600,
    rate: 1,
    errorRate: 0,
    meanDuration: mean,
    latency: { p50: mean, p95: mean * 3, p99: mean * 9 },
    exemplarTraceId: 'e'.repeat(32),
    points: [{ at: '2026-11-21T11:30:00Z', calls: 60, errors: 2, p95: 12 }],
    ...changes,
  };
}

export function aServiceDetail(changes: Partial<ServiceDetail> = {}): ServiceDetail {
  return {
    service: 'orders',
    environment: null,
    environments: ['production'],
    since: '2026-11-21T11:00:00Z',
    until: '2026-11-21T12:00:00Z',
    step: 60,
    operations: [anOperation()],
    ...changes,
  };
}
