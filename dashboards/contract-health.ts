import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import * as units from '@grafana/grafana-foundation-sdk/units';
import { alarm, dashboard, labelVariable, lines, stat, table } from './panels.ts';

const PAIR = 'consumer=~"$consumer", provider=~"$provider"';
const STATUS = 'contract_verification_status';
const OPERATIONS = 'contract_operations';
const FINDINGS = 'contract_drift_open_findings';

/** Whether promises are verified, used and kept, pair by pair. */
export function contractHealth(): Dashboard {
  return dashboard({
    uid: 'contract-health',
    title: 'Contract health',
    description:
      'Pacts in force: are they verified, does anybody use them, does the traffic keep to them?',
  })
    .withVariable(labelVariable('consumer', 'Consumer', STATUS))
    .withVariable(labelVariable('provider', 'Provider', STATUS))
    .withPanel(
      stat(
        {
          title: 'Pairs verified',
          description: 'Pairs whose latest verification succeeded.',
          unit: units.Short,
        },
        `sum(${STATUS}{${PAIR}}) or vector(0)`,
      ),
    )
    .withPanel(
      alarm(
        {
          title: 'Pairs failing',
          description: 'Pairs whose latest verification failed.',
          unit: units.Short,
        },
        `count(${STATUS}{${PAIR}} == 0) or vector(0)`,
      ),
    )
    .withPanel(
      stat(
        {
          title: 'Promises used',
          description: 'Interactions seen in traffic, of all interactions of the pacts in force.',
          unit: units.PercentUnit,
        },
        `sum(${OPERATIONS}{${PAIR}, state="covered"}) / sum(${OPERATIONS}{${PAIR}, state=~"covered|unused"})`,
      ),
    )
    .withPanel(
      alarm(
        {
          title: 'Open findings',
          description: 'Places where traffic and contracts disagree.',
          unit: units.Short,
        },
        `sum(${FINDINGS}{provider=~"$provider"}) or vector(0)`,
      ),
    )
    .withPanel(
      lines(
        {
          title: 'Verification by pair',
          description: '1: the latest verification succeeded, 0: it failed.',
          unit: units.Short,
        },
        [
          {
            expr: `min by (consumer, provider) (${STATUS}{${PAIR}})`,
            legend: '{{consumer}} → {{provider}}',
          },
        ],
      ).max(1),
    )
    .withPanel(
      table(
        {
          title: 'Age of the latest verification',
          description: 'How long ago each pair was verified last; the oldest first.',
          unit: units.Seconds,
          value: 'Age',
        },
        `sort_desc(time() - max by (consumer, provider) (contract_verification_last_timestamp_seconds{${PAIR}}))`,
      ),
    )
    .withPanel(
      lines(
        {
          title: 'Operations by state',
          description:
            'covered: promised and seen; unused: promised and not seen; uncovered: seen and not promised.',
          unit: units.Short,
        },
        [{ expr: `sum by (state) (${OPERATIONS}{${PAIR}})`, legend: '{{state}}' }],
      ),
    )
    .withPanel(
      lines(
        {
          title: 'Open findings by kind',
          description: 'What kind of disagreement, over time.',
          unit: units.Short,
        },
        [{ expr: `sum by (kind) (${FINDINGS}{provider=~"$provider"})`, legend: '{{kind}}' }],
      ),
    )
    .withPanel(
      table(
        {
          title: 'Unused promises by pair',
          description: 'Interactions that nobody has used; ask before you remove one.',
          unit: units.Short,
          value: 'Unused',
        },
        `sum by (consumer, provider) (${OPERATIONS}{${PAIR}, state="unused"}) > 0`,
      ),
    )
    .withPanel(
      table(
        {
          title: 'What runs where',
          description: 'Versions recorded as deployed, by environment.',
          unit: units.Short,
          value: 'Deployed',
        },
        'max by (service, environment, version) (deployment_info{service=~"$consumer|$provider"})',
      ),
    )
    .build();
}
