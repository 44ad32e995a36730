import type { IncomingMessage } from 'node:http';
import { type Call, type CallCause, type OperationMinute, TestTraffic } from '@concordat/domain';
import { actorOf } from './auth/actor.ts';
import type { HubConfig } from './config.ts';
import type { Database } from './database/database.ts';
import { type Events, pacticipantsOf } from './events.ts';
import type { Feature } from './feature.ts';
import { ContractStore } from './insights/contract-store.ts';
import { deploymentRoutes } from './insights/deployments/deployment-routes.ts';
import type { RecordDeployment } from './insights/deployments/record-running.ts';
import { findingsFeature } from './insights/findings/findings-feature.ts';
import { type Gate, openGate } from './insights/gate/gate.ts';
import { GuardAnswers } from './insights/guard/guard-answers.ts';
import { guardRoutes } from './insights/guard/guard-routes.ts';
import { aliasRoutes } from './insights/identity/alias-routes.ts';
import type { Rename } from './insights/identity/renaming-store.ts';
import { Insights } from './insights/insights.ts';
import { insightsRoutes } from './insights/insights-routes.ts';
import { LedgerStore } from './insights/ledger/ledger-store.ts';
import { usageFeature } from './insights/ledger/usage-feature.ts';
import { PromiseStore } from './insights/promise-store.ts';
import { qualityRoutes } from './insights/quality-routes.ts';
import type { SeenService } from './insights/version-tally.ts';
import type { Log } from './log.ts';
import { BrokerCountStore } from './metrics/broker-count-store.ts';
import { countBroker } from './metrics/count-broker.ts';
import { HubMetrics } from './metrics/hub-metrics.ts';
import type { IngestFigures } from './metrics/ingest-metrics.ts';
import { metricsRoutes } from './metrics/metrics-routes.ts';
import { Monitor } from './monitor/monitor.ts';
import { monitorRoutes } from './monitor/monitor-routes.ts';
import { serviceRoutes } from './monitor/service-routes.ts';
import { interactionOutcomes, keptElsewhere } from './verifications/interaction-outcomes.ts';
import { lastVerdicts } from './verifications/last-verdicts.ts';
import { VerifiedInteractionStore } from './verifications/verified-interaction-store.ts';

/** What is made of spans, and who is told of what. */
export interface TrafficFeatures {
  /** Before everything that answers. */
  readonly requests: Feature;
  /** Before traces: closing goes the other way, and the last calls still have to be counted. */
  readonly features: readonly Feature[];
  /** What traffic and overrides say to can-i-deploy. */
  readonly gate: Pick<Gate, 'judge' | 'overrides'>;
  readonly outlets: {
    readonly onCalls: (calls: readonly Call[], at: Date) => void;
    readonly onVerdicts: (verdicts: readonly Call[]) => void;
    readonly onCauses: (causes: readonly CallCause[]) => void;
    readonly onServices: (seen: readonly SeenService[]) => void;
    readonly onOperations: (minutes: readonly OperationMinute[], at: Date) => void;
    readonly onRetention: (before: Date) => void;
  };
}

interface TrafficParts {
  readonly db: Database;
  readonly config: HubConfig;
  readonly events: Events;
  readonly log: Log;
  /** Resolves when everything that was taken before has been told to the outlets. */
  readonly settle: () => Promise<void>;
  readonly recordDeployment: RecordDeployment;
  readonly ingest: () => Omit<IngestFigures, 'droppedCalls' | 'droppedOperations'>;
}

