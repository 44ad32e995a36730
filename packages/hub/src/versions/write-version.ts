import type { VersionRegistry } from '../database/version-registry.ts';
import { HubError } from '../http/hub-error.ts';
import type { VersionDetails, VersionStore } from './version-store.ts';

/** What a body says about a version; undefined is not said. A branch cannot be set here. */
export interface VersionChanges {
  readonly buildUrl: string | null | undefined;
  readonly tags: readonly string[] | undefined;
}

/** Reads `{"buildUrl", "tags": [{"name"}]}`; other members are ignored. */
export function readVersionChanges(body: Readonly<Record<string, unknown>>): VersionChanges {
  const errors: Record<string, readonly string[]> = {};
  const { buildUrl, tags } = body;
  if (buildUrl !== undefined && buildUrl !== null && typeof buildUrl !== 'string') {
    errors.buildUrl = ['must be a string'];
  }
  const names = tagNames(tags);
  if (names === undefined) errors.tags = ['must be an array of objects with a name'];
  if (Object.keys(errors).length > 0) {
    throw new HubError('VALIDATION_FAILED', 'The version is not valid.', { errors });
  }
  return {
    buildUrl: typeof buildUrl === 'string' ? buildUrl : buildUrl === null ? null : undefined,
    tags: tags === undefined || tags === null ? undefined : names,
  };
}

/** Creates or changes a version inside the caller's transaction; `replace` clears a build URL that is not given. */
export async function writeVersion(
  write: {
    readonly pacticipant: string;
    readonly number: string;
    readonly changes: VersionChanges;
    readonly replace: boolean;
    readonly at: Date;
  },
  stores: { readonly registry: VersionRegistry; readonly versions: VersionStore },
): Promise<{ readonly details: VersionDetails; readonly created: boolean }> {
  const { registry, versions } = stores;
  const { changes, at } = write;
  const pacticipant = await registry.pacticipant(write.pacticipant, at);
  const { row, created } = await registry.version(pacticipant, write.number, at);
  const otherwise = write.replace ? null : row.build_url;
  const version = await registry.setBuildUrl(
    row,
    changes.buildUrl === undefined ? otherwise : changes.buildUrl,
    created ? new Date(row.created_at) : at,
  );
  if (changes.tags !== undefined) {
    await versions.removeTags(version.id);
    for (const tag of changes.tags) await registry.replaceTag(version, tag, at);
  }
  const details = await versions.find(pacticipant.id, write.number);
  if (details === undefined) throw new Error('The version just written cannot be found.');
  return { details, created };
}

/** Undefined when it is no list of named tags. */
function tagNames(tags: unknown): readonly string[] | undefined {
  if (tags === undefined || tags === null) return [];
  if (!Array.isArray(tags)) return undefined;
  const names = tags.map(tagName);
  return names.some((name) => name === '') ? undefined : names;
}

function tagName(tag: unknown): string {
  if (typeof tag !== 'object' || tag === null || !('name' in tag)) return '';
  return typeof tag.name === 'string' ? tag.name : '';
}
