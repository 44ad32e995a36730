import { context, propagation, trace } from '@opentelemetry/api';
import type { Instrumentation } from '@opentelemetry/instrumentation';
import type { SpanExporter } from '@opentelemetry/sdk-trace-base';
import { readTracingConfig, type TracingConfig } from './config.ts';
import { CountingExporter } from './exporting/counting-exporter.ts';
import { jaegerExporter } from './exporting/jaeger-exporter.ts';
import { otlpExporter } from './exporting/otlp-exporter.ts';
import { SpanLedger } from './exporting/span-ledger.ts';
import { spanQueue } from './exporting/span-queue.ts';
import { type GuardOptions, guardSettings } from './guard/guard-options.ts';
import { type GuardPlug, plugGuard } from './guard-plug.ts';
import {
  patchedPackages,
  serviceInstrumentations,
} from './instrumentations/service-instrumentations.ts';
import { loadedBefore, loadOrderAdvice } from './loading/loaded-before.ts';
import { patchOwnModules } from './loading/loader-hook.ts';
import { flushAtEnd } from './process/flush-at-end.ts';
import { withinMillis } from './process/within-millis.ts';
import { type Application, readApplication } from './resource/application.ts';
import { type ServiceIdentity, serviceResource } from './resource/service-resource.ts';
import { ConsistentSampler } from './sampling/consistent-sampler.ts';
import { samplerTags } from './sampling/sampler-tags.ts';
import { loadNodeSdk, type SdkParts } from './sdk/load-node-sdk.ts';

const shutdownMillis = 3_000;

export interface TracingOptions extends ServiceIdentity {
  /** Paths that make no spans, with all below them, besides the usual ones of health checks. */
  readonly ignorePaths?: readonly string[];
  /** Further instrumentations, for packages that this one does not know. */
  readonly instrumentations?: readonly Instrumentation[];
  /**
   * The live guard: compares what this service really answers, is answered, sends and receives with the pacts in force. Else
   * CONCORDAT_GUARD says whether; off, nothing of it is loaded.
   */
  readonly guard?: boolean | Omit<GuardOptions, keyof ServiceIdentity>;
  /** Where settings are read; the process's environment when absent. */
  readonly env?: NodeJS.ProcessEnv;
  /** Gets the few lines tracing has to say; standard error when absent. */
  readonly say?: (line: string) => void;
}

export interface Tracing {
  /** Spans lost so far because nobody took them. */
  readonly dropped: () => number;
  /** Sends what is still queued and unhooks everything, within 3 s; never rejects, and a second call waits for the first. */
  readonly shutdown: () => Promise<void>;
}

/** Starts OpenTelemetry in this process. It never throws: when it cannot start, the service runs without and one line says why. */
export function startSdk(options: TracingOptions, host: Host = hostWithoutHook()): Tracing {
  const ledger = new SpanLedger(options.say ?? ((line) => process.stderr.write(`${line}\n`)));
  try {
    const config = readTracingConfig(options.env);
    if (config.disabled) return off(ledger);
    return start({ options, config, ledger, host });
  } catch (error) {
    ledger.remark(`could not start, no spans will be sent: ${String(error)}`);
    return off(ledger);
  }
}

export interface Host {
  readonly application: Application;
  /** Patches packages that are loaded by `import`. */
  readonly registerHook: () => void;
}

function hostWithoutHook(): Host {
  return { application: readApplication(), registerHook: () => undefined };
}

function off(ledger: SpanLedger): Tracing {
  return { dropped: () => ledger.dropped, shutdown: async () => undefined };
}

interface Start {
  readonly options: TracingOptions;
  readonly config: TracingConfig;
  readonly ledger: SpanLedger;
  readonly host: Host;
}

