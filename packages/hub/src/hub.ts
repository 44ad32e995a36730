import type { RequestListener } from 'node:http';
import type { Router } from 'express';
import { createGuard, guardMiddleware } from './auth/guard.ts';
import { branchesRoutes } from './branches/branches-routes.ts';
import type { BrokerConfig, HubConfig } from './config.ts';
import { type Database, openDatabase } from './database/database.ts';
import { databaseAnswers } from './database/database-answers.ts';
import { VersionRegistry } from './database/version-registry.ts';
import { deployedVersionsRoutes } from './deployments/deployed-versions-routes.ts';
import { DeploymentStore } from './deployments/deployment-store.ts';
import {
  pacticipantEnvironmentLinks,
  versionEnvironmentLinks,
} from './deployments/environment-links.ts';
import { releasedVersionsRoutes } from './deployments/released-versions-routes.ts';
import { type Dependency, diagnosticsRoutes } from './diagnostics/diagnostics-routes.ts';
import { environmentResource, environmentSummary } from './environments/environment-resource.ts';
import { EnvironmentStore } from './environments/environment-store.ts';
import { environmentsRoutes } from './environments/environments-routes.ts';
import { Events } from './events.ts';
import { forVerificationRoutes } from './for-verification/for-verification-routes.ts';
import { createApp, createRouter } from './http/app.ts';
import { type Listeners, startListeners } from './http/start-listeners.ts';
import { indexRoutes } from './index-page/index-routes.ts';
import { ContractStore } from './insights/contract-store.ts';
import { Insights } from './insights/insights.ts';
import { insightsRoutes } from './insights/insights-routes.ts';
import { createLog, type Log } from './log.ts';
import { matrixRoutes } from './matrix/matrix-routes.ts';
import { BrokerCountStore } from './metrics/broker-count-store.ts';
import { countBroker } from './metrics/count-broker.ts';
import { HubMetrics } from './metrics/hub-metrics.ts';
import { metricsRoutes } from './metrics/metrics-routes.ts';
import { labelsRoutes } from './pacticipants/labels-routes.ts';
import { type PacticipantDeps, pacticipantsRoutes } from './pacticipants/pacticipants-routes.ts';
import { contractsRoutes, type PublishingDeps } from './pacts/contracts-routes.ts';
import { pactListRoutes } from './pacts/pact-list-routes.ts';
import { pactRoutes } from './pacts/pact-routes.ts';
import { providerContractRoutes } from './provider-contracts/provider-contracts-routes.ts';
import { tagsRoutes } from './tags/tags-routes.ts';
import { openTraces } from './traces/traces.ts';
import { uiRoutes } from './ui/ui-routes.ts';
import { VerificationStore } from './verifications/verification-store.ts';
import { verificationsRoutes } from './verifications/verifications-routes.ts';
import { type VersionDeps, versionsRoutes } from './versions/versions-routes.ts';

const DRAIN_MS = 10_000;

export interface RunningHub {
  readonly url: string;
  readonly otlpUrl: string | undefined;
  readonly jaegerUrl: string | undefined;
  readonly ports: {
    readonly main: number;
    readonly otlp: number | undefined;
    readonly jaeger: number | undefined;
  };
  /** Stops accepting, lets running requests finish, flushes, closes. Safe to call twice. */
  close(): Promise<void>;
}

/** What a feature brings to the hub; every field is a place it may hook into. */
interface Feature {
  /** On the main port; the first feature of the list that knows a path answers. */
  readonly routes?: Router;
  /** Paths of the main port that are answered before express, because express is too slow for them. */
  readonly handOver?: Readonly<Record<string, RequestListener>>;
  readonly otlp?: RequestListener;
  readonly jaeger?: RequestListener;
  readonly dependencies?: readonly Dependency[];
  /** Runs when no request is left: flush and let go. */
  readonly close?: () => Promise<void>;
}

/** Starts every listener; when one cannot start, nothing stays open. */
export async function startHub(config: HubConfig): Promise<RunningHub> {
  const log = createLog(config.logLevel, (line) => process.stderr.write(line));
  const events = new Events(log);
  const db = await openDatabase(config);
  if (config.broker.seedExampleData) {
    await new EnvironmentStore(db).preset(new Date().toISOString());
  }
  const guard = createGuard(config.auth);
  let isClosing = false;

  const insights = openInsights({ db, config, events, log });
  const metrics: HubMetrics = new HubMetrics({
    contracts: () => insights.health(),
    ingest: () => ({ ...traces.counts(), droppedCalls: insights.droppedCalls }),
  });
  const traces = await openTraces({
    ...config,
    guard,
    onCalls: (calls, at) => {
      metrics.observeCalls(calls, at);
      insights.recordCalls(calls);
    },
    onServices: (seen) => insights.recordServices(seen),
    now: () => new Date(),
    log,
  }).catch(async (error: unknown) => {
    await db.destroy();
    throw error;
  });

  const features: Feature[] = [
    { dependencies: [{ name: 'database', check: () => databaseAnswers(db) }] },
    ...insightFeatures({ db, insights, metrics }),
    {
      routes: traces.routes,
      handOver: { '/v1/traces': traces.otlp },
      otlp: traces.otlp,
      jaeger: traces.jaeger,
      close: traces.close,
    },
    // Before the API's index: a browser at / is sent to the page.
    { routes: uiRoutes() },
    ...decisionFeatures({ db, config, events }),
    ...contractFeatures({ db, config, events }),
  ];
  const diagnostics = diagnosticsRoutes({
    dependencies: features.flatMap((feature) => feature.dependencies ?? []),
    isClosing: () => isClosing,
  });
  const app = createApp({
    guard: guardMiddleware(guard),
    routers: [diagnostics, ...features.flatMap((feature) => feature.routes ?? [])],
    baseUrls: config.baseUrls,
    log,
  });
  const release = async (): Promise<void> => {
    for (const feature of [...features].reverse()) await feature.close?.();
    await db.destroy();
  };
  const listeners = await startListeners(config, {
    main: withHandOvers(app, features),
    otlp: features.find((feature) => feature.otlp)?.otlp,
    jaeger: features.find((feature) => feature.jaeger)?.jaeger,
  }).catch(async (error: unknown) => {
    await release();
    throw error;
  });

  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    isClosing = true;
    await Promise.all(Object.values(listeners).map((listener) => listener?.close(DRAIN_MS)));
    await release();
  };
  return {
    ...addressesOf(listeners),
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}

