import { describe, expect, test } from 'vitest';
import {
  type DeploymentFacts,
  deploymentTruth,
  type RecordedPlacement,
} from './deployment-truth.ts';

const MINUTE = 60_000_000;
const NOW = 10_000 * MINUTE;
const ago = (minutes: number): number => NOW - minutes * MINUTE;

function deployed(version: string, since: number, until?: number): RecordedPlacement {
  return {
    ...{ version, how: 'deployed', since: ago(since) },
    until: until === undefined ? undefined : ago(until),
  };
}

/** First and last minute before now. */
function seen(version: string, first: number, last: number) {
  return { version, firstSeen: ago(first), lastSeen: ago(last) };
}

function facts(given: Partial<DeploymentFacts>): DeploymentFacts {
  return {
    recorded: [],
    seen: [],
    now: NOW,
    otherCalls: () => 100,
    floor: { minimumCalls: 20, minimumWindowSeconds: 3600 },
    ...given,
  };
}

function statesOf(given: Partial<DeploymentFacts>): Readonly<Record<string, string>> {
  const { versions } = deploymentTruth(facts(given));
  return Object.fromEntries(versions.map(({ version, state }) => [version, state]));
}

describe('what runs against what was recorded', () => {
  const others = seen('v2', 300, 1);
  test.each<[string, Partial<DeploymentFacts>, Readonly<Record<string, string>>]>([
    ['nothing is known', {}, {}],
    ['replaced and never seen', { recorded: [deployed('v1', 60, 30)] }, {}],
    [
      'recorded and seen',
      { recorded: [deployed('v1', 60)], seen: [seen('v1', 60, 1)] },
      { v1: 'running' },
    ],
    [
      'seen shortly before the pipeline recorded it',
      { recorded: [deployed('v1', 5)], seen: [seen('v1', 12, 8)] },
      { v1: 'running' },
    ],
    [
      'recorded, seen and quiet, while nobody else is seen',
      { recorded: [deployed('v1', 900)], seen: [seen('v1', 900, 400)] },
      { v1: 'running' },
    ],
    ['seen and never recorded', { seen: [seen('v1', 60, 1)] }, { v1: 'unrecorded' }],
    ['the last one seen, hours ago', { seen: [seen('v1', 900, 600)] }, { v1: 'unrecorded' }],
    ['the last one seen, days ago', { seen: [seen('v1', 5000, 4000)] }, {}],
    [
      'an earlier one that never was recorded',
      { seen: [seen('v1', 900, 600), seen('v2', 500, 1)], recorded: [deployed('v2', 500)] },
      { v2: 'running' },
    ],
    [
      'still seen after it was replaced',
      {
        recorded: [deployed('v1', 900, 30), deployed('v2', 30)],
        seen: [seen('v1', 900, 1), seen('v2', 30, 1)],
      },
      { v1: 'replaced', v2: 'running' },
    ],
    [
      'gone when it was replaced',
      {
        recorded: [deployed('v1', 900, 5), deployed('v2', 5)],
        seen: [seen('v1', 900, 6), seen('v2', 5, 1)],
      },
      { v2: 'running' },
    ],
    [
      'never seen, though others were for hours',
      { recorded: [deployed('v1', 200)], seen: [others] },
      { v1: 'silent', v2: 'unrecorded' },
    ],
    [
      'never seen, and others for too short a time',
      { recorded: [deployed('v1', 200)], seen: [seen('v2', 30, 1)] },
      { v1: 'no-evidence', v2: 'unrecorded' },
    ],
    [
      'never seen, and others with too few calls',
      { recorded: [deployed('v1', 200)], seen: [others], otherCalls: () => 19 },
      { v1: 'no-evidence', v2: 'unrecorded' },
    ],
    [
      'never seen, and others only before it was recorded',
      { recorded: [deployed('v1', 200)], seen: [seen('v2', 900, 300)] },
      { v1: 'no-evidence', v2: 'unrecorded' },
    ],
    ['nobody of the service is seen', { recorded: [deployed('v1', 200)] }, { v1: 'no-evidence' }],
    [
      'seen long before it was recorded again, and not since',
      { recorded: [deployed('v1', 200)], seen: [seen('v1', 2000, 1000), others] },
      { v1: 'silent', v2: 'unrecorded' },
    ],
    [
      'seen after it was recorded, then only others',
      { recorded: [deployed('v1', 600)], seen: [seen('v1', 600, 200), others] },
      { v1: 'silent', v2: 'unrecorded' },
    ],
    [
      'released, and only others are seen',
      { recorded: [{ ...deployed('v1', 200), how: 'released' }], seen: [others] },
      { v1: 'no-evidence', v2: 'unrecorded' },
    ],
  ])('%s', (_, given, expected) => {
    expect(statesOf(given)).toEqual(expected);
  });

  test('the calls that decide are those of others since the version was last heard of, or recorded', () => {
    const asked: unknown[] = [];
    const otherCalls = (version: string, since: number): number => asked.push([version, since]);
    const recorded = [deployed('v1', 600), deployed('v3', 500)];
    deploymentTruth(facts({ recorded, seen: [seen('v1', 600, 200), others], otherCalls }));
    expect(asked).toEqual([
      ['v1', ago(200)],
      ['v3', ago(500)],
    ]);
  });

  test('the latest seen comes first, with its records that hold', () => {
    const recorded = [deployed('v1', 900, 30), deployed('v2', 30), deployed('v0', 20)];
    const { versions } = deploymentTruth(
      facts({ recorded, seen: [seen('v1', 900, 3), seen('v2', 30, 1)] }),
    );
    expect(versions).toEqual([
      { version: 'v2', state: 'running', recorded: [recorded[1]], seen: seen('v2', 30, 1) },
      { version: 'v1', state: 'replaced', recorded: [], seen: seen('v1', 900, 3) },
      { version: 'v0', state: 'no-evidence', recorded: [recorded[2]], seen: undefined },
    ]);
  });
});

describe('a mixed rollout', () => {
  test.each<[string, Partial<DeploymentFacts>, unknown]>([
    ['is none with one version', { seen: [seen('v1', 60, 1)] }, undefined],
    [
      'is none when the old one is gone',
      { seen: [seen('v1', 600, 8), seen('v2', 30, 1)] },
      undefined,
    ],
    [
      'is none when the old one went before the new one came',
      { seen: [seen('v1', 600, 4), seen('v2', 3, 0)] },
      undefined,
    ],
    [
      'begins with the second version',
      { seen: [seen('v2', 30, 1), seen('v1', 600, 2)] },
      { versions: ['v1', 'v2'], since: ago(30), isLasting: false },
    ],
    [
      'begins when the version was deployed once more',
      { recorded: [deployed('v2', 10)], seen: [seen('v1', 600, 1), seen('v2', 500, 1)] },
      { versions: ['v1', 'v2'], since: ago(10), isLasting: false },
    ],
    [
      'lasts after an hour',
      { seen: [seen('v1', 600, 1), seen('v2', 60, 1)] },
      { versions: ['v1', 'v2'], since: ago(60), isLasting: true },
    ],
    [
      'may be of three',
      { seen: [seen('v1', 600, 1), seen('v2', 20, 1), seen('v3', 10, 1)] },
      { versions: ['v1', 'v2', 'v3'], since: ago(20), isLasting: false },
    ],
  ])('%s', (_, given, expected) => {
    expect(deploymentTruth(facts(given)).mixed).toEqual(expected);
  });
});
