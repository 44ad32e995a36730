import type { TransferRecordOf } from '@concordat/api';
import { type BrokerSource, together } from './broker-source.ts';
import {
  datesOf,
  embedded,
  type HalObject,
  hrefs,
  lastSegment,
  needed,
  pathOf,
  textOf,
} from './hal-answer.ts';

/** What the versions of one pacticipant say. */
export interface VersionsOfOne {
  readonly versions: readonly TransferRecordOf<'version'>[];
  readonly branches: readonly TransferRecordOf<'branch'>[];
  readonly branchVersions: readonly TransferRecordOf<'branchVersion'>[];
  /** Uuids of what was ever recorded for them. */
  readonly deployed: readonly string[];
  readonly released: readonly string[];
}

interface OneVersion {
  readonly version: TransferRecordOf<'version'>;
  readonly branchVersions: readonly TransferRecordOf<'branchVersion'>[];
  readonly deployed: readonly string[];
  readonly released: readonly string[];
}

/** All versions of a pacticipant in their order, oldest first, with their branches and tags. */
export async function readVersions(
  source: BrokerSource,
  pacticipant: string,
): Promise<VersionsOfOne> {
  const path = pathOf('pacticipants', pacticipant, 'versions');
  const items = (await source.pages(path)).flatMap((page) => embedded(page, 'versions'));
  const oldestFirst = distinct(items).reverse();
  const read = await together(oldestFirst, (item) => readVersion(source, pacticipant, item));
  const branchVersions = inOrderOfAdding(read.flatMap((one) => one.branchVersions));
  return {
    versions: read.map(({ version }) => version),
    branches: await readBranches(source, pacticipant, branchVersions),
    branchVersions,
    deployed: read.flatMap((one) => one.deployed),
    released: read.flatMap((one) => one.released),
  };
}

/** A version published while the pages were read moves another one to the next page. */
function distinct(items: readonly HalObject[]): HalObject[] {
  return [...new Map(items.map((item) => [needed(item, 'number', 'version'), item])).values()];
}

async function readVersion(
  source: BrokerSource,
  pacticipant: string,
  listed: HalObject,
): Promise<OneVersion> {
  const number = needed(listed, 'number', 'version');
  const path = pathOf('pacticipants', pacticipant, 'versions', number);
  // Only the version itself names past deployments and releases; the list may not.
  const item = (await source.named(path)) ?? listed;
  const tags = embedded(item, 'tags').map((tag) => needed(tag, 'name', 'tag'));
  const branches = embedded(item, 'branchVersions');
  const buildUrl = textOf(item, 'buildUrl');
  const version = { pacticipant, number, ...datesOf(item) };
  return {
    version: {
      type: 'version',
      pacticipant,
      number,
      ...(buildUrl === undefined ? {} : { buildUrl }),
      tags: await together(tags, async (name) => {
        const tag = await source.lasting(`${path}${pathOf('tags', name)}`);
        return { name, ...datesOf(tag ?? item) };
      }),
      ...datesOf(item),
    },
    branchVersions: await together(branches, (branch) =>
      readBranchVersion(source, version, branch),
    ),
    deployed: hrefs(item, 'pb:deployed-environments').map(lastSegment),
    released: hrefs(item, 'pb:released-environments').map(lastSegment),
  };
}

async function readBranchVersion(
  source: BrokerSource,
  version: { readonly pacticipant: string; readonly number: string; readonly createdAt: string },
  listed: HalObject,
): Promise<TransferRecordOf<'branchVersion'>> {
  const { pacticipant, number } = version;
  const branch = needed(listed, 'name', 'branch');
  const path = pathOf('pacticipants', pacticipant, 'branches', branch, 'versions', number);
  return {
    type: 'branchVersion',
    pacticipant,
    branch,
    version: number,
    head: listed.latest === true,
    autoCreated: false,
    ...datesOf((await source.lasting(path)) ?? version),
  };
}

/** The head was added last; of the others the broker tells when, to the second, and the order of the versions. */
function inOrderOfAdding(
  branchVersions: readonly TransferRecordOf<'branchVersion'>[],
): TransferRecordOf<'branchVersion'>[] {
  return branchVersions.toSorted(
    (left, right) =>
      compare(left.branch, right.branch) ||
      Number(left.head) - Number(right.head) ||
      compare(left.createdAt, right.createdAt),
  );
}

async function readBranches(
  source: BrokerSource,
  pacticipant: string,
  branchVersions: readonly TransferRecordOf<'branchVersion'>[],
): Promise<TransferRecordOf<'branch'>[]> {
  const pages = await source.pages(pathOf('pacticipants', pacticipant, 'branches'));
  // Youngest first; turned round, so that those of one second stay in their order.
  const listed = pages.flatMap((page) => embedded(page, 'branches')).toReversed();
  const created = new Map(
    listed.map((item) => [needed(item, 'name', 'branch'), datesOf(item).createdAt]),
  );
  // A branch that came while the list was read.
  for (const { branch, createdAt } of branchVersions) {
    if (!created.has(branch)) created.set(branch, createdAt);
  }
  return [...created]
    .map(([name, createdAt]) => ({ type: 'branch' as const, pacticipant, name, createdAt }))
    .toSorted((left, right) => compare(left.createdAt, right.createdAt));
}

function compare(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
