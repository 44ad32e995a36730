import type { Registry } from 'prom-client';
import { registerSamples } from './register-samples.ts';

/** What came in since the start. */
export interface IngestFigures {
  readonly accepted: Readonly<Record<string, number>>;
  readonly rejectedSpans: number;
  readonly decodeErrors: number;
  readonly unkept: Readonly<Record<string, number>>;
  /** Requests and datagrams by transport and by what became of them. */
  readonly requests: Readonly<Partial<Record<string, Readonly<Partial<Record<string, number>>>>>>;
  readonly pairing: {
    readonly unpairedCallers: number;
    readonly unpairedCallees: number;
    readonly dropped: number;
    readonly duplicates: number;
    readonly malformedVerdicts: number;
  };
  /** Spans sent on to a real Jaeger; undefined without one. */
  readonly forward:
    | {
        readonly forwardedSpans: number;
        readonly droppedSpans: number;
        readonly rejectedSpans: number;
        readonly queuedBytes: number;
      }
    | undefined;
  readonly droppedCalls: number;
  readonly droppedOperations: number;
}

export interface IngestSources {
  readonly ingest: () => IngestFigures;
  /** Spans of services or names beyond the bounds of what is told apart. */
  readonly overflowed: () => number;
}

/** What came in, and what was lost of it. */
export function registerIngestMetrics(
  registry: Registry,
  { ingest, overflowed }: IngestSources,
): void {
  registerByLabel(registry, ingest);
  registerForwarding(registry, ingest);
  for (const { name, help, value } of counters) {
    const samples = () => [{ value: value(ingest()), labels: {} }];
    registerSamples(registry, { name, type: 'counter', help, samples });
  }
  registerSamples(registry, {
    name: 'concordat_monitor_overflowed_spans_total',
    type: 'counter',
    help: 'Spans of services or names beyond the bounds of what is told apart.',
    samples: () => [{ value: overflowed(), labels: {} }],
  });
}

function registerByLabel(registry: Registry, ingest: () => IngestFigures): void {
  registerSamples(registry, {
    name: 'traces_service_graph_unpaired_spans_total',
    type: 'counter',
    help: 'Halves of calls whose other half never came, by the side that came.',
    samples: () => {
      const { pairing } = ingest();
      return [
        { value: pairing.unpairedCallers, labels: { side: 'client' } },
        { value: pairing.unpairedCallees, labels: { side: 'server' } },
      ];
    },
  });
  registerSamples(registry, {
    name: 'concordat_ingest_spans_total',
    type: 'counter',
    help: 'Spans accepted, by transport.',
    samples: () =>
      Object.entries(ingest().accepted).map(([transport, value]) => ({
        value,
        labels: { transport },
      })),
  });
  registerSamples(registry, {
    name: 'concordat_ingest_requests_total',
    type: 'counter',
    help: 'Requests and datagrams with spans, metrics or logs, by transport and by what became of them.',
    samples: () =>
      Object.entries(ingest().requests).flatMap(([transport, answers = {}]) =>
        Object.entries(answers).map(([outcome, value = 0]) => ({
          value,
          labels: { transport, outcome },
        })),
      ),
  });
  registerSamples(registry, {
    name: 'concordat_ingest_unkept_requests_total',
    type: 'counter',
    help: 'Requests with metrics or logs, which are taken and dropped.',
    samples: () =>
      Object.entries(ingest().unkept).map(([signal, value]) => ({
        value,
        labels: { signal },
      })),
  });
}

/** Without a Jaeger these have no samples. */
function registerForwarding(registry: Registry, ingest: () => IngestFigures): void {
  registerSamples(registry, {
    name: 'concordat_forward_spans_total',
    type: 'counter',
    help: 'Spans meant for the Jaeger behind the hub, by what became of them: forwarded, dropped by the hub, rejected there.',
    samples: () => {
      const { forward } = ingest();
      if (forward === undefined) return [];
      return [
        { value: forward.forwardedSpans, labels: { outcome: 'forwarded' } },
        { value: forward.droppedSpans, labels: { outcome: 'dropped' } },
        { value: forward.rejectedSpans, labels: { outcome: 'rejected' } },
      ];
    },
  });
  registerSamples(registry, {
    name: 'concordat_forward_queued_bytes',
    type: 'gauge',
    help: 'Bytes of spans that wait for the Jaeger behind the hub, or are on their way.',
    samples: () => {
      const { forward } = ingest();
      return forward === undefined ? [] : [{ value: forward.queuedBytes, labels: {} }];
    },
  });
}

const counters: readonly {
  readonly name: string;
  readonly help: string;
  readonly value: (figures: IngestFigures) => number;
}[] = [
  {
    name: 'traces_service_graph_dropped_spans_total',
    help: 'Halves of calls given up because too many waited.',
    value: ({ pairing }) => pairing.dropped,
  },
  {
    name: 'concordat_ingest_duplicate_spans_total',
    help: 'Spans that had come before.',
    value: ({ pairing }) => pairing.duplicates,
  },
  {
    name: 'concordat_guard_malformed_verdicts_total',
    help: 'Verdicts of live guards that could not be read from their spans.',
    value: ({ pairing }) => pairing.malformedVerdicts,
  },
  {
    name: 'concordat_ingest_rejected_spans_total',
    help: 'Spans refused for their ids.',
    value: ({ rejectedSpans }) => rejectedSpans,
  },
  {
    name: 'concordat_ingest_decode_errors_total',
    help: 'Requests that could not be decoded.',
    value: ({ decodeErrors }) => decodeErrors,
  },
  {
    name: 'concordat_insights_dropped_calls_total',
    help: 'Calls not counted because too many waited.',
    value: ({ droppedCalls }) => droppedCalls,
  },
  {
    name: 'concordat_monitor_dropped_spans_total',
    help: 'Spans not counted by minute because too many counts waited.',
    value: ({ droppedOperations }) => droppedOperations,
  },
];
