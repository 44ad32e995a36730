/** What a service says about its own version. */
export interface SentVersion {
  /** `service.version` */
  readonly version: string;
  /** `vcs.ref.head.revision`: the commit it was built from. */
  readonly revision: string | undefined;
}

/** A version that the broker knows, of the same pacticipant. */
export interface PublishedVersion {
  readonly number: string;
  readonly tags: readonly string[];
  readonly buildUrl: string | undefined;
}

/** By what a sent version was recognised, the surest first. */
export type MappedBy = 'revision' | 'commit' | 'number' | 'release' | 'tag' | 'build';

export type VersionMapping =
  | { readonly kind: 'exact'; readonly version: string }
  | { readonly kind: 'mapped'; readonly version: string; readonly by: MappedBy }
  | { readonly kind: 'ambiguous'; readonly by: MappedBy; readonly candidates: readonly string[] }
  | { readonly kind: 'unknown' };

/** Where published versions that a sent one may mean are looked for. */
export interface VersionProbes {
  /** Numbers, and names of tags. */
  readonly texts: readonly string[];
  /** Numbers begin with one of these. */
  readonly starts: readonly string[];
  /** Numbers hold one of these somewhere; lower case. */
  readonly commits: readonly string[];
  /** A build's URL holds this; undefined for what is too short to mean one build. */
  readonly build: string | undefined;
}

const SHORTEST_COMMIT = 7;
const FULL_COMMIT = 40;
const SHORTEST_BUILD = 4;

export function versionProbes(sent: SentVersion): VersionProbes {
  const readings = readingsOf(sent.version);
  const releases = readings.map(releaseOf);
  const texts = [...readings, ...releases].flatMap((text) => [text, `v${text}`, `V${text}`]);
  const commits = [...commitsIn(sent.revision ?? ''), ...commitsIn(sent.version)];
  return {
    texts: [...new Set([sent.version, ...texts])],
    starts: [...new Set(releases)].flatMap((text) => [`${text}+`, `v${text}+`]),
    commits: [...new Set(commits.map((commit) => commit.slice(0, SHORTEST_COMMIT)))],
    build: sent.version.length >= SHORTEST_BUILD ? sent.version : undefined,
  };
}

/**
 * The published version that a service means by what it sends. The first way that finds one decides; where it finds several, there
 * is no mapping: a guess would credit one version with the calls of another.
 */
export function mapVersion(
  sent: SentVersion,
  published: readonly PublishedVersion[],
): VersionMapping {
  if (published.some(({ number }) => number === sent.version)) {
    return { kind: 'exact', version: sent.version };
  }
  for (const [by, means] of waysOf(sent)) {
    const candidates = published.filter(means).map(({ number }) => number);
    const [version] = candidates;
    if (version === undefined) continue;
    return candidates.length === 1
      ? { kind: 'mapped', version, by }
      : { kind: 'ambiguous', by, candidates };
  }
  return { kind: 'unknown' };
}

type Means = (published: PublishedVersion) => boolean;

function waysOf({ version, revision }: SentVersion): readonly (readonly [MappedBy, Means])[] {
  const readings = readingsOf(version);
  const releases = readings.map(releaseOf);
  const isOneOf = (text: string): boolean => readings.includes(withoutV(text));
  return [
    ['revision', holdsCommit(commitsIn(revision ?? ''))],
    ['commit', holdsCommit(commitsIn(version))],
    ['number', ({ number }) => isOneOf(number)],
    [
      'release',
      ({ number }) =>
        releases.includes(releaseOf(withoutV(number))) && !(hasBuild(number) && hasBuild(version)),
    ],
    ['tag', ({ tags }) => tags.some(isOneOf)],
    ['build', ({ buildUrl = '' }) => isBuild(version, buildUrl)],
  ];
}

function holdsCommit(sent: readonly string[]): Means {
  return ({ number }) => {
    const commits = commitsIn(number);
    return sent.some((one) => commits.some((other) => isSameCommit(one, other)));
  };
}

/** One is the beginning of the other. Digits alone may be a date or a counter, unless a full hash begins with them. */
function isSameCommit(one: string, other: string): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  const isHash = long.length >= FULL_COMMIT || (/[a-f]/.test(short) && /\d/.test(short));
  return isHash && long.startsWith(short);
}

/** `v1.4.0-5-gabc1234`, `main-abc1234`, `1.4.0+abc1234` and `sha256:…` hold one. */
function commitsIn(text: string): readonly string[] {
  return text
    .toLowerCase()
    .split(/[^0-9a-z]+/)
    .map((word) => word.replace(/^g(?=[0-9a-f]{7})/, ''))
    .filter((word) => word.length >= SHORTEST_COMMIT && /^[0-9a-f]+$/.test(word));
}

/** The version without `v`; of the name of an image the tag, and the digest behind it. */
function readingsOf(version: string): readonly string[] {
  const text = version.trim();
  const [, tag, digest] = /^[^@]*\/[^@/]*?(?::([^:@/]+))?(?:@(.+))?$/.exec(text) ?? [];
  const named = [tag, digest].flatMap((part) => part ?? []);
  return (named.length === 0 ? [text] : named).map(withoutV);
}

function withoutV(text: string): string {
  return text.replace(/^v(?=\d)/i, '');
}

/** Without build metadata (Semantic Versioning 2, 10). */
function releaseOf(text: string): string {
  return text.replace(/\+.*$/s, '');
}

function hasBuild(text: string): boolean {
  return text.includes('+');
}

function isBuild(version: string, buildUrl: string): boolean {
  return version.length >= SHORTEST_BUILD && buildUrl.split(/[/?#&=]/).includes(version);
}
