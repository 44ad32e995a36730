// Hot path: runs for every observed call. prom-client hashes labels anew with every observation (about 3 µs for the four metrics of a
// call); here one look-up finds the row of an edge, and prom-client only writes the text.
import type { Call } from '@concordat/domain';
import type { Metric, Registry } from 'prom-client';

/** Bounds in seconds of the OpenTelemetry collector's service graph connector. */
const BOUNDS = [
  0.002, 0.004, 0.006, 0.008, 0.01, 0.05, 0.1, 0.2, 0.4, 0.8, 1, 1.4, 2, 5, 10, 15,
] as const;

const LE = [...BOUNDS, '+Inf'].map((le) => ({ le }));

const MOST_EDGES = 5000;
const OVERFLOW = '__overflow__';

interface Exemplar {
  readonly labelSet: { readonly trace_id: string };
  readonly value: number;
  /** Seconds since the epoch. */
  readonly timestamp: number;
}

interface Durations {
  /** Calls by bucket; the last is beyond all bounds. */
  readonly counts: number[];
  readonly exemplars: (Exemplar | undefined)[];
  sum: number;
}

type EdgeLabels = Readonly<Record<'client' | 'server' | 'connection_type', string>>;

interface EdgeRow {
  readonly labels: EdgeLabels;
  requests: number;
  failed: number;
  exemplar: Exemplar | undefined;
  readonly server: Durations;
  readonly client: Durations;
}

interface Sample {
  readonly value: number;
  readonly labels: Readonly<Record<string, string | number>>;
  /** Labels that several samples have in common; written once. */
  readonly sharedLabels?: Readonly<Record<string, string>>;
  readonly metricName?: string;
  readonly exemplar?: Exemplar;
}

/** Calls as the service graph's metrics tell them: client is who sent, so of an event the producer. */
export class EdgeMetrics {
  readonly #rows = new Map<string, EdgeRow>();

  observe(calls: readonly Call[], at: Date): void {
    const timestamp = at.getTime() / 1000;
    for (const call of calls) {
      this.#observe(call, timestamp);
    }
  }

  register(registry: Registry): void {
    const total = 'traces_service_graph_request_total';
    const failed = 'traces_service_graph_request_failed_total';
    const server = 'traces_service_graph_request_server_seconds';
    const client = 'traces_service_graph_request_client_seconds';
    const rows = (): readonly EdgeRow[] => [...this.#rows.values()];
    registerSamples(registry, {
      name: total,
      type: 'counter',
      help: 'Calls between two services.',
      samples: () =>
        rows().map(({ labels, requests, exemplar }) => ({
          value: requests,
          labels,
          ...(exemplar === undefined ? {} : { exemplar }),
        })),
    });
    registerSamples(registry, {
      name: failed,
      type: 'counter',
      help: 'Calls of which either side has an error status.',
      samples: () => rows().map((row) => ({ value: row.failed, labels: row.labels })),
    });
    registerSamples(registry, {
      name: server,
      type: 'histogram',
      help: 'How long calls took at the service that was called.',
      samples: () => rows().flatMap((row) => histogram(server, row.labels, row.server)),
    });
    registerSamples(registry, {
      name: client,
      type: 'histogram',
      help: 'How long calls took at the service that called.',
      samples: () => rows().flatMap((row) => histogram(client, row.labels, row.client)),
    });
  }

  #observe(call: Call, timestamp: number): void {
    const row = this.#row(call);
    const { weight, traceId } = call;
    row.requests += weight;
    row.failed += call.failed ? weight : 0;
    row.exemplar = { labelSet: { trace_id: traceId }, value: weight, timestamp };
    add(row.server, call.serverDurationMicros, { traceId, weight, timestamp });
    add(row.client, call.clientDurationMicros, { traceId, weight, timestamp });
  }

  #row(call: Call): EdgeRow {
    const isMessage = call.exchange.kind === 'message';
    const client = (isMessage ? call.provider : call.consumer).service;
    const server = (isMessage ? call.consumer : call.provider).service;
    const kind = connectionType(call);
    const key = `${client}\n${server}\n${kind}`;
    const known = this.#rows.get(key);
    if (known !== undefined) {
      return known;
    }
    if (this.#rows.size >= MOST_EDGES) {
      return this.#add(OVERFLOW, { client: OVERFLOW, server: OVERFLOW, connection_type: '' });
    }
    return this.#add(key, { client, server, connection_type: kind });
  }

  #add(key: string, labels: EdgeLabels): EdgeRow {
    const known = this.#rows.get(key);
    const row = known ?? {
      labels,
      requests: 0,
      failed: 0,
      exemplar: undefined,
      server: noDurations(),
      client: noDurations(),
    };
    this.#rows.set(key, row);
    return row;
  }
}

function connectionType({ exchange, consumer, provider }: Call): string {
  if (exchange.kind === 'message') {
    return 'messaging_system';
  }
  return consumer.virtual || provider.virtual ? 'virtual_node' : '';
}

function noDurations(): Durations {
  return {
    counts: new Array<number>(BOUNDS.length + 1).fill(0),
    exemplars: new Array<undefined>(BOUNDS.length + 1).fill(undefined),
    sum: 0,
  };
}

function add(
  durations: Durations,
  micros: number | undefined,
  seen: { readonly traceId: string; readonly weight: number; readonly timestamp: number },
): void {
  if (micros === undefined) {
    return;
  }
  const seconds = micros / 1e6;
  const found = BOUNDS.findIndex((bound) => seconds <= bound);
  const bucket = found < 0 ? BOUNDS.length : found;
  durations.counts[bucket] = (durations.counts[bucket] ?? 0) + seen.weight;
  durations.exemplars[bucket] = {
    labelSet: { trace_id: seen.traceId },
    value: seconds,
    timestamp: seen.timestamp,
  };
  durations.sum += seconds * seen.weight;
}

function histogram(name: string, labels: EdgeLabels, durations: Durations): readonly Sample[] {
  let sum = 0;
  const buckets = durations.counts.map((count, at) => {
    sum += count;
    const exemplar = durations.exemplars[at];
    return {
      value: sum,
      labels: LE[at] ?? {},
      sharedLabels: labels,
      metricName: `${name}_bucket`,
      ...(exemplar === undefined ? {} : { exemplar }),
    };
  });
  return [
    ...buckets,
    { value: durations.sum, labels: {}, sharedLabels: labels, metricName: `${name}_sum` },
    { value: sum, labels: {}, sharedLabels: labels, metricName: `${name}_count` },
  ];
}

/** A metric whose samples are made when it is read. */
export function registerSamples(
  registry: Registry,
  metric: {
    readonly name: string;
    readonly type: 'counter' | 'gauge' | 'histogram';
    readonly help: string;
    readonly samples: () => readonly Sample[] | Promise<readonly Sample[]>;
  },
): void {
  // The registry renames counters in place before it writes them, so the name lives on an object it may change.
  const written = {
    name: metric.name,
    help: metric.help,
    type: metric.type,
    get: async () => ({
      name: written.name,
      help: metric.help,
      type: metric.type,
      values: await metric.samples(),
    }),
  };
  registry.registerMetric(written as unknown as Metric);
}
