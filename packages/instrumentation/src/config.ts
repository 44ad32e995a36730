/** How spans leave the process; read once, wrong values fall back to the default and are named in `complaints`. */
export interface TracingConfig {
  readonly exporter: 'otlp' | 'jaeger';
  /** undefined when the standard OTEL_EXPORTER_OTLP_* variables name the endpoint: the exporter reads them itself. */
  readonly otlpUrl: string | undefined;
  readonly jaegerEndpoint: string;
  readonly batchDelayMillis: number;
  readonly verifying: boolean;
  readonly complaints: readonly string[];
}

const defaultBatchDelayMillis = 500;

/**
 * Reads TRACE_EXPORTER (`otlp` or `jaeger`), OTEL_EXPORTER_JAEGER_ENDPOINT, OTEL_BSP_SCHEDULE_DELAY and
 * CONCORDAT_VERIFYING. The batch delay is short (500 ms instead of 5 s) so that a trace is whole soon after the call.
 */
export function readTracingConfig(env: NodeJS.ProcessEnv = process.env): TracingConfig {
  const complaints: string[] = [];
  return {
    exporter: readExporter(env.TRACE_EXPORTER, complaints),
    otlpUrl: namesOtlpEndpoint(env) ? undefined : 'http://127.0.0.1:4318/v1/traces',
    jaegerEndpoint: env.OTEL_EXPORTER_JAEGER_ENDPOINT ?? 'http://127.0.0.1:14268/api/traces',
    batchDelayMillis: readDelay(env.OTEL_BSP_SCHEDULE_DELAY, complaints),
    verifying: env.CONCORDAT_VERIFYING === '1',
    complaints,
  };
}

function readExporter(value: string | undefined, complaints: string[]): 'otlp' | 'jaeger' {
  if (value === undefined || value === '' || value === 'otlp') return 'otlp';
  if (value === 'jaeger') return 'jaeger';
  complaints.push(`TRACE_EXPORTER is '${value}'; use otlp or jaeger (otlp is used now)`);
  return 'otlp';
}

function namesOtlpEndpoint(env: NodeJS.ProcessEnv): boolean {
  return Boolean(env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || env.OTEL_EXPORTER_OTLP_ENDPOINT);
}

function readDelay(value: string | undefined, complaints: string[]): number {
  if (value === undefined || value === '') return defaultBatchDelayMillis;
  const delay = Number(value);
  if (Number.isInteger(delay) && delay > 0) return delay;
  complaints.push(
    `OTEL_BSP_SCHEDULE_DELAY is '${value}'; use whole milliseconds above 0 (${defaultBatchDelayMillis} is used now)`,
  );
  return defaultBatchDelayMillis;
}
