import { createRequire } from 'node:module';
import type { SpanExporter } from '@opentelemetry/sdk-trace-base';

const require = createRequire(import.meta.url);

/**
 * Sends Jaeger Thrift over HTTP to the collector's `/api/traces`. Upstream has deprecated this exporter and it retries
 * nothing: OTLP is the default, and this file is the only one that knows the package.
 */
export function jaegerExporter(endpoint: string): SpanExporter {
  const { JaegerExporter } =
    require('@opentelemetry/exporter-jaeger') as typeof import('@opentelemetry/exporter-jaeger');
  return new JaegerExporter({ endpoint });
}
