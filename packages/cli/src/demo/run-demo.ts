import { setTimeout as pause } from 'node:timers/promises';
import type { RunningHub } from '@concordat/hub';
import type { LoadedConfig } from '../config/load-config.ts';
import { HubClient } from '../hub-client/hub-client.ts';
import { startSupport } from '../processes/start-support.ts';
import type { Supervisor } from '../processes/supervisor.ts';
import { publishServiceContracts, readServiceContracts } from '../publish/publish-service.ts';
import { CliError } from '../terminal/cli-error.ts';
import { defaultSelectors } from '../verify/fetch-pacts.ts';
import { runVerification } from '../verify/run-verification.ts';
import type { VerificationRun } from '../verify/verification.ts';
import { type Steps, step } from './demo-step.ts';
import type { DemoResult } from './demo-summary.ts';
import { deployServices } from './deploy-services.ts';
import { driveTraffic } from './drive-traffic.ts';
import { observeTraffic } from './observe-traffic.ts';
import { type RunningServices, type ServicesContext, startServices } from './start-services.ts';

export interface DemoContext extends Steps {
  readonly loaded: LoadedConfig;
  readonly hub: RunningHub;
  readonly supervisor: Supervisor;
  readonly variables: NodeJS.ProcessEnv;
  readonly parallel: number;
}

export interface Demo {
  readonly result: DemoResult;
  /** One more round of traffic. */
  readonly repeat: () => Promise<void>;
}

const OBSERVE_MS = 20_000;

/** The main job from end to end, once: publish, verify, deploy, run, call, look. */
export async function runDemo(demo: DemoContext): Promise<Demo> {
  const start = performance.now();
  const { config, folder, root } = demo.loaded;
  const hub = new HubClient({ baseUrl: demo.hub.url });
  const support = await step(demo, 'support processes run', () =>
    startSupport(config.support ?? [], { ...demo, root }),
  );
  const contracts = await step(demo, 'contracts and documents are published', async () => {
    const options = { folder, lint: false };
    const read = config.services.map((service) => readServiceContracts(service, options));
    const all = await Promise.all(read);
    for (const one of all) await publishServiceContracts(hub, one);
    return all;
  });
  const verification = await step(demo, 'pacts are verified', () => verifyAll(demo, hub, support));
  const canIDeploy = await step(demo, 'deployments are asked for and recorded', () =>
    deployServices(hub, contracts, { ...demo, environment: config.environment }),
  );
  const { environment } = config;
  const { jaegerUrl } = demo.hub;
  const context: ServicesContext = { ...demo, hub, environment, support, jaegerUrl, root };
  const services = await step(demo, `${config.services.length} services run`, () =>
    startServices(config.services, context),
  );
  await step(demo, 'a round of traffic is driven', () => traffic(demo, services, context));
  const expected = config.expectedFindings ?? [];
  const observation = await step(demo, 'the hub has seen the traffic', () =>
    observeTraffic(hub, { expected, timeoutMs: OBSERVE_MS, signal: demo.signal }),
  );
  const seconds = Math.round((performance.now() - start) / 100) / 10;
  return {
    result: { observation, verification, canIDeploy, expected, seconds },
    repeat: () => traffic(demo, services, context),
  };
}

/** Repeats the traffic until the signal is aborted; a round that fails is told and the next one tried. */
export async function keepDemoAlive(demo: Demo, context: Steps, everyMs: number): Promise<void> {
  while (!context.signal.aborted) {
    try {
      await pause(everyMs, undefined, { signal: context.signal });
      await demo.repeat();
    } catch (error) {
      if (context.signal.aborted) return;
      if (!(error instanceof CliError)) throw error;
      context.progress(`✕ ${error.message}`);
    }
  }
}

function verifyAll(
  demo: DemoContext,
  hub: HubClient,
  support: Readonly<Record<string, string>>,
): Promise<VerificationRun> {
  const { config, root } = demo.loaded;
  const { progress } = demo;
  return runVerification({
    ...demo,
    hub,
    support,
    root,
    progress: (line) => progress(`  ${line}`),
    providers: config.services.filter(({ verification }) => verification !== undefined),
    options: {
      providerBaseUrl: undefined,
      providerVersion: undefined,
      branch: undefined,
      tags: [],
      selectors: defaultSelectors,
      pending: false,
      wipSince: undefined,
      publish: true,
      buildUrl: undefined,
      timeoutMs: 10_000,
    },
  });
}

async function traffic(
  { loaded }: DemoContext,
  services: RunningServices,
  context: ServicesContext,
): Promise<void> {
  const command = loaded.config.traffic?.command;
  if (command !== undefined) await driveTraffic(command, services, context);
}
