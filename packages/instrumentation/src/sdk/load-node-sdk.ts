// Measured on Node 20: `require('@opentelemetry/sdk-node')` costs 0.7 s of processor time, because it loads every exporter
// there is (gRPC three times, Prometheus, Zipkin), the metrics and logs SDKs and the configuration schema. A service uses
// none of them. They are loaded here at first use instead; it stays the same NodeSDK.
import Module, { createRequire } from 'node:module';
import type { SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { Batching } from '../config.ts';

type Load = (request: string, parent: { readonly filename?: string } | undefined) => unknown;

const modules = Module as unknown as { _load: Load };
const require = createRequire(import.meta.url);

const spare =
  /^@opentelemetry\/(?:exporter-.+|configuration|otlp-(?:grpc-)?exporter-base|propagator-.+|sdk-(?:logs|metrics|trace-base|trace-node))$/;
const fromSdkNode = /[\\/]@opentelemetry[\\/]sdk-node[\\/](?!node_modules)/;

export interface SdkParts {
  readonly sdk: typeof import('@opentelemetry/sdk-node');
  /** Of the very copy of the trace SDK that sdk-node uses: another one would cost its loading. */
  readonly BatchSpanProcessor: new (
    options: { readonly exporter: SpanExporter } & Partial<Batching>,
  ) => SpanProcessor;
  readonly ParentBasedSampler: typeof import('@opentelemetry/sdk-trace-base').ParentBasedSampler;
}

/** sdk-node, with everything it may need and a service does not loaded at first use. */
export function loadNodeSdk(): SdkParts {
  const sdk = loadLazily();
  const beside = createRequire(require.resolve('@opentelemetry/sdk-node'));
  const { BatchSpanProcessor, ParentBasedSampler } = beside('@opentelemetry/sdk-trace') as SdkParts;
  return { sdk, BatchSpanProcessor, ParentBasedSampler };
}

function loadLazily(): SdkParts['sdk'] {
  const load = modules._load;
  modules._load = function lazily(this: unknown, ...args: Parameters<Load>): unknown {
    const [request, parent] = args;
    const isSpare = spare.test(request) && fromSdkNode.test(parent?.filename ?? '');
    return isSpare ? atFirstUse(() => load.apply(this, args) as object) : load.apply(this, args);
  };
  try {
    return require('@opentelemetry/sdk-node') as SdkParts['sdk'];
  } finally {
    modules._load = load;
  }
}

/** Stands for a module's exports, which it loads when somebody looks at them. */
export function atFirstUse(load: () => object): object {
  let loaded: object | undefined;
  const exportsOf = (): object => {
    loaded ??= load();
    return loaded;
  };
  return new Proxy(
    {},
    {
      get: (_, name) => Reflect.get(exportsOf(), name) as unknown,
      has: (_, name) => Reflect.has(exportsOf(), name),
      ownKeys: () => Reflect.ownKeys(exportsOf()),
      // The target has no such property, so it may only be told as one that can be changed.
      getOwnPropertyDescriptor: (_, name) => {
        const found = Reflect.getOwnPropertyDescriptor(exportsOf(), name);
        return found && { ...found, configurable: true };
      },
    },
  );
}
