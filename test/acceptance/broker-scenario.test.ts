// Runs on the PostgreSQL of CONCORDAT_TEST_DATABASE_URL too.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { playScenario } from './play-scenario.ts';
import { relationalDatabases, startHubOn } from './relational-databases.ts';
import type { TestHub } from './start-hub.ts';
import { targetAllowed } from './webhook-target.ts';

const EXCHANGES = new URL('../cases/broker-exchanges/exchanges.json', import.meta.url).pathname;

const PAGE = new URL(
  '../../.github/decisions/006-where-we-differ-from-the-pact-broker.md',
  import.meta.url,
).pathname;

const GROUPS = [
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

/** How often it was tried depends on how long the run takes: it may also be as recorded. */
const TIMED = 'webhooks: status retrying';

/** A merge that the broker refuses: the only answer of another kind. */
const OTHER_STATUS = ['publish: onConflict merge adds interaction'];

interface Outcome {
  readonly name: string;
  readonly group: string;
  readonly diffs: readonly {
    readonly path: string;
    readonly want: unknown;
    readonly got: unknown;
  }[];
}

describe.each(relationalDatabases)(
  'an empty hub on %s plays the scenario that was recorded from the real broker',
  (database) => {
    let hub: TestHub;
    let folder: string;
    let recorded: readonly Outcome[];
    let differing: readonly Outcome[];
    let corrected: Outcome['diffs'];
    let rows: readonly string[];
    let listed: ReadonlySet<string>;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'concordat-scenario-'));
      hub = await startHubOn(database, targetAllowed);
      const file = join(folder, 'differences.json');
      await playScenario(hub.url, [
        ...['--compare', EXCHANGES, '--mode', 'exact'],
        ...['--quiet-secs', '1', '--diff-out', file],
      ]);
      const played: readonly Outcome[] = JSON.parse(await readFile(file, 'utf8'));
      corrected = played.flatMap(({ diffs }) => diffs.filter(isCorrectedLink));
      differing = withoutHashes(played);
      recorded = JSON.parse(await readFile(EXCHANGES, 'utf8')).exchanges;
      rows = exchangesOf(await readFile(PAGE, 'utf8'));
      listed = new Set(rows);
    });

    afterAll(async () => {
      await hub.close();
      await rm(folder, { recursive: true, force: true });
    });

    test.each(GROUPS)('the answers of %s are the recorded ones', (group) => {
      const unlisted = differing.filter((one) => one.group === group && !listed.has(nameOf(one)));
      expect(unlisted.flatMap(sentences)).toEqual([]);
    });

    test('the link to the webhooks of a consumer names the consumer in every pact, where the broker names the provider', () => {
      const titles = corrected.filter(({ path }) => path.endsWith('.title'));
      expect(titles.length).toBeGreaterThan(0);
      for (const { want, got } of titles) {
        expect(want).toMatch(/^Webhooks for all pacts with provider /);
        expect(got).toMatch(/^Webhooks for all pacts with consumer /);
      }
    });

    test('the groups are all that were recorded', () => {
      expect([...new Set(recorded.map(({ group }) => group))]).toEqual(GROUPS);
    });

    test('what differs on purpose has its status and media type all the same', () => {
      const wrong = differing.filter(({ diffs }) =>
        diffs.some(({ path }) => ['status', 'content-type', 'exchange'].includes(path)),
      );
      expect(wrong.map(nameOf)).toEqual(OTHER_STATUS);
    });

    test('the page of differences names exactly those that differ', () => {
      const names = new Set(differing.map(nameOf));
      const stale = [...listed].filter((name) => !names.has(name) && name !== TIMED);
      expect(stale).toEqual([]);
      expect(rows).toHaveLength(listed.size);
      expect(recorded.map(nameOf)).toContain(TIMED);
    });

    test('hashes that are equal in the recording are equal here, and no others', async () => {
      const file = JSON.parse(await readFile(join(folder, 'differences.json'), 'utf8'));
      expect(mixedHashes(file)).toEqual([]);
    });
  },
);

function nameOf({ group, name }: Outcome): string {
  return `${group}: ${name}`;
}

/** The first column of the page's table. */
function exchangesOf(page: string): readonly string[] {
  const rows = page.matchAll(/^\| ([a-z-]+: [^|]+?) \| [^|]+ \|$/gm);
  return [...rows].map(([, name = '']) => name);
}

function sentences({ name, diffs }: Outcome): readonly string[] {
  return diffs.map(({ path, want, got }) => `${name}: ${path} ${plain(want)} became ${plain(got)}`);
}

/** Days are not compared, and hashes by place: a merged pact has another one here, made after merging, so that they are counted otherwise. */
function withoutHashes(played: readonly Outcome[]): readonly Outcome[] {
  return played
    .map((one) => ({
      ...one,
      diffs: one.diffs.filter(
        (diff) => plain(diff.want) !== plain(diff.got) && !isCorrectedLink(diff),
      ),
    }))
    .filter(({ diffs }) => diffs.length > 0);
}

function isCorrectedLink({ path }: Outcome['diffs'][number]): boolean {
  return path.includes('._links.pb:consumer-webhooks.');
}

/** Hashes that stand at the place of two different ones, read either way. */
function mixedHashes(played: readonly Outcome[]): readonly string[] {
  const pairs = played
    .flatMap(({ diffs }) => diffs)
    .filter(({ want, got }) => plain(want) === plain(got))
    .flatMap(({ want, got }) => {
      const ours = hashesOf(got);
      return hashesOf(want).map((theirs, index) => [theirs, ours[index] ?? ''] as const);
    });
  expect(pairs.length).toBeGreaterThan(0);
  const mixed = (from: 0 | 1, to: 0 | 1): readonly string[] => {
    const partners = new Map<string, Set<string>>();
    for (const pair of pairs) {
      partners.set(pair[from], (partners.get(pair[from]) ?? new Set()).add(pair[to]));
    }
    return [...partners].filter(([, others]) => others.size > 1).map(([hash]) => hash);
  };
  return [...mixed(0, 1), ...mixed(1, 0)];
}

function hashesOf(value: unknown): readonly string[] {
  return String(JSON.stringify(value)).match(HASH) ?? [];
}

const HASH = /<sha-\d+>/g;
/** Names of links tell the day of the playing. */
const DAY = /\b\d\d\/\d\d\/\d{4}\b/g;

function plain(value: unknown): string {
  return String(JSON.stringify(value)).replace(HASH, '<sha>').replace(DAY, '<day>');
}
