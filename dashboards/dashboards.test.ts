import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dashboardJson, dashboards } from './build.ts';
import { type DashboardJson, lintDashboard, type PanelJson } from './lint.ts';

const folder = join(import.meta.dirname, 'json');

test('every committed dashboard comes from the sources', () => {
  const files = readdirSync(folder).sort();
  expect(files).toEqual(dashboards.map(({ uid }) => `${uid}.json`).sort());
});

describe.each(dashboards)('$title', (dashboard) => {
  test('is committed as the sources build it; run "npm run dashboards" after a change', () => {
    const committed = readFileSync(join(folder, `${dashboard.uid}.json`), 'utf8');
    expect(committed).toBe(dashboardJson(dashboard));
  });

  test('has nothing its readers would stumble over', () => {
    expect(lintDashboard(JSON.parse(dashboardJson(dashboard)))).toEqual([]);
  });
});

function good(): DashboardJson {
  const [first] = dashboards;
  if (first === undefined) throw new Error('There is no dashboard.');
  return JSON.parse(dashboardJson(first));
}

function withPanel(change: (panel: PanelJson) => object): DashboardJson {
  const dashboard = good();
  const [panel, ...others] = dashboard.panels;
  if (panel === undefined) throw new Error('The dashboard has no panel.');
  return { ...dashboard, panels: [{ ...panel, ...change(panel) }, ...others] };
}

function withExpression(expr: string): DashboardJson {
  return withPanel(({ targets = [] }) => ({ targets: targets.map((one) => ({ ...one, expr })) }));
}

test.each([
  ['an id of one Grafana', { ...good(), id: 7 }, 'id must be null'],
  ['no uid', { ...good(), uid: '' }, 'uid is missing'],
  ['a dashboard anybody may change', { ...good(), editable: true }, 'must not be editable'],
  [
    'no choice of data source',
    { ...good(), templating: { list: [] } },
    'the first variable must choose the data source',
  ],
  ['a panel without title', withPanel(() => ({ title: '' })), 'title is missing'],
  ['a panel without description', withPanel(() => ({ description: '' })), 'description is missing'],
  ['a panel without unit', withPanel(() => ({ fieldConfig: { defaults: {} } })), 'unit is missing'],
  [
    'a panel with a data source of its own',
    withPanel(() => ({ datasource: { uid: 'prometheus' } })),
    'must use the chosen data source',
  ],
  ['a panel without query', withPanel(() => ({ targets: [] })), 'has no query'],
  ['a panel over another', withPanel(() => ({ gridPos: { x: 6, y: 0, w: 6, h: 4 } })), 'lies over'],
  [
    'a panel wider than the grid',
    withPanel(() => ({ gridPos: { x: 20, y: 90, w: 6, h: 4 } })),
    'is wider than the grid',
  ],
  ['a panel id twice', withPanel(() => ({ id: 2 })), 'panel ids repeat'],
  [
    'an unclosed parenthesis',
    withExpression('sum(rate(x[$__rate_interval])'),
    'PromQL does not parse',
  ],
  ['an unknown variable', withExpression('sum(x{a=~"$nobody"})'), 'unknown variable nobody'],
  ['a fixed rate window', withExpression('rate(x[5m])'), 'rate() must use $__rate_interval'],
  [
    'a variable that never refreshes',
    {
      ...good(),
      templating: { list: good().templating.list.map((one) => ({ ...one, refresh: 1 })) },
    },
    'must refresh',
  ],
])('the lint finds %s', (...[, dashboard, expected]) => {
  expect(lintDashboard(dashboard as DashboardJson).join('\n')).toContain(expected);
});
