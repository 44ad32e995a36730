import type { TransferRecordOf } from '@concordat/api';
import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  parseJson,
  writeJson,
} from '@concordat/domain';
import { CliError } from '../terminal/cli-error.ts';
import { type BrokerSource, together } from './broker-source.ts';
import {
  datesOf,
  embedded,
  type HalObject,
  lastSegment,
  listOf,
  needed,
  objectOf,
  pathOf,
} from './hal-answer.ts';

export interface Pair {
  readonly consumer: string;
  readonly provider: string;
}

export interface ContentKey extends Pair {
  readonly sha: string;
}

/** What one pair has published; the texts of contents stay in the answer store. */
export interface PactsOfPair extends Pair {
  /** Oldest first. */
  readonly publications: readonly TransferRecordOf<'publication'>[];
}

/** Everybody who ever published a pact with somebody. */
export async function readPairs(source: BrokerSource): Promise<readonly Pair[]> {
  const latest = await source.find('/pacts/latest');
  return listOf(latest ?? {}, 'pacts').map((pact) => ({
    consumer: sideOf(pact, 'consumer'),
    provider: sideOf(pact, 'provider'),
  }));
}

function sideOf(pact: HalObject, side: 'consumer' | 'provider'): string {
  return needed(objectOf(objectOf(pact, '_embedded'), side), 'name', side);
}

/** Which content each consumer version of the pair has published; each content is kept once. */
export async function readPublications(source: BrokerSource, pair: Pair): Promise<PactsOfPair> {
  const { consumer, provider } = pair;
  const path = pathOf('pacts', 'provider', provider, 'consumer', consumer, 'versions');
  const listed = embedded((await source.named(path)) ?? {}, 'pacts').toReversed();
  const read = await together(listed, async (item) => {
    const version = needed(
      objectOf(objectOf(item, '_embedded'), 'consumerVersion'),
      'number',
      'publication',
    );
    const { createdAt } = datesOf(item);
    const sha = await readPublication(source, { ...pair, version, createdAt });
    return sha === undefined ? [] : [{ ...pair, version, sha, createdAt }];
  });
  return {
    ...pair,
    publications: read
      .flat()
      .map((publication) => ({ type: 'publication' as const, revision: 1, ...publication })),
  };
}

/** The sha of what a version has published; remembered together with the time, because a version may publish again. */
async function readPublication(
  source: BrokerSource,
  publication: Pair & { readonly version: string; readonly createdAt: string },
): Promise<string | undefined> {
  const { consumer, provider, version, createdAt } = publication;
  const path = pathOf('pacts', 'provider', provider, 'consumer', consumer, 'version', version);
  const sha = await source.answers.remember(`publication ${path} ${createdAt}`, async () => {
    const text = await source.text(path);
    return text === undefined ? undefined : keepContent(source, { consumer, provider }, text);
  });
  if (sha === undefined) source.vanished += 1;
  return sha;
}

/** Reads a content by its sha: one that no version publishes any more may still have results. */
export async function readContent(source: BrokerSource, key: ContentKey): Promise<boolean> {
  if ((await source.answers.find(contentName(key))) !== undefined) return true;
  const { consumer, provider, sha } = key;
  const path = pathOf('pacts', 'provider', provider, 'consumer', consumer, 'pact-version', sha);
  const text = await source.text(path);
  if (text === undefined) return false;
  await keepContent(source, { consumer, provider }, text);
  return true;
}

/** The text of a content that was read. */
export async function contentText(source: BrokerSource, key: ContentKey): Promise<string> {
  const text = await source.answers.find(contentName(key));
  if (text !== undefined) return text;
  throw new CliError(`The content ${key.sha} is no longer in the folder of answers; import again.`);
}

function contentName({ consumer, provider, sha }: ContentKey): string {
  return `content ${pathOf(consumer, provider, sha)}`;
}

/** Keeps the pact as it was published, without what the broker has added to its answer; answers its sha. */
async function keepContent(source: BrokerSource, pair: Pair, text: string): Promise<string> {
  const pact = losslessObject(text, `the pact between ${pair.consumer} and ${pair.provider}`);
  const sha = shaOf(pact);
  if (sha === undefined) {
    throw new CliError(
      `The pact between ${pair.consumer} and ${pair.provider} has no link pb:pact-version; its broker is too old to be read.`,
    );
  }
  const content = new Map([...pact].filter(([key]) => key !== '_links' && key !== 'createdAt'));
  const key = { ...pair, sha };
  if ((await source.answers.find(contentName(key))) === undefined) {
    await source.answers.keep(contentName(key), writeJson(content));
  }
  return sha;
}

function shaOf(pact: JsonObject): string | undefined {
  const links = pact.get('_links');
  const link = isJsonObject(links) ? links.get('pb:pact-version') : undefined;
  const href = isJsonObject(link) ? link.get('href') : undefined;
  const sha = typeof href === 'string' ? lastSegment(href) : '';
  return /^[0-9a-f]{40}$/.test(sha) ? sha : undefined;
}

/** A JSON object with its numbers as they were written. */
export function losslessObject(text: string, what: string): JsonObject {
  const parsed = parseJson(text);
  const value: JsonValue | undefined = parsed.ok ? parsed.value : undefined;
  if (isJsonObject(value)) return value;
  throw new CliError(`The broker's answer with ${what} is no JSON object.`);
}
