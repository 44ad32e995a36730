import type { GuardVariables } from './guard/guard-options.ts';
import { readGuard } from './read-guard.ts';
import { readBatching, readSampling } from './read-limits.ts';
import { readPairs, readWords } from './read-lists.ts';

/** How spans leave the process; read once, wrong values fall back to the default and are named in `complaints`. */
export interface TracingConfig {
  /** OTEL_SDK_DISABLED: nothing is loaded, nothing is sent. */
  readonly disabled: boolean;
  readonly exporter: 'otlp' | 'jaeger' | 'none';
  readonly otlpProtocol: OtlpProtocol;
  /** undefined when the standard OTEL_EXPORTER_OTLP_* variables name the endpoint: the exporter reads them itself. */
  readonly otlpUrl: string | undefined;
  readonly jaegerEndpoint: string;
  readonly batching: Batching;
  /** undefined: sdk-node's own samplers do, as OTEL_TRACES_SAMPLER says. */
  readonly sampling: Sampling | undefined;
  /** OTEL_SERVICE_NAME. */
  readonly service: string | undefined;
  /** OTEL_RESOURCE_ATTRIBUTES, decoded. */
  readonly resource: Readonly<Record<string, string>>;
  readonly instrumentations: {
    readonly enabled: readonly string[] | undefined;
    readonly disabled: readonly string[];
  };
  readonly verifying: boolean;
  readonly guard: GuardVariables;
  readonly complaints: readonly string[];
}

export type OtlpProtocol = 'http/protobuf' | 'http/json' | 'grpc';

/** What the queue of spans does; undefined members are sdk-node's defaults. */
export interface Batching {
  readonly scheduledDelayMillis: number;
  readonly maxQueueSize: number | undefined;
  readonly maxExportBatchSize: number | undefined;
  readonly exportTimeoutMillis: number | undefined;
}

export interface Sampling {
  /** 0 to 1. */
  readonly ratio: number;
  /** A span with a parent is sampled when its parent was. */
  readonly parentBased: boolean;
}

/** The batch delay is short (500 ms instead of 5 s) so that a trace is whole soon after the call. */
export function readTracingConfig(env: NodeJS.ProcessEnv = process.env): TracingConfig {
  const complaints: string[] = [];
  const complain = (complaint: string): unknown => complaints.push(complaint);
  const otlpProtocol = readProtocol(
    'OTEL_EXPORTER_OTLP_PROTOCOL',
    env.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL || env.OTEL_EXPORTER_OTLP_PROTOCOL,
    complain,
  );
  return {
    disabled: env.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true',
    exporter: readExporter(env, complain),
    otlpProtocol,
    otlpUrl: namesOtlpEndpoint(env) ? undefined : defaultUrls[otlpProtocol],
    jaegerEndpoint: env.OTEL_EXPORTER_JAEGER_ENDPOINT || 'http://127.0.0.1:14268/api/traces',
    batching: readBatching(
      {
        delay: env.OTEL_BSP_SCHEDULE_DELAY,
        queue: env.OTEL_BSP_MAX_QUEUE_SIZE,
        batch: env.OTEL_BSP_MAX_EXPORT_BATCH_SIZE,
        timeout: env.OTEL_BSP_EXPORT_TIMEOUT,
      },
      complain,
    ),
    sampling: readSampling(env.OTEL_TRACES_SAMPLER, env.OTEL_TRACES_SAMPLER_ARG, complain),
    service: env.OTEL_SERVICE_NAME || undefined,
    resource: readPairs('OTEL_RESOURCE_ATTRIBUTES', env.OTEL_RESOURCE_ATTRIBUTES, complain),
    instrumentations: {
      enabled: readWords(env.OTEL_NODE_ENABLED_INSTRUMENTATIONS),
      disabled: readWords(env.OTEL_NODE_DISABLED_INSTRUMENTATIONS) ?? [],
    },
    verifying: env.CONCORDAT_VERIFYING === '1',
    guard: readGuard(
      {
        guard: env.CONCORDAT_GUARD,
        hubUrl: env.CONCORDAT_HUB_URL,
        rate: env.CONCORDAT_GUARD_RATE,
        token: env.PACT_BROKER_TOKEN,
        username: env.PACT_BROKER_USERNAME,
        password: env.PACT_BROKER_PASSWORD,
      },
      complain,
    ),
    complaints,
  };
}

// By address, not by `localhost`: that may mean ::1, where a hub that listens on 127.0.0.1 is not found.
const defaultUrls: Readonly<Record<OtlpProtocol, string>> = {
  'http/protobuf': 'http://127.0.0.1:4318/v1/traces',
  'http/json': 'http://127.0.0.1:4318/v1/traces',
  grpc: 'http://127.0.0.1:4317',
};

type Complain = (complaint: string) => unknown;

/** sdk-node no longer knows OTEL_TRACES_EXPORTER=jaeger; here it means the same as TRACE_EXPORTER=jaeger. */
function readExporter(env: NodeJS.ProcessEnv, complain: Complain): 'otlp' | 'jaeger' | 'none' {
  const [name, value] = env.TRACE_EXPORTER
    ? ['TRACE_EXPORTER', env.TRACE_EXPORTER]
    : ['OTEL_TRACES_EXPORTER', env.OTEL_TRACES_EXPORTER || 'otlp'];
  if (value === 'otlp' || value === 'jaeger' || value === 'none') return value;
  complain(`${name} is '${value}'; use otlp, jaeger or none (otlp is used now)`);
  return 'otlp';
}

function readProtocol(name: string, value: string | undefined, complain: Complain): OtlpProtocol {
  if (!value) return 'http/protobuf';
  if (value === 'http/protobuf' || value === 'http/json' || value === 'grpc') return value;
  complain(
    `${name} is '${value}'; use http/protobuf, http/json or grpc (http/protobuf is used now)`,
  );
  return 'http/protobuf';
}

function namesOtlpEndpoint(env: NodeJS.ProcessEnv): boolean {
  return Boolean(env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || env.OTEL_EXPORTER_OTLP_ENDPOINT);
}
