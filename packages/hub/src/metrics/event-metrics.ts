import { Counter, type Registry } from 'prom-client';
import type { BusinessEvent } from '../events.ts';

/** Counts business events; the answer is to be told each one. */
export function countEvents(registry: Registry): (event: BusinessEvent) => void {
  const events = new Counter({
    name: 'concordat_business_events',
    help: 'Contracts published, results, deployments and the like, by kind.',
    labelNames: ['kind'],
    registers: [registry],
  });
  const runs = new Counter({
    name: 'contract_verification_runs',
    help: 'Verification results published, by how they ended.',
    labelNames: ['consumer', 'provider', 'result'],
    registers: [registry],
  });
  const cleaned = new Counter({
    name: 'concordat_cleaned_rows',
    help: 'What clean-ups have removed, by kind.',
    labelNames: ['kind'],
    registers: [registry],
  });
  return (event) => {
    events.inc({ kind: event.kind });
    if (event.kind === 'dataCleaned') {
      for (const kind of cleanedKinds) cleaned.inc({ kind }, event[kind]);
    }
    if (event.kind !== 'verificationPublished') return;
    const { consumer, provider, success } = event;
    runs.inc({ consumer, provider, result: success ? 'success' : 'failed' });
  };
}

const cleanedKinds = ['versions', 'branches', 'publications', 'contents', 'results'] as const;
