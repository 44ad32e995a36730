import {
  type ContentChange,
  type JsonValue,
  mergePacts,
  type PreviousPact,
  parseJson,
  publicationChange,
  revisionChange,
  servedContent,
} from '@concordat/domain';
import type { PacticipantRow, VersionRow } from '../database/version-registry.ts';
import { type SentContent, sha1 } from './known-content.ts';
import type { PactStore, PublishedPact } from './pact-store.ts';

/** What a consumer version says about one provider. */
export interface PactToPublish {
  readonly consumer: PacticipantRow;
  readonly provider: PacticipantRow;
  readonly version: VersionRow;
  /** The version's tags. */
  readonly tags: readonly string[];
  /** What the version published before for this provider. */
  readonly existing: PublishedPact | undefined;
  readonly content: SentContent;
  /** `merge` keeps the interactions of an existing publication of the same version. */
  readonly onConflict: 'overwrite' | 'merge';
  readonly at: Date;
}

export interface PactPublication {
  readonly outcome: 'created' | 'unchanged' | 'changed' | 'merged';
  readonly sha: string;
  readonly pactVersionId: number;
  readonly change: ContentChange;
}

/** Publishes one pact inside the caller's transaction; whether a change of content is allowed is the caller's question. */
export async function publishPact(
  pacts: PactStore,
  request: PactToPublish,
): Promise<PactPublication> {
  const { consumer, provider, version, existing, content } = request;
  const pair = { consumerId: consumer.id, providerId: provider.id };
  const merges = existing !== undefined && request.onConflict === 'merge';
  const merged = merges
    ? mergePacts(await readContent(pacts, existing), content.document())
    : undefined;
  const sha = merged === undefined ? content.sha : content.identify(merged);
  const at = request.at.toISOString();
  const pactVersionId = await pacts.saveContent({
    ...pair,
    sha,
    text: () => servedContent(merged ?? content.document(), sha1),
    at,
  });
  const change =
    existing === undefined
      ? publicationChange(sha, await previousPacts(pacts, request))
      : revisionChange({
          changed: existing.sha !== sha,
          consumer: consumer.name,
          version: version.number,
        });
  const isRevision = existing !== undefined;
  // The same content again is no revision: the matrix would show each pair of versions once more.
  if (existing?.pactVersionId !== pactVersionId) {
    await pacts.addPublication({ ...pair, versionId: version.id, pactVersionId, isRevision, at });
  }
  return { outcome: outcomeOf({ existing, merges, sha }), sha, pactVersionId, change };
}

/** The content of a publication, as JSON without loss. */
export async function readContent(pacts: PactStore, pact: PublishedPact): Promise<JsonValue> {
  const result = parseJson(await pacts.content(pact.pactVersionId), Number.POSITIVE_INFINITY);
  if (!result.ok)
    throw new Error(`Stored content ${pact.sha} is not JSON: ${result.defect.message}`);
  return result.value;
}

function outcomeOf(state: {
  readonly existing: PublishedPact | undefined;
  readonly merges: boolean;
  readonly sha: string;
}): PactPublication['outcome'] {
  if (state.existing === undefined) return 'created';
  if (state.merges) return 'merged';
  return state.existing.sha === state.sha ? 'unchanged' : 'changed';
}

async function previousPacts(
  pacts: PactStore,
  { consumer, provider, version, tags }: PactToPublish,
): Promise<readonly PreviousPact[]> {
  const before = {
    consumerId: consumer.id,
    providerId: provider.id,
    beforeVersionId: version.id,
  };
  if (tags.length === 0) {
    return [{ tag: undefined, sha: await pacts.shaBefore(before) }];
  }
  const lines: PreviousPact[] = [];
  for (const tag of tags) lines.push({ tag, sha: await pacts.shaBefore({ ...before, tag }) });
  return lines;
}
