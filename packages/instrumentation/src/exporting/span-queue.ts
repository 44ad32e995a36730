import type { ReadableSpan, SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { Batching } from '../config.ts';
import type { SdkParts } from '../sdk/load-node-sdk.ts';
import type { SpanLedger } from './span-ledger.ts';

interface QueueParts {
  readonly BatchSpanProcessor: SdkParts['BatchSpanProcessor'];
  readonly exporter: SpanExporter;
  readonly batching: Batching;
  readonly ledger: SpanLedger;
}

const sampled = 1;

/** The SDK's batch processor, with every span entered in the ledger when it ends. */
export function spanQueue({
  BatchSpanProcessor,
  exporter,
  batching,
  ledger,
}: QueueParts): SpanProcessor {
  const queue = new BatchSpanProcessor({ exporter, ...batching });
  let isOpen = true;
  return {
    onStart: () => undefined,
    onEnd: (span: ReadableSpan) => {
      // What ends after the shutdown was never meant to be sent.
      if (!isOpen) return;
      if ((span.spanContext().traceFlags & sampled) !== 0) ledger.ended();
      queue.onEnd(span);
    },
    forceFlush: () => queue.forceFlush(),
    shutdown: () => {
      isOpen = false;
      return queue.shutdown();
    },
  };
}
