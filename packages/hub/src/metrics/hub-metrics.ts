import type { Call, Finding, OperationMinute } from '@concordat/domain';
import type { RequestHandler } from 'express';
import { Registry } from 'prom-client';
import type { BusinessEvent } from '../events.ts';
import { EdgeMetrics } from './edge-metrics.ts';
import { countEvents } from './event-metrics.ts';
import { type IngestFigures, registerIngestMetrics } from './ingest-metrics.ts';
import { OperationMetrics } from './operation-metrics.ts';
import { registerProcessMetrics } from './process-metrics.ts';
import { registerSamples } from './register-samples.ts';
import { observeRequests } from './request-metrics.ts';
import { inFormat, type MetricsText } from './text-format.ts';

/** How well contracts are kept at the moment. */
export interface ContractFigures {
  readonly pairs: readonly {
    readonly consumer: string;
    readonly provider: string;
    readonly verified: boolean | undefined;
    readonly verifiedAt: Date | undefined;
    readonly operations: Readonly<Record<'covered' | 'unused' | 'uncovered', number>>;
  }[];
  readonly findings: readonly Finding[];
  readonly deployments: readonly {
    readonly pacticipant: string;
    readonly version: string;
    readonly environment: string;
  }[];
}

export interface MetricsSources {
  readonly contracts: () => Promise<ContractFigures>;
  readonly ingest: () => IngestFigures;
}

const END = '# EOF\n';

/** Everything the hub tells a Prometheus; contracts are read when it asks. */
export class HubMetrics {
  readonly #registry = new Registry();
  readonly #edges = new EdgeMetrics();
  readonly #operations = new OperationMetrics();
  readonly #sources: MetricsSources;
  readonly #opened = new Map<string, { count: number; readonly labels: FindingLabels }>();
  #open = new Set<string>();
  #figures: Promise<ContractFigures> | undefined;
  /** Put it before the routes whose requests are to be measured. */
  readonly requests: RequestHandler;
  readonly observeEvent: (event: BusinessEvent) => void;

  constructor(sources: MetricsSources) {
    this.#sources = sources;
    this.#registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as never);
    this.#registerContracts();
    registerIngestMetrics(this.#registry, {
      ingest: sources.ingest,
      overflowed: () => this.#operations.overflowed,
    });
    registerProcessMetrics(this.#registry);
    this.requests = observeRequests(this.#registry);
    this.observeEvent = countEvents(this.#registry);
  }

  observeCalls(calls: readonly Call[], at: Date): void {
    this.#edges.observe(calls, at);
  }

  observeOperations(minutes: readonly OperationMinute[], at: Date): void {
    this.#operations.observe(minutes, at);
  }

  async text(format: 'openmetrics' | 'prometheus'): Promise<MetricsText> {
    this.#figures = this.#sources.contracts();
    await this.#countOpened();
    const others = (await this.#registry.metrics()).replace(END, '');
    const text = `${await this.#edges.text()}${await this.#operations.text()}${others}${END}`;
    return inFormat(text, format);
  }

  /** A finding counts when it is first seen open, and again when it opens after it was closed. */
  async #countOpened(): Promise<void> {
    const { findings } = await this.#contracts();
    for (const finding of findings) {
      if (!this.#open.has(finding.id)) {
        const labels = labelsOf(finding);
        const key = JSON.stringify(labels);
        const known = this.#opened.get(key) ?? { count: 0, labels };
        known.count += 1;
        this.#opened.set(key, known);
      }
    }
    this.#open = new Set(findings.map(({ id }) => id));
  }

  async #contracts(): Promise<ContractFigures> {
    this.#figures ??= this.#sources.contracts();
    return await this.#figures;
  }

  async #findings(state: 'open' | 'acknowledged'): Promise<readonly Finding[]> {
    return (await this.#contracts()).findings.filter(({ life }) => life.state === state);
  }

  #registerContracts(): void {
    const registry = this.#registry;
    registerSamples(registry, {
      name: 'contract_verification_status',
      type: 'gauge',
      help: 'Whether the latest verification of the pacts in force succeeded.',
      samples: async () =>
        (await this.#contracts()).pairs.flatMap(({ consumer, provider, verified }) =>
          verified === undefined
            ? []
            : [{ value: Number(verified), labels: { consumer, provider } }],
        ),
    });
    registerSamples(registry, {
      name: 'contract_verification_last_timestamp_seconds',
      type: 'gauge',
      help: 'When the pacts in force were last verified.',
      samples: async () =>
        (await this.#contracts()).pairs.flatMap(({ consumer, provider, verifiedAt }) =>
          verifiedAt === undefined
            ? []
            : [{ value: verifiedAt.getTime() / 1000, labels: { consumer, provider } }],
        ),
    });
    registerSamples(registry, {
      name: 'contract_operations',
      type: 'gauge',
      help: 'Operations by what contracts and traffic say of them: covered, unused, uncovered.',
      samples: async () =>
        (await this.#contracts()).pairs.flatMap(({ consumer, provider, operations }) =>
          Object.entries(operations).map(([state, value]) => ({
            value,
            labels: { consumer, provider, state },
          })),
        ),
    });
    this.#registerFindings();
    registerSamples(registry, {
      name: 'deployment_info',
      type: 'gauge',
      help: 'Versions that are recorded as deployed or released.',
      samples: async () =>
        (await this.#contracts()).deployments.map(({ pacticipant, version, environment }) => ({
          value: 1,
          labels: { service: pacticipant, version, environment },
        })),
    });
  }

  #registerFindings(): void {
    registerSamples(this.#registry, {
      name: 'contract_drift_open_findings',
      type: 'gauge',
      help: 'Open findings; those that somebody has acknowledged are left out.',
      samples: async () => countByLabels(await this.#findings('open')),
    });
    registerSamples(this.#registry, {
      name: 'contract_drift_acknowledged_findings',
      type: 'gauge',
      help: 'Findings that somebody has acknowledged.',
      samples: async () => countByLabels(await this.#findings('acknowledged')),
    });
    registerSamples(this.#registry, {
      name: 'contract_drift_findings_total',
      type: 'counter',
      help: 'Findings that opened.',
      samples: () =>
        [...this.#opened.values()].map(({ count, labels }) => ({ value: count, labels })),
    });
  }
}

type FindingLabels = Readonly<Record<'consumer' | 'provider' | 'kind', string>>;

function labelsOf({ consumer = '', provider, kind }: Finding): FindingLabels {
  return { consumer, provider, kind };
}

function countByLabels(
  findings: readonly Finding[],
): readonly { readonly value: number; readonly labels: FindingLabels }[] {
  const counts = new Map<string, { value: number; readonly labels: FindingLabels }>();
  for (const finding of findings) {
    const labels = labelsOf(finding);
    const key = JSON.stringify(labels);
    const known = counts.get(key) ?? { value: 0, labels };
    known.value += 1;
    counts.set(key, known);
  }
  return [...counts.values()];
}