function addressesOf(listeners: Listeners): Omit<RunningHub, 'close'> {
  return {
    url: listeners.main.url,
    otlpUrl: listeners.otlp?.url,
    jaegerUrl: listeners.jaeger?.url,
    ports: {
      main: listeners.main.port,
      otlp: listeners.otlp?.port,
      jaeger: listeners.jaeger?.port,
    },
  };
}

/** Before traces: closing goes the other way, and the last calls still have to be counted. */
function insightFeatures(deps: {
  readonly db: Database;
  readonly insights: Insights;
  readonly metrics: HubMetrics;
}): readonly Feature[] {
  const { db, insights, metrics } = deps;
  const brokerCounts = () => countBroker(new BrokerCountStore(db));
  return [
    { routes: createRouter().use(metrics.requests) },
    { routes: insightsRoutes(insights), close: () => insights.close() },
    { routes: metricsRoutes({ metrics, brokerCounts }) },
  ];
}

/** Every change of contracts makes a new promise book. */
function openInsights(deps: {
  readonly db: Database;
  readonly config: HubConfig;
  readonly events: Events;
  readonly log: Log;
}): Insights {
  const { db, config, events, log } = deps;
  const insights = new Insights({
    db,
    contracts: new ContractStore(db),
    floor: config.evidence,
    now: () => new Date(),
    onError: (error) =>
      log('error', 'observed calls could not be written and are kept for the next try', {
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      }),
  });
  events.subscribe(() => insights.contractsChanged());
  return insights;
}

/** Pacts and those who take part in them: the Pact Broker's own resources. */
function contractFeatures(deps: {
  readonly db: Database;
  readonly config: HubConfig;
  readonly events: Events;
}): readonly Feature[] {
  const { db, events } = deps;
  const config = deps.config.broker;
  const registryFor = registries(config);
  const publishing: PublishingDeps = {
    db,
    config,
    registryFor,
    everVerified: (tx, pair) => new VerificationStore(tx).everVerified(pair),
    hasWebhook: () => Promise.resolve(false),
    events,
    now: () => new Date(),
  };
  const registered = { db, registryFor, events, now: publishing.now };
  const pacticipants: PacticipantDeps = {
    ...registered,
    environmentLinks: async (id, baseUrl) =>
      pacticipantEnvironmentLinks(await new DeploymentStore(db).runningOf(id), baseUrl),
  };
  return [
    { routes: indexRoutes() },
    { routes: contractsRoutes(publishing) },
    { routes: pactListRoutes(publishing) },
    { routes: pactRoutes(publishing) },
    { routes: pacticipantsRoutes(pacticipants) },
    { routes: labelsRoutes(pacticipants) },
    { routes: versionsRoutes({ ...registered, environmentLinks: versionLinks(db) }) },
    { routes: branchesRoutes(registered) },
    { routes: tagsRoutes(registered) },
    {
      routes: providerContractRoutes({
        db,
        registryFor,
        emit: (event) => events.emit(event),
        now: () => new Date(),
      }),
    },
  ];
}

/** What decides: results, what runs where, and the answers that rest on both. */
function decisionFeatures(deps: {
  readonly db: Database;
  readonly config: HubConfig;
  readonly events: Events;
}): readonly Feature[] {
  const { db, events } = deps;
  const now = (): Date => new Date();
  const placement = { db, events, now, environmentResource };
  return [
    {
      routes: verificationsRoutes({ db, registryFor: registries(deps.config.broker), events, now }),
    },
    { routes: forVerificationRoutes({ db }) },
    { routes: matrixRoutes({ db, environmentSummary }) },
    { routes: environmentsRoutes({ db, now }) },
    { routes: deployedVersionsRoutes(placement) },
    { routes: releasedVersionsRoutes(placement) },
  ];
}

/** A tag named like an environment records a deployment, as the broker does unless it is told not to. */
function registries(config: BrokerConfig): (tx: Database) => VersionRegistry {
  return (tx) =>
    new VersionRegistry(tx, {
      ...config,
      onTagged: async (within, tagged) => {
        if (!config.createDeployedVersionsForTags) return;
        const at = tagged.at.toISOString();
        await new DeploymentStore(within).recordForTag({ ...tagged, at });
      },
    });
}

function versionLinks(db: Database): VersionDeps['environmentLinks'] {
  return async ({ pacticipant, version }, baseUrl) => {
    const store = new DeploymentStore(db);
    const places = {
      pacticipant,
      number: version.number,
      environments: await store.environments(),
      deployed: await store.deploymentsOf(version.id),
      released: await store.releasesOf(version.id),
    };
    return versionEnvironmentLinks(places, baseUrl);
  };
}

function withHandOvers(app: RequestListener, features: readonly Feature[]): RequestListener {
  const handOvers = new Map(features.flatMap(({ handOver = {} }) => Object.entries(handOver)));
  if (handOvers.size === 0) return app;
  return (request, response) => {
    const path = request.url?.split('?', 1)[0] ?? '/';
    (handOvers.get(path) ?? app)(request, response);
  };
}
