import { parser } from '@prometheus-io/lezer-promql';

/** What the lint reads of a dashboard's JSON. */
export interface DashboardJson {
  readonly id: number | null;
  readonly uid: string;
  readonly title: string;
  readonly description?: string;
  readonly editable?: boolean;
  readonly panels: readonly PanelJson[];
  readonly templating: { readonly list: readonly VariableJson[] };
}

export interface PanelJson {
  readonly id: number;
  readonly title?: string;
  readonly description?: string;
  readonly datasource?: { readonly uid?: string };
  readonly gridPos: {
    readonly x: number;
    readonly y: number;
    readonly w: number;
    readonly h: number;
  };
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
  readonly targets?: readonly TargetJson[];
}

export interface TargetJson {
  readonly refId: string;
  readonly expr: string;
  readonly datasource?: { readonly uid?: string };
}

export interface VariableJson {
  readonly name: string;
  readonly type: string;
  readonly refresh?: number;
  readonly query?: string;
  readonly datasource?: { readonly uid?: string };
}

const BUILT_IN = /^__/;
const GRID_WIDTH = 24;

/** Everything about a dashboard that Grafana would accept and its readers would stumble over. */
export function lintDashboard(dashboard: DashboardJson): readonly string[] {
  return [
    ...lintHead(dashboard),
    ...dashboard.templating.list.flatMap(lintVariable),
    ...dashboard.panels.flatMap((panel) => lintPanel(panel, dashboard)),
    ...lintGrid(dashboard.panels),
  ];
}

function lintHead(dashboard: DashboardJson): readonly string[] {
  const [first] = dashboard.templating.list;
  const ids = dashboard.panels.map(({ id }) => id);
  return defects(dashboard.title, {
    'id must be null': dashboard.id !== null,
    'uid is missing': !dashboard.uid,
    'description is missing': !dashboard.description,
    'must not be editable': dashboard.editable !== false,
    'the first variable must choose the data source':
      first?.name !== 'datasource' || first.type !== 'datasource' || first.query !== 'prometheus',
    'panel ids repeat': new Set(ids).size !== ids.length,
  });
}

function lintVariable(variable: VariableJson): readonly string[] {
  if (variable.type !== 'query') return [];
  return defects(`variable ${variable.name}`, {
    'must refresh when the time range changes': variable.refresh !== 2,
    'must use the chosen data source': variable.datasource?.uid !== '${datasource}',
    'must read label values': !/^label_values\(\w+, \w+\)$/.test(variable.query ?? ''),
  });
}

function lintPanel(panel: PanelJson, dashboard: DashboardJson): readonly string[] {
  const targets = panel.targets ?? [];
  const refs = targets.map(({ refId }) => refId);
  const name = panel.title ?? `panel ${panel.id}`;
  return [
    ...defects(name, {
      'title is missing': !panel.title,
      'description is missing': !panel.description,
      'unit is missing': !panel.fieldConfig?.defaults.unit,
      'must use the chosen data source': panel.datasource?.uid !== '${datasource}',
      'has no query': targets.length === 0,
      'query names repeat': new Set(refs).size !== refs.length,
    }),
    ...targets.flatMap((target) => lintTarget(name, target, dashboard)),
  ];
}

function lintTarget(
  name: string,
  { expr, datasource }: TargetJson,
  { templating }: DashboardJson,
): readonly string[] {
  const known = templating.list.map((variable) => variable.name);
  const used = [...expr.matchAll(/\$\{?(\w+)/g)].map(([, variable = '']) => variable);
  const unknown = used.filter((one) => !BUILT_IN.test(one) && !known.includes(one));
  const windows = [...expr.matchAll(/\b(?:rate|irate)\([^[]*\[([^\]]+)\]/g)].map(([, one]) => one);
  return defects(name, {
    'query must use the chosen data source': datasource?.uid !== '${datasource}',
    [`unknown variable ${unknown.join(', ')}`]: unknown.length > 0,
    'rate() must use $__rate_interval': windows.some((one) => one !== '$__rate_interval'),
    'PromQL does not parse': !isPromQl(withoutVariables(expr)),
  });
}

function lintGrid(panels: readonly PanelJson[]): readonly string[] {
  return panels.flatMap((panel, index) => {
    const { x, w } = panel.gridPos;
    const overlapped = panels.slice(index + 1).filter((other) => overlap(panel, other));
    return [
      ...defects(panel.title ?? '', { 'is wider than the grid': x + w > GRID_WIDTH }),
      ...overlapped.map((other) => `${panel.title}: lies over ${other.title}`),
    ];
  });
}

function overlap({ gridPos: one }: PanelJson, { gridPos: other }: PanelJson): boolean {
  const across = one.x < other.x + other.w && other.x < one.x + one.w;
  return across && one.y < other.y + other.h && other.y < one.y + one.h;
}

/** A query as Grafana would send it, with every label variable at "all". */
export function withoutVariables(expr: string): string {
  return expr
    .replaceAll('$__rate_interval', '1m')
    .replaceAll('$__range', '1h')
    .replaceAll(/\$\{?\w+\}?/g, '.*');
}

function isPromQl(expr: string): boolean {
  let isGood = true;
  parser.parse(expr).iterate({
    enter: ({ type }) => {
      if (type.isError) isGood = false;
    },
  });
  return isGood;
}

function defects(name: string, findings: Readonly<Record<string, boolean>>): readonly string[] {
  return Object.entries(findings)
    .filter(([, isBroken]) => isBroken)
    .map(([what]) => `${name}: ${what}`);
}
