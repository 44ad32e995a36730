import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import * as units from '@grafana/grafana-foundation-sdk/units';
import { dashboard, hubLink, labelVariable, lines, stat, table } from './panels.ts';

const CALLS = 'traces_span_metrics_calls_total';
const DURATIONS = 'traces_span_metrics_duration_milliseconds_bucket';
const SPANS = 'service_name=~"$service_name", span_kind=~"$span_kind"';
const FAILED = `${SPANS}, status_code="STATUS_CODE_ERROR"`;
const BY_OPERATION = 'service_name, span_name, span_kind';
const LEGEND = '{{service_name}}: {{span_name}}';
const RATE = `rate(${CALLS}{${SPANS}}[$__rate_interval])`;
const ERRORS = `rate(${CALLS}{${FAILED}}[$__rate_interval])`;
const SLOWNESS = `rate(${DURATIONS}{${SPANS}}[$__rate_interval])`;
const BUSIEST = 15;

/** Rate, errors and duration of every operation, from the span metrics that the hub (or a collector) counts. */
export function operationsRed(): Dashboard {
  return dashboard({
    uid: 'operations-red',
    title: 'Operations: rate, errors, duration',
    description:
      'Every operation of every service, from its own spans: how often it ran, how often it failed, how long it took.',
  })
    .withVariable(labelVariable('service_name', 'Service', CALLS))
    .withVariable(labelVariable('span_kind', 'Kind of span', CALLS))
    .withPanel(
      stat(
        {
          title: 'Spans per second',
          description: 'All spans of the chosen services and kinds.',
          unit: units.CountsPerSecond,
        },
        `sum(${RATE})`,
      ),
    )
    .withPanel(
      stat(
        {
          title: 'Failed share',
          description: 'Spans with an error status, of all that were chosen.',
          unit: units.PercentUnit,
        },
        `(sum(${ERRORS}) or vector(0)) / sum(${RATE})`,
      ),
    )
    .withPanel(
      stat(
        {
          title: 'Duration, 95th percentile',
          description: 'Of all spans that were chosen.',
          unit: units.Milliseconds,
        },
        `histogram_quantile(0.95, sum by (le) (${SLOWNESS}))`,
      ),
    )
    .withPanel(
      stat(
        {
          title: 'Operations',
          description: 'Operations with spans in the chosen time.',
          unit: units.Short,
        },
        `count(count by (${BY_OPERATION}) (increase(${CALLS}{${SPANS}}[$__range]) > 0))`,
      ),
    )
    .withPanel(
      lines(
        {
          title: 'Rate by operation',
          description: 'Spans per second of the busiest operations.',
          unit: units.CountsPerSecond,
        },
        [{ expr: `topk(${BUSIEST}, sum by (${BY_OPERATION}) (${RATE}))`, legend: LEGEND }],
      ).dataLinks([SERVICE]),
    )
    .withPanel(
      lines(
        {
          title: 'Errors by operation',
          description: 'Share of spans with an error status, of the operations that fail most.',
          unit: units.PercentUnit,
        },
        [
          {
            expr: `topk(${BUSIEST}, sum by (${BY_OPERATION}) (${ERRORS}) / sum by (${BY_OPERATION}) (${RATE}))`,
            legend: LEGEND,
          },
        ],
      ).dataLinks([SERVICE]),
    )
    .withPanel(
      lines(
        {
          title: 'Duration by operation, 95th percentile',
          description: 'Of the slowest operations; the dots are traces.',
          unit: units.Milliseconds,
        },
        [
          {
            expr: `topk(${BUSIEST}, histogram_quantile(0.95, sum by (le, ${BY_OPERATION}) (${SLOWNESS})))`,
            legend: LEGEND,
            exemplars: true,
          },
        ],
      ).dataLinks([SERVICE]),
    )
    .withPanel(
      table(
        {
          title: 'Where time goes',
          description: 'Milliseconds of work in a second, by operation: how often times how long.',
          unit: units.Milliseconds,
          value: 'Time per second',
        },
        `topk(${BUSIEST}, sum by (${BY_OPERATION}) (rate(traces_span_metrics_duration_milliseconds_sum{${SPANS}}[$__rate_interval])))`,
      ),
    )
    .build();
}

const SERVICE = hubLink('Service in the hub', 'monitor/${__field.labels.service_name}');
