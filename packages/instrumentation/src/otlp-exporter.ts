import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import type { SpanExporter } from '@opentelemetry/sdk-trace-base';

/** Sends OTLP protobuf over HTTP; without a URL the exporter follows the standard OTEL_EXPORTER_OTLP_* variables. */
export function otlpExporter(url: string | undefined): SpanExporter {
  return new OTLPTraceExporter(url === undefined ? {} : { url });
}
