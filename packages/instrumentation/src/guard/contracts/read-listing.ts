import type { ListedPact } from './held-pact.ts';

const mostPacts = 2_000;

/** Reads `GET /insights/guard/pacts`; throws on anything else. Paths that lead away from the hub are refused. */
export function readListing(text: string): readonly ListedPact[] {
  const answer: unknown = JSON.parse(text);
  const pacts = isRecord(answer) ? answer.pacts : undefined;
  if (!Array.isArray(pacts)) throw new Error('its answer is no list of pacts');
  if (pacts.length > mostPacts) throw new Error(`it lists more than ${mostPacts} pacts`);
  return pacts.map(readPact);
}

function readPact(value: unknown): ListedPact {
  if (!isRecord(value)) throw new Error('a listed pact is no object');
  const { consumer, provider, sha, path, consumerVersions } = value;
  if (!isText(consumer) || !isText(provider) || !isText(sha) || !isText(path)) {
    throw new Error('a listed pact has no consumer, provider, sha or path');
  }
  if (!/^\/(?!\/)/.test(path)) throw new Error('the path of a listed pact is none of the hub');
  const versions = Array.isArray(consumerVersions) ? consumerVersions.filter(isText) : [];
  return { consumer, provider, sha, path, consumerVersions: versions };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
