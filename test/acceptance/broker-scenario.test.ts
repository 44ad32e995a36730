import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestHub, type TestHub } from './start-hub.ts';
import { targetAllowed } from './webhook-target.ts';

const SCENARIO = new URL('../cases/broker-exchanges/scenario.mjs', import.meta.url).pathname;
const EXCHANGES = new URL('../cases/broker-exchanges/exchanges.json', import.meta.url).pathname;

/** Groups in which every recorded request must get the status and media type that the real broker gave. */
const COMPLETE = [
  'index',
  'empty',
  'pacticipants',
  'labels',
  'publish',
  'pact',
  'content-hash',
  'versions',
  'tags',
  'branches',
  'environments',
  'verifications',
  'latest',
  'deployments',
  'for-verification',
  'can-i-deploy',
  'matrix',
  'diff',
  'badges',
  'webhooks',
  'misc',
  'delete',
];

/** Whose answers must also be equal to the recorded ones, member by member; what differs on purpose is listed. */
const EQUAL = [
  'empty',
  'environments',
  'verifications',
  'deployments',
  'for-verification',
  'can-i-deploy',
  'matrix',
  'diff',
  'badges',
  'webhooks',
  'misc',
];
const DIFFERS_ON_PURPOSE: Readonly<Record<string, string>> = {
  'branch with fallback used': 'the fallback branch is used; the recorded broker ignores it',
  'environment test': 'the short description is words; the recorded broker prints an object',
  'selector order': 'as above',
  'same content': 'the version in the URL counts; the recorded broker ignores it',
  'between shas':
    'all lines are shown; the recorded broker leaves out what is equal at the same place',
  'integrations dot': 'names that are no plain word are quoted, so that the graph can be drawn',
  'provider states environment': 'a uuid names an environment too',
  'doc html': 'the page has a title',
  metrics: 'pacts that are sent again and merged make other revisions here, and so other counts',
  'deploy no content type': 'a refusal names no location',
  'status retrying':
    'a webhook goes at once, not after seconds, so that it has been tried less often by then',
};

interface Outcome {
  readonly name: string;
  readonly group: string;
  readonly diffs: readonly {
    readonly path: string;
    readonly want: unknown;
    readonly got: unknown;
  }[];
}

describe('an empty hub plays the scenario that was recorded from the real broker', () => {
  let hub: TestHub;
  let folder: string;
  let played: readonly Outcome[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'concordat-scenario-'));
    hub = await startTestHub({ env: { ...targetAllowed, PACT_BROKER_SEED_EXAMPLE_DATA: 'false' } });
    const file = join(folder, 'differences.json');
    await play(hub.url, file);
    played = JSON.parse(await readFile(file, 'utf8'));
  });

  afterAll(async () => {
    await hub.close();
    await rm(folder, { recursive: true, force: true });
  });

  test.each(COMPLETE)('every exchange of %s gets its status and media type', (group) => {
    expect(wrongStatus(played, group)).toEqual([]);
  });

  test.each(EQUAL)('the answers of %s are equal to the recorded ones', (group) => {
    expect(differences(played, group)).toEqual([]);
  });
});

function wrongStatus(played: readonly Outcome[], group: string): readonly string[] {
  return played
    .filter((outcome) => outcome.group === group)
    .flatMap(({ name, diffs }) =>
      diffs
        .filter(({ path }) => ['status', 'content-type', 'exchange'].includes(path))
        .map(({ path, want, got }) => `${name}: ${path} ${want} became ${got}`),
    );
}

/**
 * Content hashes are compared by place only: a merged pact has another hash here, computed after merging. `updatedAt` depends on how
 * many seconds the run takes, and the parts of version and publish answers that this group only passes by are compared elsewhere.
 */
function differences(played: readonly Outcome[], group: string): readonly string[] {
  const own = played.filter(
    (outcome) => outcome.group === group && !(outcome.name in DIFFERS_ON_PURPOSE),
  );
  return own.flatMap(({ name, diffs }) =>
    diffs
      .filter(({ path, want, got }) => !path.endsWith('.updatedAt') && plain(want) !== plain(got))
      .filter(() => !PASSED_BY.has(name))
      .map(({ path, want, got }) => `${name}: ${path} ${plain(want)} became ${plain(got)}`),
  );
}

const PASSED_BY = new Set([
  'publish Mobile m2 (same content)',
  'pacticipant environment versions',
  'publish malformed',
]);

function plain(value: unknown): string {
  return String(JSON.stringify(value)).replace(/<sha-\d+>/g, '<sha>');
}

async function play(base: string, differences: string): Promise<void> {
  const sink = await freePort();
  const flags = [
    '--base',
    base,
    '--compare',
    EXCHANGES,
    '--mode',
    'exact',
    '--sink-port',
    `${sink}`,
  ];
  const rest = ['--quiet-secs', '1', '--diff-out', differences, '--quiet'];
  await new Promise<void>((resolve, reject) => {
    execFile(process.execPath, [SCENARIO, ...flags, ...rest], (error, _out, errors) => {
      // Exit code 1 says that something differs: which is what the file is for.
      if (error === null || error.code === 1) resolve();
      else reject(new Error(`the scenario could not be played: ${errors}`));
    });
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
