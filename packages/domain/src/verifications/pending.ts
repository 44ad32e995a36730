/** The first success of a content by provider versions that carry `by`: a branch or tag name, none when they carry none. */
export interface ContentSuccess {
  readonly pactVersionId: number;
  /** Whether the pact was work in progress in that run. */
  readonly isWip: boolean;
  readonly by: string | undefined;
  /** UTC text. */
  readonly firstAt: string;
}

/** A branch or tag of the provider; `createdAt` is undefined when it does not exist yet. */
export interface ProviderLine {
  readonly name: string;
  readonly createdAt: string | undefined;
}

/** What the provider version that is about to verify says of itself. */
export type ProviderView =
  | { readonly kind: 'branch'; readonly line: ProviderLine }
  | { readonly kind: 'tags'; readonly lines: readonly ProviderLine[] }
  | { readonly kind: 'none' };

export interface PendingState {
  readonly isPending: boolean;
  /** Which of the provider's tags still miss a success; empty unless it verifies by tags. */
  readonly pendingTags: readonly string[];
  /** Environments where it runs: only then it is not pending, although nobody verified it. */
  readonly runsIn?: readonly string[];
}

/** What runs somewhere is not pending: a provider that fails it breaks a consumer that exists. */
export function settledWhereItRuns(
  state: PendingState,
  environments: readonly string[],
): PendingState {
  if (!state.isPending || environments.length === 0) return state;
  return { isPending: false, pendingTags: [], runsIn: environments };
}

/**
 * A content is pending for a branch until a version on it succeeded, or one on another branch did before this branch
 * existed; for tags, while that is so for any of them; else until anybody succeeded. Failures never count.
 */
export function pendingState(
  successes: readonly ContentSuccess[],
  view: ProviderView,
): PendingState {
  switch (view.kind) {
    case 'none':
      return { isPending: successes.length === 0, pendingTags: [] };
    case 'branch':
      return { isPending: !isSettled(successes, view.line), pendingTags: [] };
    case 'tags': {
      const pendingTags = view.lines
        .filter((line) => !isSettled(successes, line))
        .map(({ name }) => name);
      return { isPending: pendingTags.length > 0, pendingTags };
    }
  }
}

/**
 * Whether a head of some consumer branch or tag is work in progress: nobody on the provider's branch (or one of its tags)
 * succeeded while the pact was asked for explicitly, nor did another branch before this one existed.
 */
export function isWorkInProgress(
  successes: readonly ContentSuccess[],
  view: ProviderView,
): boolean {
  const explicit = successes.filter(({ isWip }) => !isWip);
  switch (view.kind) {
    case 'none':
      return false;
    case 'branch':
      return !isSettled(explicit, view.line);
    case 'tags':
      return view.lines.some((line) => !isSettled(explicit, line));
  }
}

function isSettled(successes: readonly ContentSuccess[], line: ProviderLine): boolean {
  return successes.some(({ by, firstAt }) => {
    if (by === undefined) return false;
    return by === line.name || line.createdAt === undefined || firstAt < line.createdAt;
  });
}
