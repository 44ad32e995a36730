import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import { describe, expect, test } from 'vitest';
import { CountingExporter } from './counting-exporter.ts';
import { SpanLedger } from './span-ledger.ts';

const spans = [{}, {}] as ReadableSpan[];

function exporterThat(does: SpanExporter['export']): SpanExporter {
  return { export: does, shutdown: async () => undefined };
}

describe('an exporter that counts its losses', () => {
  test('loses nothing when the spans were taken', () => {
    const said: string[] = [];
    const ledger = new SpanLedger((line) => said.push(line));
    const results: number[] = [];
    new CountingExporter(
      exporterThat((_spans, done) => done({ code: 0 })),
      ledger,
    ).export(spans, ({ code }) => results.push(code));
    expect([results, ledger.dropped, said]).toEqual([[0], 0, []]);
  });

  test.each([
    { what: 'an error', error: new Error('refused'), reason: 'refused' },
    {
      what: 'an error of several',
      error: new AggregateError([Object.assign(new Error(''), { code: 'ECONNREFUSED' })]),
      reason: 'ECONNREFUSED',
    },
    { what: 'a nameless error', error: new TypeError(''), reason: 'TypeError' },
    { what: 'no error', error: undefined, reason: 'no reason given' },
  ])('counts what failed with $what and says so once', ({ error, reason }) => {
    const said: string[] = [];
    const ledger = new SpanLedger((line) => said.push(line));
    const failing = exporterThat((_spans, done) => done(error ? { code: 1, error } : { code: 1 }));
    const exporter = new CountingExporter(failing, ledger);
    exporter.export(spans, () => undefined);
    exporter.export(spans, () => undefined);
    expect(ledger.dropped).toBe(4);
    expect(said).toEqual([
      `tracing: 2 spans were not delivered (${reason}); further losses are only counted`,
    ]);
  });

  test('survives an exporter that throws', async () => {
    const said: string[] = [];
    const ledger = new SpanLedger((line) => said.push(line));
    const throwing = exporterThat(() => {
      throw new Error('broken');
    });
    const exporter = new CountingExporter(throwing, ledger);
    const results: number[] = [];
    exporter.export(spans.slice(1), ({ code }) => results.push(code));
    await exporter.forceFlush();
    await exporter.shutdown();
    expect([results, ledger.dropped]).toEqual([[1], 1]);
    expect(said[0]).toContain('1 span was not delivered (broken)');
  });
});
