import type { TransferRecordOf } from '@concordat/api';
import { isJsonObject, type JsonObject, writeJson } from '@concordat/domain';
import { CliError } from '../terminal/cli-error.ts';
import { type BrokerSource, together } from './broker-source.ts';
import {
  type HalObject,
  halObject,
  hrefs,
  listOf,
  needed,
  objectOf,
  pathOf,
} from './hal-answer.ts';
import {
  type ContentKey,
  losslessObject,
  type PactsOfPair,
  type Pair,
  readContent,
} from './read-pacts.ts';

/** Where one result is; what it says stays in the answer store. */
export interface ResultPlace extends ContentKey {
  readonly number: number;
  readonly providerVersion: string;
}

type ResultLink = Omit<ResultPlace, 'providerVersion'>;

const FIRST_LIMIT = 1_000;
const RESULT = /\/pact-version\/([0-9a-f]{40})(?:\/metadata\/[^/]*)?\/verification-results\/(\d+)$/;

/** All results of what the pair has published, by number; the matrix is the only place where a broker lists them. */
export async function readResults(
  source: BrokerSource,
  pacts: PactsOfPair,
): Promise<readonly ResultPlace[]> {
  const byContent = new Map(pacts.publications.map(({ sha, version }) => [sha, version]));
  const found = await together([...byContent.values()], (version) =>
    resultsOfVersion(source, pacts, version),
  );
  const places = [...new Map(found.flat().map((place) => [place.number, place])).values()];
  const known = await together(places, async (place) => {
    const providerVersion = await readResult(source, place);
    const isRead = providerVersion !== undefined && (await readContent(source, place));
    return isRead ? [{ ...place, providerVersion }] : [];
  });
  return known.flat();
}

async function resultsOfVersion(
  source: BrokerSource,
  { consumer, provider }: Pair,
  version: string,
): Promise<readonly ResultLink[]> {
  const query = new URLSearchParams([
    ['q[][pacticipant]', consumer],
    ['q[][version]', version],
    ['q[][pacticipant]', provider],
  ]);
  for (let limit = FIRST_LIMIT; ; limit *= 10) {
    const answer = (await source.named(`/matrix?${query}&limit=${limit}`)) ?? {};
    const rows = listOf(answer, 'matrix');
    if (rows.length >= limit) continue;
    return rows.flatMap((row) => placeOf(row, { consumer, provider }));
  }
}

function placeOf(row: HalObject, pair: Pair): readonly ResultLink[] {
  const [href = ''] = hrefs(objectOf(row, 'verificationResult'), 'self');
  const [, sha, number] = RESULT.exec(href) ?? [];
  return sha === undefined ? [] : [{ ...pair, sha, number: Number(number) }];
}

/** Which provider version it is about; undefined when it is gone. */
async function readResult(source: BrokerSource, place: ResultLink): Promise<string | undefined> {
  const path = resultPath(place);
  const text = await source.answers.remember(path, () => source.text(path));
  if (text === undefined) {
    source.vanished += 1;
    return undefined;
  }
  return needed(halObject(text, path), 'providerApplicationVersion', 'verification result');
}

/** The record of a result that was read. */
export async function resultRecord(
  source: BrokerSource,
  place: ResultPlace,
): Promise<TransferRecordOf<'verification'>> {
  const text = await source.answers.find(resultPath(place));
  if (text === undefined) {
    throw new CliError(
      `Result ${place.number} is no longer in the folder of answers; import again.`,
    );
  }
  const result = losslessObject(text, `result ${place.number}`);
  const date = result.get('verificationDate');
  const { consumer, provider, sha, providerVersion, number } = place;
  const buildUrl = result.get('buildUrl');
  const testResults = result.get('testResults');
  return {
    type: 'verification',
    ...{ consumer, provider, sha, providerVersion, number },
    success: result.get('success') === true,
    wip: false,
    ...(typeof buildUrl === 'string' ? { buildUrl } : {}),
    ...verifiedBy(result),
    ...(testResults === undefined || testResults === null
      ? {}
      : { testResults: writeJson(testResults) }),
    createdAt: new Date(typeof date === 'string' ? date : 0).toISOString(),
  };
}

function resultPath({ consumer, provider, sha, number }: ResultLink): string {
  const content = pathOf('pacts', 'provider', provider, 'consumer', consumer, 'pact-version', sha);
  return `${content}/verification-results/${number}`;
}

/** Brokers answer flat what verifiers have sent as an object with the client's language in it. */
function verifiedBy(result: JsonObject): { readonly verifiedBy?: string } {
  const flat = result.get('verifiedBy');
  if (!isJsonObject(flat) || flat.size === 0) return {};
  const client = {
    name: flat.get('client_implementation'),
    version: flat.get('client_version'),
    testFramework: flat.get('client_test_framework'),
  };
  const hasClient = Object.values(client).some((value) => value !== undefined);
  const sent = {
    implementation: flat.get('implementation'),
    version: flat.get('version'),
    ...(hasClient ? { clientLanguage: client } : {}),
  };
  return { verifiedBy: JSON.stringify(sent) };
}
