/** What was published last before this one: for a tag of the new version, or untagged when it has none. */
export interface PreviousPact {
  /** Undefined for the untagged line. */
  readonly tag: string | undefined;
  /** Undefined when there is none. */
  readonly sha: string | undefined;
}

/** Whether `contract_content_changed` happened, and the broker's words for it; an empty comment is left out. */
export interface ContentChange {
  readonly changed: boolean;
  readonly comment: string | undefined;
}

/** A new revision of a publication that was there already. */
export function revisionChange(input: {
  readonly changed: boolean;
  readonly consumer: string;
  readonly version: string;
}): ContentChange {
  if (!input.changed) return { changed: false, comment: undefined };
  const comment = `pact content modified since previous publication for ${input.consumer} version ${input.version}`;
  return { changed: true, comment };
}

/** A consumer version's first publication: compared tag by tag, branches do not count. */
export function publicationChange(sha: string, previous: readonly PreviousPact[]): ContentChange {
  const reasons = previous.flatMap((line) => reasonOf(line, sha));
  if (reasons.length > 0) return { changed: true, comment: reasons.join(', ') };
  return { changed: false, comment: unchangedComment(previous) };
}

function reasonOf({ tag, sha: before }: PreviousPact, sha: string): readonly string[] {
  if (before === sha) return [];
  if (tag === undefined) {
    return [
      before === undefined
        ? 'first time untagged pact published'
        : 'pact content has changed since previous untagged version',
    ];
  }
  return [
    before === undefined
      ? `first time any pact published for this consumer with consumer version tagged ${tag}`
      : `pact content has changed since the last consumer version tagged with ${tag}`,
  ];
}

function unchangedComment(previous: readonly PreviousPact[]): string {
  const tags = previous.flatMap((line) => line.tag ?? []);
  if (tags.length === 0) return 'pact content is the same as previous untagged version';
  const versions = tags.length === 1 ? 'version with tag' : 'versions with tags';
  return `pact content is the same as previous ${versions} ${tags.join(', ')} and no new tags were applied`;
}
