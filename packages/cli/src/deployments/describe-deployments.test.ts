import type { DeploymentResource, RunningVersionResource } from '@concordat/api';
import { expect, test } from 'vitest';
import { describeDeployments, describeRecorded } from './describe-deployments.ts';

const TIME = '2026-01-31T12:00:00.000Z';

function aVersion(
  version: string,
  more: Partial<RunningVersionResource> = {},
): RunningVersionResource {
  return {
    ...{ version, state: 'running', exists: true, hasContracts: true, recorded: [] },
    ...{ firstSeen: TIME, lastSeen: TIME, calls: 3, exemplarTraceId: null },
    ...{ sentAs: [{ service: 'web', version }], recognisedBy: 'exact', candidates: [] },
    ...more,
  };
}

function aDeployment(
  versions: readonly RunningVersionResource[],
  mixed: DeploymentResource['mixed'] = null,
): DeploymentResource {
  return {
    environment: 'production',
    environmentExists: true,
    pacticipant: 'web',
    versions: [...versions],
    mixed,
  };
}

test('versions are a table, with what is worth knowing of each', () => {
  const versions = [
    aVersion('1', { hasContracts: false }),
    aVersion('2', { state: 'unrecorded', exists: false, hasContracts: false }),
    aVersion('3', { state: 'silent', lastSeen: null, sentAs: [] }),
    aVersion('4', { sentAs: [{ service: 'web', version: 'v4' }], candidates: ['4a', '4b'] }),
  ];
  const lines = describeDeployments([aDeployment(versions)])
    .split('\n')
    .slice(2);
  expect(lines.map((line) => line.replace(/ {2,}/g, ' | '))).toEqual([
    `production | web | 1 | running | ${TIME} | 3 | without contracts`,
    `production | web | 2 | unrecorded | ${TIME} | 3 | unknown to the broker`,
    'production | web | 3 | silent | never | 3',
    `production | web | 4 | running | ${TIME} | 3 | sent as v4; may be 4a or 4b`,
  ]);
  expect(describeDeployments([])).toContain('Nothing is recorded');
});

test.each([
  [false, 'in 2 versions since 2026-01-31T12:00:00.000Z: 1 (90 %), 2'],
  [true, 'which is long for a rollout: 1 (90 %), 2'],
])('a rollout is told; lasting %s', (isLasting, words) => {
  const mixed = {
    since: TIME,
    isLasting,
    versions: [
      { version: '1', share: 0.9 },
      { version: '2', share: null },
    ],
  };
  expect(describeDeployments([aDeployment([aVersion('1')], mixed)])).toContain(words);
});

test('what was recorded is told, and why the rest was not', () => {
  const recorded = [{ pacticipant: 'web', version: '2', created: true, replaces: ['1'] }];
  const skipped = [
    { pacticipant: 'shop', version: '3', reason: 'rolling-out' as const, detail: 'Not yet.' },
  ];
  const answer = { environment: 'production', dryRun: false, recorded, skipped };
  expect(describeRecorded(answer)).toBe(
    '✓ web 2 is recorded in production, in place of 1, and is made.\n▲ Not yet.',
  );
  expect(describeRecorded({ ...answer, dryRun: true })).toContain('would be recorded');
  expect(describeRecorded({ ...answer, recorded: [], skipped: [] })).toBe(
    '✓ All that runs in production is recorded.',
  );
});
