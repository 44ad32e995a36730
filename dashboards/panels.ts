import {
  ConstantVariableBuilder,
  DashboardBuilder,
  DashboardLinkBuilder,
  DatasourceVariableBuilder,
  type DynamicConfigValue,
  QueryVariableBuilder,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import {
  EdgeOptionsBuilder,
  PanelBuilder as NodeGraphBuilder,
  NodeOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/nodegraph';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';

/** Every panel and query reads the data source that the reader chose. */
const datasource = { type: 'prometheus', uid: '${datasource}' };

export interface PanelText {
  readonly title: string;
  readonly description: string;
  readonly unit: string;
}

export interface Query {
  readonly expr: string;
  readonly legend: string;
  readonly exemplars?: boolean;
}

/** A dashboard with the habits all of ours share: fixed uid, read-only, and a choice of data source first. */
export function dashboard(options: {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
}): DashboardBuilder {
  return new DashboardBuilder(options.title)
    .id(null)
    .uid(options.uid)
    .description(options.description)
    .tags(['concordat'])
    .readonly()
    .timezone('browser')
    .refresh('30s')
    .time({ from: 'now-1h', to: 'now' })
    .withVariable(
      new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'),
    )
    .withVariable(new ConstantVariableBuilder('hub').label('Hub').value('http://localhost:9292'));
}

/** A choice among the values of a label, everything by default. */
export function labelVariable(name: string, label: string, metric: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(datasource)
    .query(`label_values(${metric}, ${name})`)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current({ selected: true, text: ['All'], value: ['$__all'] });
}

/** One number: a quarter of the width. */
export function stat(text: PanelText, expr: string): StatBuilder {
  return new StatBuilder()
    .title(text.title)
    .description(text.description)
    .unit(text.unit)
    .datasource(datasource)
    .height(4)
    .span(6)
    .withTarget(query({ expr, legend: text.title }, 'A').instant());
}

/** A number that is bad from one on. */
export function alarm(text: PanelText, expr: string): StatBuilder {
  return stat(text, expr).thresholds(
    new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([
      { value: null, color: 'blue' },
      { value: 1, color: 'red' },
    ]),
  );
}

/** Lines over time: half the width. */
export function lines(text: PanelText, queries: readonly Query[]): TimeseriesBuilder {
  const panel = new TimeseriesBuilder()
    .title(text.title)
    .description(text.description)
    .unit(text.unit)
    .datasource(datasource)
    .min(0)
    .fillOpacity(8)
    .height(8)
    .span(12);
  for (const [index, each] of queries.entries())
    panel.withTarget(query(each, refId(index)).range());
  return panel;
}

/** A table with a row a series: labels as columns, then the value. */
export function table(text: PanelText & { readonly value: string }, expr: string): TableBuilder {
  const hidden: DynamicConfigValue[] = [{ id: 'custom.hidden', value: true }];
  return new TableBuilder()
    .title(text.title)
    .description(text.description)
    .unit(text.unit)
    .datasource(datasource)
    .height(8)
    .span(12)
    .withTarget(query({ expr, legend: '' }, 'A').format(PromQueryFormat.Table).instant())
    .overrideByName('Time', hidden)
    .overrideByName('Value', [{ id: 'displayName', value: text.value }]);
}

/**
 * Circles and arrows over the whole width. Each node needs labels `id` and `title`, each edge `id`, `source` and `target`; the value is
 * what is written on it.
 */
export function graph(
  text: PanelText,
  { nodes, edges }: { readonly nodes: string; readonly edges: string },
): NodeGraphBuilder {
  const inTable = (expr: string, ref: string): DataqueryBuilder =>
    query({ expr, legend: '' }, ref).format(PromQueryFormat.Table).instant();
  return new NodeGraphBuilder()
    .title(text.title)
    .description(text.description)
    .unit(text.unit)
    .datasource(datasource)
    .height(12)
    .span(24)
    .nodes(new NodeOptionsBuilder().mainStatUnit(text.unit))
    .edges(new EdgeOptionsBuilder().mainStatUnit(text.unit))
    .withTarget(inTable(nodes, 'nodes'))
    .withTarget(inTable(edges, 'edges'))
    .withTransformation({
      id: 'organize',
      options: { renameByName: { 'Value #nodes': 'mainstat', 'Value #edges': 'mainstat' } },
    });
}

/** Leads from a series to the same pair in the hub's own page. */
export function hubLink(title: string, path: string): DashboardLinkBuilder {
  return new DashboardLinkBuilder(title).url(`\${hub}/ui/${path}`).targetBlank(true);
}

function query({ expr, legend, exemplars = false }: Query, ref: string): DataqueryBuilder {
  return new DataqueryBuilder()
    .datasource(datasource)
    .refId(ref)
    .expr(expr)
    .legendFormat(legend)
    .exemplar(exemplars);
}

function refId(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index);
}
