import { context, propagation, trace } from '@opentelemetry/api';
import { envDetector } from '@opentelemetry/resources';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { readTracingConfig, type TracingConfig } from './config.ts';
import { CountingExporter } from './counting-exporter.ts';
import { serviceInstrumentations } from './instrumentations.ts';
import { jaegerExporter } from './jaeger-exporter.ts';
import { LossNotice } from './loss-notice.ts';
import { otlpExporter } from './otlp-exporter.ts';
import { type ServiceIdentity, serviceResource } from './resource.ts';

const shutdownDeadlineMillis = 3_000;

export interface TracingOptions extends ServiceIdentity {
  /** Where settings are read; the process's environment when absent. */
  readonly env?: NodeJS.ProcessEnv;
  /** Gets the few lines tracing has to say; standard error when absent. */
  readonly say?: (line: string) => void;
}

export interface Tracing {
  /** Spans lost so far because no exporter took them. */
  readonly dropped: () => number;
  /** Sends what is still queued and unhooks everything; never rejects, and a second call waits for the first. */
  readonly shutdown: () => Promise<void>;
}

/**
 * Starts OpenTelemetry for this process. Call it once, before express and amqplib are loaded (in ESM: import
 * `@concordat/instrumentation/register` first and the application by `await import()` afterwards). It never throws:
 * when tracing cannot start the service runs without it and one line says why.
 */
export function startTracing(options: TracingOptions): Tracing {
  const notice = new LossNotice(options.say ?? ((line) => process.stderr.write(`${line}\n`)));
  try {
    return startSdk(options, notice);
  } catch (error) {
    notice.remark(`could not start, no spans will be sent: ${String(error)}`);
    return { dropped: () => notice.dropped, shutdown: async () => undefined };
  }
}

function startSdk(options: TracingOptions, notice: LossNotice): Tracing {
  const config = readTracingConfig(options.env);
  for (const complaint of config.complaints) notice.remark(complaint);
  const instrumentations = serviceInstrumentations();
  const sdk = new NodeSDK({
    resource: serviceResource(options, config.verifying),
    resourceDetectors: config.verifying ? [] : [envDetector],
    spanProcessors: [batches(config, notice)],
    metricReaders: [],
    logRecordProcessors: [],
    instrumentations,
  });
  sdk.start();
  const stop = async () => {
    await withinDeadline(sdk.shutdown()).catch((error) => {
      // A last batch that failed was counted and said already.
      if (notice.dropped === 0) notice.remark(`stopped with: ${String(error)}`);
    });
    for (const instrumentation of instrumentations) instrumentation.disable();
    for (const api of [trace, context, propagation]) api.disable();
  };
  let stopped: Promise<void> | undefined;
  return {
    dropped: () => notice.dropped,
    shutdown: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

/** The exporter's own retries could hold a terminating process for ten seconds when nobody takes its spans. */
async function withinDeadline(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`the last spans were not taken within ${shutdownDeadlineMillis} ms`)),
      shutdownDeadlineMillis,
    );
  });
  await Promise.race([work, deadline]).finally(() => clearTimeout(timer));
}

function batches(config: TracingConfig, notice: LossNotice): BatchSpanProcessor {
  const exporter =
    config.exporter === 'jaeger'
      ? jaegerExporter(config.jaegerEndpoint)
      : otlpExporter(config.otlpUrl);
  return new BatchSpanProcessor(new CountingExporter(exporter, notice), {
    scheduledDelayMillis: config.batchDelayMillis,
  });
}
