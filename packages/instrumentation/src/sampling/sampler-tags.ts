import type { Span, SpanProcessor } from '@opentelemetry/sdk-trace-base';

const all = 2 ** 56;

/**
 * Jaeger Thrift has no place for tracestate: the share that it tells is written on the span as Jaeger's own clients do,
 * where the hub reads it too.
 */
export const samplerTags: SpanProcessor = {
  onStart: (span: Span) => {
    const share = shareOf(span.spanContext().traceState?.get('ot'));
    if (share === undefined) return;
    span.setAttributes({ 'sampler.type': 'probabilistic', 'sampler.param': share });
  },
  onEnd: () => undefined,
  forceFlush: async () => undefined,
  shutdown: async () => undefined,
};

function shareOf(own: string | undefined): number | undefined {
  const threshold = /(?:^|;)th:([0-9a-f]{1,14})(?:;|$)/.exec(own ?? '')?.[1];
  if (threshold === undefined) return undefined;
  return 1 - Number.parseInt(threshold.padEnd(14, '0'), 16) / all;
}
