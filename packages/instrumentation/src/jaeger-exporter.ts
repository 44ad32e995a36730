import { JaegerExporter } from '@opentelemetry/exporter-jaeger';
import type { SpanExporter } from '@opentelemetry/sdk-trace-base';

/**
 * Sends Jaeger Thrift over HTTP to the collector's `/api/traces`. Upstream has deprecated this exporter and it retries
 * nothing: OTLP is the default, and this file is the only one that knows the package.
 */
export function jaegerExporter(endpoint: string): SpanExporter {
  return new JaegerExporter({ endpoint });
}
