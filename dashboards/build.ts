import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { contractHealth } from './contract-health.ts';
import { integrationsRed } from './integrations-red.ts';
import { operationsRed } from './operations-red.ts';

/** Every dashboard; each is committed as `json/<uid>.json`, which Grafana reads. */
export const dashboards: readonly Dashboard[] = [
  integrationsRed(),
  operationsRed(),
  contractHealth(),
].map(numbered);

/** The SDK leaves panels without ids; Grafana gives every one a new id on each load then. */
function numbered(dashboard: Dashboard): Dashboard {
  const panels = dashboard.panels?.map((panel, index) => ({ ...panel, id: index + 1 }));
  return { ...dashboard, ...(panels === undefined ? {} : { panels }) };
}

/** The committed form of a dashboard. */
export function dashboardJson(dashboard: Dashboard): string {
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const folder = join(import.meta.dirname, 'json');
  mkdirSync(folder, { recursive: true });
  for (const dashboard of dashboards) {
    writeFileSync(join(folder, `${dashboard.uid}.json`), dashboardJson(dashboard));
  }
}
