export type BadgeColour = 'brightgreen' | 'red' | 'orange' | 'lightgrey';

/** Two words side by side: what it is about, and how that stands. */
export interface Badge {
  readonly left: string;
  readonly right: string;
  readonly colour: BadgeColour;
}

/** How a pact stands with its provider; `changed`: it passed, and has other content since. */
export type PactStanding = 'verified' | 'failed' | 'failed (pending)' | 'changed' | 'unknown';

const standingColours: Readonly<Record<PactStanding, BadgeColour>> = {
  verified: 'brightgreen',
  failed: 'red',
  'failed (pending)': 'red',
  changed: 'orange',
  unknown: 'lightgrey',
};

/** The newest result there is: of which content, and whether a failure was one of a pending pact. */
export interface LatestResult {
  readonly sha: string;
  readonly success: boolean;
  readonly isPending: boolean;
}

/** What the latest result says of the latest content; undefined when there is none. */
export function pactStanding(
  latestSha: string | undefined,
  result: LatestResult | undefined,
): PactStanding {
  if (latestSha === undefined || result === undefined) return 'unknown';
  if (!result.success) return result.isPending ? 'failed (pending)' : 'failed';
  return result.sha === latestSha ? 'verified' : 'changed';
}

/** One side of a pact on a badge: its name, and the tag that picked its version. */
export interface BadgeSide {
  readonly name: string;
  readonly tag?: string | undefined;
}

export function pactBadge(facts: {
  readonly consumer: BadgeSide;
  readonly provider: BadgeSide;
  readonly standing: PactStanding;
  /** Shows that side only. */
  readonly label?: string | undefined;
  readonly initials: boolean;
}): Badge {
  const { consumer, provider, label, standing } = facts;
  const shown = (side: BadgeSide): string => {
    const name = facts.initials ? initialsOf(side.name) : side.name;
    return (side.tag === undefined ? name : `${name} (${side.tag})`).toLowerCase();
  };
  const sides = { consumer: shown(consumer), provider: shown(provider) };
  const names =
    label === 'consumer' || label === 'provider' ? sides[label] : Object.values(sides).join('/');
  return { left: `${names} pact`, right: standing, colour: standingColours[standing] };
}

/** First letters of a name of several words; one word stays as it is. */
function initialsOf(name: string): string {
  const words = name
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .split(/[\s_-]+/)
    .filter((word) => word !== '');
  return words.length < 2 ? name : words.map((word) => [...word].slice(0, 1).join('')).join('');
}

/** Anything but a clear yes is red. */
export function canIDeployBadge(facts: {
  readonly from: string;
  readonly to: string;
  readonly deployable: boolean | null;
  readonly label?: string | undefined;
}): Badge {
  return {
    left: facts.label ?? 'can-i-deploy',
    right: `${facts.from} to ${facts.to}`,
    colour: facts.deployable === true ? 'brightgreen' : 'red',
  };
}

export function canIMergeBadge(mergeable: boolean | null): Badge {
  const left = 'can-i-merge';
  if (mergeable === null) return { left, right: 'unknown', colour: 'lightgrey' };
  return mergeable
    ? { left, right: 'success', colour: 'brightgreen' }
    : { left, right: 'failed', colour: 'red' };
}

/** An image is never a 404: pages show it where they have it. */
export function notFoundBadge(what: string): Badge {
  return { left: what, right: 'not found', colour: 'lightgrey' };
}
