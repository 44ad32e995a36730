import type { RequestListener } from 'node:http';
import type { RequestHandler } from 'express';
import { administrationFeatures } from './administration-features.ts';
import { createGuard, guardMiddleware, isOpen } from './auth/guard.ts';
import { type BrokerFeatures, brokerFeatures } from './broker-features.ts';
import type { HubConfig } from './config.ts';
import { type Database, openDatabase } from './database/database.ts';
import { databaseAnswers } from './database/database-answers.ts';
import { diagnosticsRoutes } from './diagnostics/diagnostics-routes.ts';
import { EnvironmentStore } from './environments/environment-store.ts';
import { Events } from './events.ts';
import type { Feature } from './feature.ts';
import { createApp, type MountedRouter } from './http/app.ts';
import { foldNames } from './http/fold-names.ts';
import { type Listeners, startListeners } from './http/start-listeners.ts';
import { createLog, type Log } from './log.ts';
import { PacticipantStore } from './pacticipants/pacticipant-store.ts';
import { openTokens, type Tokens } from './tokens/tokens.ts';
import { unknownApi } from './traces/jaeger/unknown-api.ts';
import { openTraces, type Traces } from './traces/traces.ts';
import { type TrafficFeatures, trafficFeatures } from './traffic-features.ts';
import { removeLeftImports } from './transfer/spool-folder.ts';
import { uiRoutes } from './ui/ui-routes.ts';

const DRAIN_MS = 10_000;

export interface RunningHub {
  readonly url: string;
  readonly otlpUrl: string | undefined;
  readonly otlpGrpcUrl: string | undefined;
  readonly jaegerUrl: string | undefined;
  readonly jaegerUdpUrl: string | undefined;
  readonly ports: { readonly main: number } & Readonly<
    Record<Exclude<keyof Listeners, 'main'>, number | undefined>
  >;
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

  const traffic: TrafficFeatures = trafficFeatures({
    ...{ db, config, events, log },
    settle: () => traces.drain(),
    ingest: () => traces.counts(),
    recordDeployment: (asked) => broker.recordDeployment(asked),
  });
  events.subscribe((event) => (event.kind === 'contractsImported' ? tokens.refresh() : undefined));
  const traces: Traces = await openTraces({
    ...config,
    guard,
    ...traffic.outlets,
    now: () => new Date(),
    log,
  }).catch(async (error: unknown) => {
    await db.destroy();
    throw error;
  });

  const broker: BrokerFeatures = brokerFeatures({ db, config, events, log, gate: traffic.gate });
  const features: Feature[] = [
    { dependencies: [{ name: 'database', check: () => databaseAnswers(db) }] },
    traffic.requests,
    ...administrationFeatures({ db, config, events, log }),
    ...traffic.features,
    traceFeature(traces),
    // Before the API's index: a browser at / is sent to the page.
    { routes: uiRoutes(), under: ['', 'ui'] },
    ...broker.features,
    tokens,
    { routes: unknownApi, under: ['api'] },
  ];
  const diagnostics = diagnosticsRoutes({
    dependencies: features.flatMap((feature) => feature.dependencies ?? []),
    isClosing: () => isClosing,
  });
  const app = createApp({
    guard: guardMiddleware(guard),
    routers: [{ routes: diagnostics }, ...features.flatMap(mounted)],
    baseUrls: config.baseUrls,
    foldNames: foldedNames(config, db),
    log,
  });
  const release = async (): Promise<void> => {
    for (const feature of [...features].reverse()) await feature.close?.();
    await db.destroy();
  };
  const listeners = await startListeners(config, {
    main: withHandOvers(app, features),
    otlp: traces.otlp,
    otlpGrpc: traces.otlpGrpc,
    jaeger: traces.jaeger,
    jaegerUdp: traces.jaegerUdp,
  }).catch(async (error: unknown) => {
    await release();
    throw error;
  });

  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    isClosing = true;
    await Promise.all(features.map((feature) => feature.drain?.()));
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

function foldedNames(config: HubConfig, db: Database): RequestHandler | undefined {
  if (config.broker.useCaseSensitiveResourceNames) return undefined;
  return foldNames((name) => new PacticipantStore(db).nameLike(name));
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
  const { routes, otlp, close } = traces;
  return {
    ...{ routes, close },
    under: ['api', 'analytics'],
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
    otlpGrpcUrl: listeners.otlpGrpc?.url,
    jaegerUrl: listeners.jaeger?.url,
    jaegerUdpUrl: listeners.jaegerUdp?.url,
    ports: {
      main: listeners.main.port,
      otlp: listeners.otlp?.port,
      otlpGrpc: listeners.otlpGrpc?.port,
      jaeger: listeners.jaeger?.port,
      jaegerUdp: listeners.jaegerUdp?.port,
      jaegerCompactUdp: listeners.jaegerCompactUdp?.port,
    },
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
