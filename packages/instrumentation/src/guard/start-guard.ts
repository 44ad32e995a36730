import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { performance } from 'node:perf_hooks';
import { compileContract } from '@concordat/conformance';
import { readTracingConfig } from '../config.ts';
import { readApplication } from '../resource/application.ts';
import { serviceResource } from '../resource/service-resource.ts';
import { type Guard, type GuardParts, type MadeGuard, makeGuard } from './guard.ts';
import { type GuardOptions, type GuardSettings, guardSettings } from './guard-options.ts';

export type { Guard } from './guard.ts';
export type { GuardCounts, SkipReason } from './guard-counts.ts';
export type { GuardOptions, GuardSampling, GuardSides } from './guard-options.ts';

export interface StartGuardOptions extends GuardOptions {
  /** Where settings are read; the process's environment when absent. */
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** Gets the few lines the guard has to say; standard error when absent. */
  readonly say?: ((line: string) => void) | undefined;
}

/**
 * Starts a guard beside tracing that is started already, by whatever means; its parts are then mounted by hand. With
 * `startTracing({ guard: true })` or CONCORDAT_GUARD=on nothing needs to be mounted. It never throws.
 */
export function startGuard(options: StartGuardOptions = {}): Guard {
  const say = options.say ?? sayToStandardError;
  const { guard, listeners } = makeGuard(settingsOf(options, say), { ...liveParts(), say });
  const channels = [
    ['undici:request:create', listeners.onCreate],
    ['undici:request:trailers', listeners.onTrailers],
  ] as const;
  for (const [name, listener] of channels) subscribe(name, listener);
  const stop = (): void => {
    for (const [name, listener] of channels) unsubscribe(name, listener);
    guard.stop();
  };
  return { ...guard, stop };
}

/** The guard for tracing that plugs it into its own instrumentations. */
export function pluggedGuard(settings: GuardSettings, say: (line: string) => void): MadeGuard {
  return makeGuard(settings, { ...liveParts(), say, guardsGlobalFetch: true });
}

function liveParts(): Omit<GuardParts, 'say'> {
  return {
    now: () => performance.now(),
    random: Math.random,
    compile: compileContract,
    guardsGlobalFetch: false,
  };
}

function settingsOf(options: StartGuardOptions, say: (line: string) => void): GuardSettings {
  const config = readTracingConfig(options.env);
  const { attributes } = serviceResource(options, { ...config, application: readApplication() });
  for (const complaint of config.complaints) say(`guard: ${complaint}`);
  return guardSettings(options, config.guard, {
    service: String(attributes['service.name']),
    version: textOf(attributes['service.version']),
    environment: textOf(attributes['deployment.environment.name']),
  });
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function sayToStandardError(line: string): void {
  process.stderr.write(`${line}\n`);
}