function start({ options, config, ledger, host }: Start): Tracing {
  const complain = (complaint: string): void => ledger.remark(complaint);
  const resource = serviceResource(options, {
    ...config,
    application: host.application,
  });
  for (const complaint of [...config.complaints, ...resource.complaints]) complain(complaint);
  for (const name of loadedBefore(patchedPackages)) complain(loadOrderAdvice(name));

  host.registerHook();
  const parts = loadNodeSdk();
  const { NodeSDK, resources } = parts.sdk;
  const guard = guardOf({ options, config, ledger, host }, resource.attributes);
  const instrumentations = [
    ...serviceInstrumentations(config.instrumentations, {
      ...{ silent: options.ignorePaths ?? [], guard: guard?.hooks, complain },
    }),
    ...(options.instrumentations ?? []),
  ];
  const exporter = exporterOf(config);
  const queue =
    exporter === undefined
      ? undefined
      : spanQueue({
          ...parts,
          exporter: new CountingExporter(exporter, ledger),
          batching: config.batching,
          ledger,
        });
  const sampler = samplerOf(config, parts);
  const sdk = new NodeSDK({
    resource: resources
      .defaultResource()
      .merge(resources.resourceFromAttributes(resource.attributes)),
    autoDetectResources: false,
    spanProcessors: [
      ...(config.exporter === 'jaeger' ? [samplerTags] : []),
      ...(queue === undefined ? [] : [queue]),
    ],
    metricReaders: [],
    logRecordProcessors: [],
    instrumentations,
    ...(sampler === undefined ? {} : { sampler }),
  });
  sdk.start();
  patchOwnModules();
  guard?.start();
  return running({
    ...{ sdk, ledger, instrumentations, guard },
    flush: async () => queue?.forceFlush(),
  });
}

/** undefined when there is to be none. Under verification there is none: replayed pacts are no live traffic. */
function guardOf(
  { options, config, ledger }: Start,
  attributes: Readonly<Record<string, unknown>>,
): GuardPlug | undefined {
  const { guard, ignorePaths = [] } = options;
  const isOn = guard ?? (config.guard.sides !== undefined && config.guard.sides !== 'off');
  if (isOn === false || config.guard.sides === 'off' || config.verifying) return undefined;
  const { version, environment } = {
    version: attributes['service.version'],
    environment: attributes['deployment.environment.name'],
  };
  const told = { ignorePaths, ...(typeof guard === 'object' ? guard : {}) };
  const settings = guardSettings(told, config.guard, {
    service: String(attributes['service.name']),
    version: version === undefined ? undefined : String(version),
    environment: environment === undefined ? undefined : String(environment),
  });
  const complain = (complaint: string): void => ledger.remark(complaint);
  return plugGuard(async () => {
    const { pluggedGuard } = await import('./guard/start-guard.ts');
    return { make: () => pluggedGuard(settings, complain) };
  }, complain);
}

function exporterOf(config: TracingConfig): SpanExporter | undefined {
  switch (config.exporter) {
    case 'otlp':
      return otlpExporter(config.otlpProtocol, config.otlpUrl);
    case 'jaeger':
      return jaegerExporter(config.jaegerEndpoint);
    case 'none':
      return undefined;
  }
}

function samplerOf({ sampling }: TracingConfig, { ParentBasedSampler }: SdkParts) {
  if (sampling === undefined) return undefined;
  const root = new ConsistentSampler(sampling.ratio);
  return sampling.parentBased ? new ParentBasedSampler({ root }) : root;
}

interface Running {
  readonly guard: GuardPlug | undefined;
  readonly sdk: { readonly shutdown: () => Promise<void> };
  readonly ledger: SpanLedger;
  readonly instrumentations: readonly Instrumentation[];
  readonly flush: () => Promise<void>;
}

function running({ sdk, ledger, instrumentations, guard, flush }: Running): Tracing {
  const stop = async (): Promise<void> => {
    guard?.stop();
    try {
      const isDone = await withinMillis(sdk.shutdown(), shutdownMillis);
      ledger.close(isDone ? 'the queue was full' : `nobody took them within ${shutdownMillis} ms`);
    } catch (error) {
      // A last batch that failed was counted and said already.
      if (ledger.dropped === 0) ledger.remark(`stopped with: ${String(error)}`);
      ledger.close('tracing was stopped');
    }
    for (const instrumentation of instrumentations) instrumentation.disable();
    for (const api of [trace, context, propagation]) api.disable();
    leaveProcess();
  };
  let stopped: Promise<void> | undefined;
  const shutdown = (): Promise<void> => {
    stopped ??= stop();
    return stopped;
  };
  const leaveProcess = flushAtEnd({
    flush: () => flush().catch(() => undefined),
    stop: shutdown,
    pending: () => ledger.pending,
    giveUp: (reason) => ledger.close(reason),
  });
  return { dropped: () => ledger.dropped, shutdown };
}
