// Hot path: runs for every observed call. prom-client hashes labels anew with every observation (about 3 µs for the four metrics of a
// call); here one look-up finds the row of an edge.
import { type Call, overflowName } from '@concordat/domain';
import { addDuration, type Durations, histogramLines, noDurations, seconds } from './durations.ts';
import { type Exemplar, labelTextOf, sampleLine, writeRows } from './write-rows.ts';

const MOST_EDGES = 5000;

interface EdgeRow {
  readonly labelText: string;
  requests: number;
  failed: number;
  exemplar: Exemplar | undefined;
  readonly server: Durations;
  readonly client: Durations;
  /** Only between sender and receiver of messages. */
  readonly transit: Durations | undefined;
}

/** Calls as the service graph's metrics tell them: client is who sent, so of an event the producer. */
export class EdgeMetrics {
  readonly #rows = new Map<string, EdgeRow>();

  observe(calls: readonly Call[], at: Date): void {
    const timestamp = at.getTime() / 1000;
    for (const call of calls) {
      // What went through a gateway is there as the gateway's own calls.
      if (call.via === undefined) this.#observe(call, timestamp);
    }
  }

  /** In the OpenMetrics text format, without its end. */
  async text(): Promise<string> {
    const rows = [...this.#rows.values()];
    const requests = 'traces_service_graph_request';
    const counters = [
      await writeRows(rows, {
        name: requests,
        type: 'counter',
        help: 'Calls between two services.',
        write: ({ labelText, requests: value, exemplar }) =>
          sampleLine(`${requests}_total`, labelText, { value, exemplar }),
      }),
      await writeRows(rows, {
        name: `${requests}_failed`,
        type: 'counter',
        help: 'Calls of which either side has an error status.',
        write: ({ labelText, failed }) =>
          sampleLine(`${requests}_failed_total`, labelText, { value: failed }),
      }),
    ];
    const histograms: string[] = [];
    for (const { name, help, durationsOf } of histogramsOfEdges) {
      const write = (row: EdgeRow): string => {
        const durations = durationsOf(row);
        const { labelText } = row;
        return durations === undefined
          ? ''
          : histogramLines(name, { labelText, durations }, seconds);
      };
      histograms.push(await writeRows(rows, { name, type: 'histogram', help, write }));
    }
    return [...counters, ...histograms].join('');
  }

  #observe(call: Call, timestamp: number): void {
    const row = this.#row(call);
    const { weight, traceId } = call;
    const seen = { traceId, weight, timestamp };
    row.requests += weight;
    row.failed += call.failed ? weight : 0;
    row.exemplar = { traceId, value: weight, timestamp };
    addDuration(row.server, call.serverDurationMicros, seen);
    addDuration(row.client, call.clientDurationMicros, seen);
    if (row.transit !== undefined) addDuration(row.transit, call.transitMicros, seen);
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
      return this.#add(overflowName, {
        ...{ client: overflowName, server: overflowName, connection_type: '' },
      });
    }
    return this.#add(key, { client, server, connection_type: kind });
  }

  #add(
    key: string,
    labels: Readonly<Record<'client' | 'server' | 'connection_type', string>>,
  ): EdgeRow {
    const known = this.#rows.get(key);
    const row = known ?? {
      labelText: labelTextOf(labels),
      requests: 0,
      failed: 0,
      exemplar: undefined,
      server: noDurations(),
      client: noDurations(),
      transit: labels.connection_type === 'messaging_system' ? noDurations() : undefined,
    };
    this.#rows.set(key, row);
    return row;
  }
}

const histogramsOfEdges: readonly {
  readonly name: string;
  readonly help: string;
  readonly durationsOf: (row: EdgeRow) => Durations | undefined;
}[] = [
  {
    name: 'traces_service_graph_request_server_seconds',
    help: 'How long calls took at the service that was called.',
    durationsOf: ({ server }) => server,
  },
  {
    name: 'traces_service_graph_request_client_seconds',
    help: 'How long calls took at the service that called.',
    durationsOf: ({ client }) => client,
  },
  {
    name: 'traces_service_graph_request_messaging_system_seconds',
    help: 'How long messages travelled from sender to receiver.',
    durationsOf: ({ transit }) => transit,
  },
];

function connectionType({ exchange, consumer, provider }: Call): string {
  if (exchange.kind === 'message') {
    return 'messaging_system';
  }
  if (exchange.kind === 'database') {
    return 'database';
  }
  return consumer.virtual || provider.virtual ? 'virtual_node' : '';
}
