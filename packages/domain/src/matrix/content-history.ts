/** A result of one content; `versionId` grows with the provider's versions. */
export interface ContentResult {
  readonly versionId: number;
  readonly version: string;
  readonly success: boolean;
  /** UTC text. */
  readonly at: string;
}

/** What is known about a content and those who had to verify it. Times are UTC texts. */
export interface ContentHistory {
  /** When the content came into being. */
  readonly publishedAt: string;
  /** All results of the content, the newest first. */
  readonly results: readonly ContentResult[];
  /** When the provider published a result of whatever pact last; undefined when it never did. */
  readonly providerLastSeen: string | undefined;
  /** When the newest of the provider versions that should have verified it came into being. */
  readonly wantedSince: string | undefined;
  /** Whether a failure fails the provider's own build: undefined when no provider version is known to ask that for. */
  readonly isPending: boolean | undefined;
}

/** The success of the newest provider version that had one. */
export function newestSuccess(results: readonly ContentResult[]): ContentResult | undefined {
  return results
    .filter(({ success }) => success)
    .reduce<ContentResult | undefined>(
      (best, each) => (best === undefined || each.versionId > best.versionId ? each : best),
      undefined,
    );
}

/** When the first of the failures came that no success interrupts up to now. */
export function failingSince(results: readonly ContentResult[]): string | undefined {
  const success = results.findIndex((result) => result.success);
  return results.slice(0, success === -1 ? undefined : success).at(-1)?.at;
}
