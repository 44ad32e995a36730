import type { TransferRecord, TransferRecordOf } from '@concordat/api';
import { type BrokerSource, together } from './broker-source.ts';
import { byTime } from './hal-answer.ts';
import { type ContentKey, contentText, readPairs, readPublications } from './read-pacts.ts';
import { readEnvironments, readPacticipants } from './read-parties.ts';
import { readDeployedVersions, readReleasedVersions } from './read-places.ts';
import { type ResultPlace, readResults, resultRecord } from './read-results.ts';
import { readVersions } from './read-versions.ts';
import { readWebhooks } from './read-webhooks.ts';

/** Everything a broker tells, by kind, in the order of an export. */
export interface BrokerContents {
  readonly plain: readonly TransferRecord[];
  readonly contents: readonly (ContentKey & { readonly createdAt: string })[];
  readonly publications: readonly TransferRecordOf<'publication'>[];
  /** By growing number. */
  readonly results: readonly ResultPlace[];
  readonly last: readonly TransferRecord[];
}

/**
 * Walks a whole broker. What refers is read before what it refers to, so that nothing is missed that comes meanwhile; what
 * refers to something that went meanwhile is left out and counted. What is large stays in the source's answer store.
 */
export async function readBroker(source: BrokerSource): Promise<BrokerContents> {
  source.startStep('pacts');
  const pairs = await together(await readPairs(source), (pair) => readPublications(source, pair));
  source.startStep('verification results');
  const results = (await together(pairs, (pacts) => readResults(source, pacts))).flat();
  source.startStep('versions, branches and tags');
  const webhooks = await readWebhooks(source);
  const pacticipants = await readPacticipants(source);
  const versions = await together(pacticipants, ({ name }) => readVersions(source, name));
  source.startStep('deployments');
  const deployed = versions.flatMap((one) => one.deployed);
  const released = versions.flatMap((one) => one.released);
  const places = [
    ...(await readDeployedVersions(source, deployed)),
    ...(await readReleasedVersions(source, released)),
  ];
  const environments = await readEnvironments(source);
  const known = new KnownNames(
    pacticipants,
    versions.flatMap((one) => one.versions),
  );
  const left = <T>(items: readonly T[], isThere: (item: T) => boolean): T[] => {
    const those = items.filter(isThere);
    source.vanished += items.length - those.length;
    return those;
  };
  const publications = left(
    pairs.flatMap((pair) => pair.publications),
    ({ consumer, version, provider }) => known.version(consumer, version) && known.name(provider),
  ).toSorted(byTime);
  const keptResults = left(
    results,
    ({ consumer, provider, providerVersion }) =>
      known.name(consumer) && known.version(provider, providerVersion),
  );
  const names = new Set(environments.map(({ name }) => name));
  return {
    plain: [
      ...pacticipants,
      ...environments,
      ...versions.flatMap((one) => one.versions),
      ...versions.flatMap((one) => one.branches),
      ...versions.flatMap((one) => one.branchVersions),
      ...integrationsOf(publications),
    ],
    contents: contentsOf(publications, keptResults),
    publications,
    results: keptResults.toSorted((one, other) => one.number - other.number),
    last: [
      ...left(
        places,
        ({ pacticipant, version, environment }) =>
          known.version(pacticipant, version) && names.has(environment),
      ),
      ...left(webhooks, ({ consumer, provider }) =>
        [consumer, provider].every((name) => name === undefined || known.name(name)),
      ),
    ],
  };
}

/** What there is to refer to. */
class KnownNames {
  readonly #names: ReadonlySet<string>;
  readonly #versions: ReadonlySet<string>;

  constructor(
    pacticipants: readonly TransferRecordOf<'pacticipant'>[],
    versions: readonly TransferRecordOf<'version'>[],
  ) {
    this.#names = new Set(pacticipants.map(({ name }) => name));
    this.#versions = new Set(versions.map((one) => versionKey(one.pacticipant, one.number)));
  }

  name(name: string): boolean {
    return this.#names.has(name);
  }

  version(pacticipant: string, number: string): boolean {
    return this.#versions.has(versionKey(pacticipant, number));
  }
}

function versionKey(pacticipant: string, number: string): string {
  return JSON.stringify([pacticipant, number]);
}

/** All records, each after everything it refers to. */
export async function* brokerRecords(
  source: BrokerSource,
  contents: BrokerContents,
): AsyncGenerator<TransferRecord> {
  yield* contents.plain;
  for (const key of contents.contents) {
    yield { type: 'pactContent', ...key, content: await contentText(source, key) };
  }
  yield* contents.publications;
  for (const place of contents.results) yield resultRecord(source, place);
  yield* contents.last;
}

function integrationsOf(
  publications: readonly TransferRecordOf<'publication'>[],
): readonly TransferRecordOf<'integration'>[] {
  const integrations = new Map<string, TransferRecordOf<'integration'>>();
  for (const { consumer, provider, createdAt } of publications) {
    const key = JSON.stringify([consumer, provider]);
    integrations.set(key, {
      type: 'integration',
      consumer,
      provider,
      createdAt: integrations.get(key)?.createdAt ?? createdAt,
      contractDataUpdatedAt: createdAt,
    });
  }
  return [...integrations.values()];
}

/** A content is as old as its first publication; one that has results only, as old as the broker can tell: not at all. */
function contentsOf(
  publications: readonly TransferRecordOf<'publication'>[],
  results: readonly ResultPlace[],
): BrokerContents['contents'] {
  const contents = new Map<string, BrokerContents['contents'][number]>();
  for (const { consumer, provider, sha, createdAt } of publications) {
    const key = JSON.stringify([consumer, provider, sha]);
    if (!contents.has(key)) contents.set(key, { consumer, provider, sha, createdAt });
  }
  for (const { consumer, provider, sha } of results) {
    const key = JSON.stringify([consumer, provider, sha]);
    const createdAt = new Date(0).toISOString();
    if (!contents.has(key)) contents.set(key, { consumer, provider, sha, createdAt });
  }
  return [...contents.values()];
}
