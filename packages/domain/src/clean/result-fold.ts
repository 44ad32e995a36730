import type { CleanHistory } from './clean-history.ts';

/** A verification result as far as cleaning is concerned; the time is in ms. */
export interface CleanResult {
  readonly id: number;
  readonly contentId: number;
  readonly versionId: number;
  readonly success: boolean;
  /** The newest of its content and provider version. */
  readonly isLatest: boolean;
  readonly createdAt: number;
}

/** Of one content, the results that others are told apart from it by. */
interface Newest {
  any: CleanResult;
  success: CleanResult | undefined;
  /** Without it a pact the main branch has verified would be pending again. */
  mainSuccess: CleanResult | undefined;
}

/** Takes all results in the order of their ids, and keeps no more than a few of each content. */
export class ResultFold {
  readonly #isOnMain: (versionId: number) => boolean;
  readonly #overwrittenBefore: number;
  readonly #newest = new Map<number, Newest>();
  readonly #overwritten: { readonly id: number; readonly contentId: number }[] = [];

  /** `overwrittenBefore` is the time that results which newer ones of the same versions have replaced must be older than. */
  constructor(options: {
    readonly isOnMain: (versionId: number) => boolean;
    readonly overwrittenBefore: number;
  }) {
    this.#isOnMain = options.isOnMain;
    this.#overwrittenBefore = options.overwrittenBefore;
  }

  add(result: CleanResult): void {
    const { contentId } = result;
    const before = this.#newest.get(contentId);
    const isMainSuccess = result.success && this.#isOnMain(result.versionId);
    this.#newest.set(contentId, {
      any: result,
      success: result.success ? result : before?.success,
      mainSuccess: isMainSuccess ? result : before?.mainSuccess,
    });
    if (!result.isLatest && result.createdAt < this.#overwrittenBefore) {
      this.#overwritten.push({ id: result.id, contentId });
    }
  }

  /** Of each content the provider versions that its standing rests on. */
  results(): CleanHistory['results'] {
    return [...this.#newest].map(([contentId, newest]) => ({
      contentId,
      neededVersions: [...new Set(listed(newest).map(({ versionId }) => versionId))],
    }));
  }

  /** Ids of results that are replaced, old, and that nothing rests on. */
  overwritten(): readonly number[] {
    const rests = ({ id, contentId }: { readonly id: number; readonly contentId: number }) => {
      const newest = this.#newest.get(contentId);
      return newest !== undefined && listed(newest).some((result) => result.id === id);
    };
    return this.#overwritten.filter((result) => !rests(result)).map(({ id }) => id);
  }
}

function listed({ any, success, mainSuccess }: Newest): readonly CleanResult[] {
  return [any, success, mainSuccess].filter((result) => result !== undefined);
}
