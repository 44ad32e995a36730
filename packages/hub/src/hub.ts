import type { RequestListener } from 'node:http';
import { administrationFeatures } from './administration-features.ts';
import { createGuard, guardMiddleware, isOpen } from './auth/guard.ts';
import { brokerFeatures } from './broker-features.ts';
import type { HubConfig } from './config.ts';
import { type Database, openDatabase } from './database/database.ts';
import { databaseAnswers } from './database/database-answers.ts';
import { diagnosticsRoutes } from './diagnostics/diagnostics-routes.ts';
import { EnvironmentStore } from './environments/environment-store.ts';
import { Events, pacticipantsOf } from './events.ts';
import type { Feature } from './feature.ts';
import { createApp, type MountedRouter } from './http/app.ts';
import { foldNames } from './http/fold-names.ts';
import { type Listeners, startListeners } from './http/start-listeners.ts';
import { ContractStore } from './insights/contract-store.ts';
import { Insights } from './insights/insights.ts';
import { insightsRoutes } from './insights/insights-routes.ts';
import { createLog, type Log } from './log.ts';
import { BrokerCountStore } from './metrics/broker-count-store.ts';
import { countBroker } from './metrics/count-broker.ts';
import { HubMetrics } from './metrics/hub-metrics.ts';
import { metricsRoutes } from './metrics/metrics-routes.ts';
import { PacticipantStore } from './pacticipants/pacticipant-store.ts';
import { openTokens, type Tokens } from './tokens/tokens.ts';
import { openTraces, type Traces } from './traces/traces.ts';
import { removeLeftImports } from './transfer/spool-folder.ts';
import { uiRoutes } from './ui/ui-routes.ts';

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

/** Starts every listener; when one cannot start, nothing stays open. */
export async function startHub(config: HubConfig): Promise<RunningHub> {
  const log = createLog(config.logLevel, (line) => process.stderr.write(line));
  const events = new Events(log);
  const { db, tokens } = await openStorage(config, log);
  const guard = createGuard(config.auth, tokens.find);
  let isClosing = false;

  const insights: Insights = openInsights({
    ...{ db, config, events, log },
    settle: () => traces.drain(),
  });
  const metrics: HubMetrics = new HubMetrics({
    contracts: () => insights.health(),
    ingest: () => ({ ...traces.counts(), droppedCalls: insights.droppedCalls }),
  });
  events.subscribe((event) => metrics.observeEvent(event));
  events.subscribe((event) => (event.kind === 'contractsImported' ? tokens.refresh() : undefined));
  const traces = await openTraces({
    ...config,
    guard,
    onCalls: (calls, at) => {
      metrics.observeCalls(calls, at);
      insights.recordCalls(calls);
    },
    onServices: (seen) => insights.recordServices(seen),
    onRetention: (before) => insights.forgetBefore(before),
    now: () => new Date(),
    log,
  }).catch(async (error: unknown) => {
    await db.destroy();
    throw error;
  });

  const features: Feature[] = [
    { dependencies: [{ name: 'database', check: () => databaseAnswers(db) }] },
    ...insightFeatures({ db, insights, metrics }),
    ...administrationFeatures({ db, config, events, log }),
    traceFeature(traces),
    // Before the API's index: a browser at / is sent to the page.
    { routes: uiRoutes(), under: ['', 'ui'] },
    ...brokerFeatures({ db, config, events, log }),
    tokens,
  ];
  const diagnostics = diagnosticsRoutes({
    dependencies: features.flatMap((feature) => feature.dependencies ?? []),
    isClosing: () => isClosing,
  });
  const app = createApp({
    guard: guardMiddleware(guard),
    routers: [{ routes: diagnostics }, ...features.flatMap(mounted)],
    baseUrls: config.baseUrls,
    foldNames: config.broker.useCaseSensitiveResourceNames
      ? undefined
      : foldNames((name) => new PacticipantStore(db).nameLike(name)),
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

async function openStorage(
  config: HubConfig,
  log: Log,
): Promise<{ readonly db: Database; readonly tokens: Tokens }> {
  await removeLeftImports(config.dataDir);
  const db = await openDatabase(config);
  const now = (): Date => new Date();
  try {
    if (config.broker.seedExampleData) await new EnvironmentStore(db).preset(now().toISOString());
    return { db, tokens: await openTokens({ db, isOpen: isOpen(config.auth), now, log }) };
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

function traceFeature(traces: Traces): Feature {
  const { routes, otlp, jaeger, close } = traces;
  return {
    ...{ routes, otlp, jaeger, close },
    under: ['api'],
    dependencies: [{ name: 'spans', check: traces.answers }],
    handOver: { '/v1/traces': otlp, '/v1/metrics': otlp, '/v1/logs': otlp },
  };
}

function mounted({ routes, under }: Feature): readonly MountedRouter[] {
  return routes === undefined ? [] : [{ routes, under }];
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
    { routes: metrics.requests },
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
  readonly settle: () => Promise<void>;
}): Insights {
  const { db, config, events, log, settle } = deps;
  const insights = new Insights({
    db,
    contracts: new ContractStore(db),
    settle,
    floor: config.evidence,
    now: () => new Date(),
    onError: (error) =>
      log('error', 'observed calls could not be written and are kept for the next try', {
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      }),
  });
  events.subscribe((event) => insights.contractsChanged(pacticipantsOf(event)));
  return insights;
}

function withHandOvers(app: RequestListener, features: readonly Feature[]): RequestListener {
  const handOvers = new Map(features.flatMap(({ handOver = {} }) => Object.entries(handOver)));
  if (handOvers.size === 0) return app;
  return (request, response) => {
    const path = request.url?.split('?', 1)[0] ?? '/';
    (handOvers.get(path) ?? app)(request, response);
  };
}
