import type { RunningHub } from '@concordat/hub';
import { type Context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { JaegerExporter } from '@opentelemetry/exporter-jaeger';
import { OTLPTraceExporter as GrpcTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  SimpleSpanProcessor,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-base';

/** Where a hub takes spans. */
export type SpanAddresses = Pick<RunningHub, 'otlpUrl' | 'otlpGrpcUrl' | 'jaegerUrl' | 'ports'>;

/** How a service's spans travel: the real exporters, unchanged. */
export type Sender = (hub: SpanAddresses) => SpanExporter;

export const senders = {
  otlp: ({ otlpUrl }) => new OTLPTraceExporter({ url: `${otlpUrl}/v1/traces` }),
  'otlp-grpc': ({ otlpGrpcUrl }) => new GrpcTraceExporter({ url: String(otlpGrpcUrl) }),
  jaeger: ({ jaegerUrl }) =>
    new JaegerExporter({ endpoint: `${jaegerUrl}/api/traces` }) as SpanExporter,
  'jaeger-udp': ({ ports }) =>
    new JaegerExporter({ host: '127.0.0.1', port: Number(ports.jaegerUdp) }) as SpanExporter,
} as const satisfies Readonly<Record<string, Sender>>;

/** A service as far as tracing sees it: its own provider and exporter. */
export interface TracedService {
  readonly tracer: ReturnType<BasicTracerProvider['getTracer']>;
  flush(): Promise<void>;
}

export function startTracedService(
  name: string,
  exporter: SpanExporter,
  version = '1.0.0',
): TracedService {
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({
      'service.name': name,
      'service.version': version,
      'deployment.environment.name': 'production',
    }),
    spanProcessors: [new SimpleSpanProcessor(exporter)],
  });
  return {
    tracer: provider.getTracer('test', '0.1.0'),
    flush: async () => {
      await provider.forceFlush();
      await provider.shutdown();
    },
  };
}

/** One HTTP request from one service to the other, as instrumentation would tell it. Returns its trace id. */
export function observeRequest(
  caller: TracedService,
  called: TracedService,
  request: { readonly method: string; readonly path: string; readonly status: number },
): string {
  const root = caller.tracer.startSpan('work', { kind: SpanKind.INTERNAL }, ROOT_CONTEXT);
  const inRoot: Context = trace.setSpan(ROOT_CONTEXT, root);
  const url = `http://orders:3000${request.path}`;
  const client = caller.tracer.startSpan(
    request.method,
    {
      kind: SpanKind.CLIENT,
      attributes: {
        'http.request.method': request.method,
        'url.full': url,
        'server.address': 'orders',
        'server.port': 3000,
        'http.response.status_code': request.status,
      },
    },
    inRoot,
  );
  const [path = '', query] = request.path.split('?');
  const server = called.tracer.startSpan(
    `${request.method} /v1/orders/:id`,
    {
      kind: SpanKind.SERVER,
      attributes: {
        'http.request.method': request.method,
        'url.path': path,
        ...(query === undefined ? {} : { 'url.query': query }),
        'http.route': '/v1/orders/:id',
        'http.response.status_code': request.status,
      },
    },
    trace.setSpan(inRoot, client),
  );
  if (request.status >= 500) server.setStatus({ code: SpanStatusCode.ERROR, message: 'broken' });
  server.addEvent('handled', { step: 1 });
  server.end();
  client.end();
  root.end();
  return root.spanContext().traceId;
}
