import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { SpanLedger } from './span-ledger.ts';

type ExportDone = Parameters<SpanExporter['export']>[1];

const failed = 1;

/** Hands batches to another exporter and counts what it delivered and what not; an exporter that throws counts as failed. */
export class CountingExporter implements SpanExporter {
  readonly #inner: SpanExporter;
  readonly #ledger: SpanLedger;

  constructor(inner: SpanExporter, ledger: SpanLedger) {
    this.#inner = inner;
    this.#ledger = ledger;
  }

  export(spans: ReadableSpan[], done: ExportDone): void {
    try {
      this.#inner.export(spans, (result) => {
        if (result.code === failed) this.#ledger.lost(spans.length, reasonOf(result.error));
        else this.#ledger.delivered(spans.length);
        done(result);
      });
    } catch (error) {
      this.#ledger.lost(spans.length, reasonOf(error));
      done({ code: failed });
    }
  }

  async forceFlush(): Promise<void> {
    await this.#inner.forceFlush?.();
  }

  async shutdown(): Promise<void> {
    await this.#inner.shutdown();
  }
}

/** A refused connection to `localhost` is an AggregateError without a message, so its code or first part is used. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  if (!(error instanceof Error)) return 'no reason given';
  if (error.message !== '') return error.message;
  return 'code' in error ? String(error.code) : error.name;
}