/** The part of the wiring that counts and judges what services do: insights, metrics and service performance. */
export function trafficFeatures(parts: TrafficParts): TrafficFeatures {
  const { db, events, settle, log } = parts;
  const insights = openInsights(parts);
  const now = (): Date => new Date();
  const notWritten = reporter(parts.log, 'counts of operations');
  const monitor = new Monitor({ db, settle, now, onError: notWritten });
  const metrics = new HubMetrics({
    contracts: () => insights.health(),
    ingest: () => ({
      ...parts.ingest(),
      droppedCalls: insights.droppedCalls,
      droppedOperations: monitor.dropped,
    }),
  });
  events.subscribe((event) => metrics.observeEvent(event));
  const guards = new GuardAnswers({
    ...{ db, flush: () => insights.flush() },
    onError: reporter(parts.log, 'forgetting what guards said'),
  });
  const gate = openTrafficGate(parts, insights, guards);
  const brokerCounts = () => countBroker(new BrokerCountStore(db));
  return {
    requests: { routes: metrics.requests },
    features: [
      { routes: insightsRoutes(insights), close: () => insights.close() },
      findingsFeature(insights, { actorOf: nameOf, now, onError: reporter(log, 'findings') }),
      gate,
      ...identityFeatures(parts, insights),
      {
        routes: guardRoutes({
          book: () => insights.book(),
          fieldUsage: (question) => guards.fieldUsage(question),
        }),
        close: () => guards.close(),
      },
      usageFeature(insights, { db, floor: parts.config.evidence }),
      { routes: serviceRoutes(monitor) },
      { routes: metricsRoutes({ metrics, brokerCounts }) },
      { routes: qualityRoutes(insights), under: ['api'] },
      { routes: monitorRoutes(monitor), under: ['api'], close: () => monitor.close() },
    ],
    gate,
    outlets: {
      onCalls: (calls, at) => {
        metrics.observeCalls(calls, at);
        insights.recordCalls(calls);
        monitor.observeCalls(calls, at);
      },
      onVerdicts: (verdicts) => insights.recordVerdicts(verdicts),
      onCauses: (causes) => insights.recordCauses(causes),
      onServices: (seen) => insights.recordServices(seen),
      onOperations: (minutes, at) => {
        metrics.observeOperations(minutes, at);
        monitor.record(minutes);
      },
      onRetention: (before) => {
        insights.forgetBefore(before);
        guards.forgetBefore(before);
        monitor.forgetBefore(before);
      },
    },
  };
}

/** What services and versions are called, and what runs where. */
function identityFeatures(
  { db, recordDeployment }: TrafficParts,
  insights: Insights,
): readonly Feature[] {
  const now = (): Date => new Date();
  const book = async () => {
    await insights.flush();
    return insights.book();
  };
  const aliasesChanged = (rename?: Rename) => insights.aliasesChanged(rename);
  const { deployments } = insights;
  return [
    { routes: aliasRoutes({ db, book, aliasesChanged, actorOf: nameOf, now }) },
    { routes: deploymentRoutes({ db, deployments, book, recordDeployment, now }) },
  ];
}

/** Every change of contracts makes a new promise book. */
function openInsights({ db, config, events, log, settle }: TrafficParts): Insights {
  const insights = new Insights({
    ...{ db, settle },
    contracts: new ContractStore(db),
    verdictsOf: (pact) => lastVerdicts(pact, db),
    floor: config.evidence,
    quietHours: config.findingQuietHours,
    gateways: config.transparentServices,
    tests: new TestTraffic(config.testEnvironments),
    now: () => new Date(),
    onError: reporter(log, 'observed calls'),
  });
  events.subscribe((event) => insights.contractsChanged(pacticipantsOf(event)));
  return insights;
}

/** What verifications say about interactions, asked of the feature that keeps them. */
function openTrafficGate(
  { db, config, events, log }: TrafficParts,
  insights: Insights,
  guards: GuardAnswers,
): Gate {
  return openGate({
    ...{ db, log, floor: config.evidence },
    ledger: new LedgerStore(db),
    promises: new PromiseStore(db),
    book: async () => {
      await insights.flush();
      return insights.book();
    },
    contentOf: (pact) => new VerifiedInteractionStore(db).contentOf(pact),
    outcomesOf: (verification) => interactionOutcomes(verification, db),
    keptElsewhere: (row) => keptElsewhere(row, db),
    fieldUsage: (question) => guards.fieldUsage(question),
    nameOfActor: nameOf,
    expired: (event) => events.emit(event),
    now: () => new Date(),
  });
}

/** Who makes a request; nobody in particular where the hub asks for no credentials. */
function nameOf(request: IncomingMessage): string | undefined {
  const { kind, name } = actorOf(request);
  return kind === 'anonymous' ? undefined : name;
}

function reporter(log: Log, what: string): (error: unknown) => void {
  return (error) =>
    log('error', `${what} could not be written and are kept for the next try`, {
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
}
