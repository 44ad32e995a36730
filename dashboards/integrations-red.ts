import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import * as units from '@grafana/grafana-foundation-sdk/units';
import { alarm, dashboard, graph, hubLink, labelVariable, lines, stat } from './panels.ts';

const EDGE = 'client=~"$client", server=~"$server", connection_type=~"$connection_type"';
const REQUESTS = 'traces_service_graph_request_total';
const FAILED = 'traces_service_graph_request_failed_total';
const LEGEND = '{{client}} → {{server}} {{connection_type}}';
const BY_EDGE = 'client, server, connection_type';

/** Rate, errors and duration of every edge, from the service graph that the hub (or a collector) counts. */
export function integrationsRed(): Dashboard {
  return dashboard({
    uid: 'integrations-red',
    title: 'Integrations: rate, errors, duration',
    description:
      'Every call between two services, paired from their spans: how many, how many failed, how long they took.',
  })
    .withVariable(labelVariable('client', 'Consumer', REQUESTS))
    .withVariable(labelVariable('server', 'Provider', REQUESTS))
    .withVariable(labelVariable('connection_type', 'Kind of connection', REQUESTS))
    .withPanel(
      stat(
        {
          title: 'Calls per second',
          description: 'All calls of the chosen edges.',
          unit: units.RequestsPerSecond,
        },
        `sum(rate(${REQUESTS}{${EDGE}}[$__rate_interval]))`,
      ),
    )
    .withPanel(
      stat(
        {
          title: 'Failed share',
          description: 'Calls with an error status, of all calls of the chosen edges.',
          unit: units.PercentUnit,
        },
        `(sum(rate(${FAILED}{${EDGE}}[$__rate_interval])) or vector(0)) / sum(rate(${REQUESTS}{${EDGE}}[$__rate_interval]))`,
      ),
    )
    .withPanel(
      stat(
        {
          title: 'Edges with traffic',
          description: 'Pairs of services that called each other in the chosen time.',
          unit: units.Short,
        },
        `count(count by (client, server) (increase(${REQUESTS}{${EDGE}}[$__range]) > 0))`,
      ),
    )
    .withPanel(
      alarm(
        {
          title: 'Open findings',
          description: 'Places where the traffic and the contracts of the chosen pairs disagree.',
          unit: units.Short,
        },
        'sum(contract_drift_open_findings{consumer=~"$client|", provider=~"$server"}) or vector(0)',
      ),
    )
    .withPanel(
      lines(
        {
          title: 'Rate',
          description: 'Calls per second of each edge.',
          unit: units.RequestsPerSecond,
        },
        [
          {
            expr: `sum by (${BY_EDGE}) (rate(${REQUESTS}{${EDGE}}[$__rate_interval]))`,
            legend: LEGEND,
            exemplars: true,
          },
        ],
      ).dataLinks([hubLink('Integration in the hub', INTEGRATION)]),
    )
    .withPanel(
      lines(
        {
          title: 'Errors',
          description: 'Share of calls with an error status, for each edge.',
          unit: units.PercentUnit,
        },
        [
          {
            expr: `sum by (${BY_EDGE}) (rate(${FAILED}{${EDGE}}[$__rate_interval])) / sum by (${BY_EDGE}) (rate(${REQUESTS}{${EDGE}}[$__rate_interval]))`,
            legend: LEGEND,
          },
        ],
      ).dataLinks([hubLink('Integration in the hub', INTEGRATION)]),
    )
    .withPanel(
      lines(
        {
          title: 'Duration at the provider, 95th percentile',
          description: 'How long the provider needed, from its own spans.',
          unit: units.Seconds,
        },
        [
          {
            expr: `histogram_quantile(0.95, sum by (le, ${BY_EDGE}) (rate(traces_service_graph_request_server_seconds_bucket{${EDGE}}[$__rate_interval])))`,
            legend: LEGEND,
            exemplars: true,
          },
        ],
      ).dataLinks([hubLink('Integration in the hub', INTEGRATION)]),
    )
    .withPanel(
      lines(
        {
          title: 'Duration at the consumer, 95th percentile',
          description: 'How long the consumer waited, network and queues included.',
          unit: units.Seconds,
        },
        [
          {
            expr: `histogram_quantile(0.95, sum by (le, ${BY_EDGE}) (rate(traces_service_graph_request_client_seconds_bucket{${EDGE}}[$__rate_interval])))`,
            legend: LEGEND,
            exemplars: true,
          },
        ],
      ).dataLinks([hubLink('Integration in the hub', INTEGRATION)]),
    )
    .withPanel(
      graph(
        {
          title: 'Who calls whom',
          description:
            'Calls per second: on an arrow those of the edge, on a circle all that the service answers.',
          unit: units.RequestsPerSecond,
        },
        {
          nodes: `label_join(label_join(${answered} or ${calling}, "id", "", "service"), "title", "", "service")`,
          edges: `label_join(label_join(label_join(sum by (client, server) (${RATE}), "id", "--", "client", "server"), "source", "", "client"), "target", "", "server")`,
        },
      ),
    )
    .build();
}

const RATE = `rate(${REQUESTS}{${EDGE}}[$__rate_interval])`;
const answered = `sum by (service) (label_join(${RATE}, "service", "", "server"))`;
/** A service that only calls is a circle too. */
const calling = `sum by (service) (label_join(${RATE}, "service", "", "client") * 0)`;

const INTEGRATION = 'i/${__field.labels.client}/${__field.labels.server}';
