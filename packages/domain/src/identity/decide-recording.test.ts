import { expect, test } from 'vitest';
import { decideRecording, type RecordingRules, type RunningEvidence } from './decide-recording.ts';
import type { DeploymentTruth, JudgedVersion } from './deployment-truth.ts';

const MINUTE = 60_000_000;
const NOW = 10_000 * MINUTE;

function aVersion(
  version: string,
  more: Partial<JudgedVersion> & { readonly first?: number; readonly last?: number } = {},
): JudgedVersion {
  const { first = 60, last = 1, ...rest } = more;
  const seen = { version, firstSeen: NOW - first * MINUTE, lastSeen: NOW - last * MINUTE };
  return { version, state: 'unrecorded', recorded: [], seen, ...rest };
}

function truthOf(versions: readonly JudgedVersion[]): DeploymentTruth {
  const names = versions.map(({ version }) => version);
  return {
    versions,
    mixed: versions.length < 2 ? undefined : { versions: names, since: 0, isLasting: false },
  };
}

const known: RunningEvidence = {
  sightings: 9,
  share: undefined,
  mapping: { kind: 'exact', version: 'v' },
  exists: true,
};

interface Case {
  readonly versions: readonly JudgedVersion[];
  readonly evidence?: Readonly<Record<string, Partial<RunningEvidence>>>;
  readonly rules?: Partial<RecordingRules>;
}

test.each<[string, Case, string]>([
  ['nothing runs', { versions: [] }, 'nothing'],
  ['what is recorded', { versions: [aVersion('1', { state: 'running' })] }, 'nothing'],
  ['what runs unrecorded', { versions: [aVersion('1')], evidence: { 1: {} } }, 'records 1'],
  [
    'what ran twenty minutes ago',
    { versions: [aVersion('1', { last: 20 })], evidence: { 1: {} } },
    'nothing; 1 not-seen-lately',
  ],
  ['what nobody tells more of', { versions: [aVersion('1')] }, 'nothing; 1 not-seen-lately'],
  [
    'what was never seen',
    { versions: [aVersion('1', { seen: undefined })], evidence: { 1: {} } },
    'nothing; 1 not-seen-lately',
  ],
  [
    'what was seen four times',
    { versions: [aVersion('1')], evidence: { 1: { sightings: 4 } } },
    'nothing; 1 too-few-sightings',
  ],
  [
    'what may be two versions',
    {
      versions: [aVersion('1')],
      evidence: { 1: { mapping: { kind: 'ambiguous', by: 'commit', candidates: [] } } },
    },
    'nothing; 1 ambiguous-version',
  ],
  [
    'what the broker does not know',
    { versions: [aVersion('1')], evidence: { 1: { exists: false } } },
    'nothing; 1 unknown-version',
  ],
  [
    'what the broker does not know, when it may be made',
    {
      versions: [aVersion('1')],
      evidence: { 1: { exists: false } },
      rules: { createVersions: true },
    },
    'records 1',
  ],
  [
    'what was replaced and still runs',
    { versions: [aVersion('1', { state: 'replaced' })], evidence: { 1: {} } },
    'nothing; 1 replaced',
  ],
  [
    'a canary beside the recorded version',
    {
      versions: [aVersion('2', { first: 5 }), aVersion('1', { state: 'running' })],
      evidence: { 2: { share: 0.1 }, 1: { share: 0.9 } },
    },
    'nothing; 2 rolling-out',
  ],
  [
    'a rollout that is almost done',
    {
      versions: [aVersion('2', { first: 5 }), aVersion('1', { state: 'running' })],
      evidence: { 2: { share: 0.9 }, 1: { share: 0.1 } },
    },
    'records 2',
  ],
  [
    'two that run unrecorded',
    {
      versions: [aVersion('1'), aVersion('2', { first: 5 })],
      evidence: { 1: { share: 0.6 }, 2: { share: 0.4 } },
    },
    'records 1; 2 rolling-out',
  ],
  [
    'two without calls',
    {
      versions: [aVersion('2', { first: 5 }), aVersion('1', { last: 2 })],
      evidence: { 1: {}, 2: {} },
    },
    'records 2; 1 rolling-out',
  ],
])('of %s', (_, { versions, evidence = {}, rules }, expected) => {
  const all = new Map(
    Object.entries(evidence).map(([version, more]) => [version, { ...known, ...more }]),
  );
  const { record, skipped } = decideRecording(truthOf(versions), all, {
    now: NOW,
    minimumSightings: 5,
    createVersions: false,
    ...rules,
  });
  const said = [
    record === undefined ? 'nothing' : `records ${record}`,
    ...skipped.map(({ version, reason }) => `${version} ${reason}`),
  ];
  expect(said.join('; ')).toBe(expected);
});
