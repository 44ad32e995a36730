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

/** Walks a broker from its pacticipants to its webhooks. What is large stays in the source's answer store. */
export async function readBroker(source: BrokerSource): Promise<BrokerContents> {
  source.startStep('pacticipants and environments');
  const pacticipants = await readPacticipants(source);
  const environments = await readEnvironments(source);
  source.startStep('versions, branches and tags');
  const versions = await together(pacticipants, ({ name }) => readVersions(source, name));
  source.startStep('pacts');
  const pairs = await together(await readPairs(source), (pair) => readPublications(source, pair));
  source.startStep('verification results');
  const results = (await together(pairs, (pacts) => readResults(source, pacts))).flat();
  source.startStep('deployments and webhooks');
  const deployed = versions.flatMap((one) => one.deployed);
  const released = versions.flatMap((one) => one.released);
  const publications = pairs.flatMap((pair) => pair.publications).toSorted(byTime);
  return {
    plain: [
      ...pacticipants,
      ...environments,
      ...versions.flatMap((one) => one.versions),
      ...versions.flatMap((one) => one.branches),
      ...versions.flatMap((one) => one.branchVersions),
      ...integrationsOf(publications),
    ],
    contents: contentsOf(publications, results),
    publications,
    results: results.toSorted((left, right) => left.number - right.number),
    last: [
      ...(await readDeployedVersions(source, deployed)),
      ...(await readReleasedVersions(source, released)),
      ...(await readWebhooks(source)),
    ],
  };
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
