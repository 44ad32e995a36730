/** All that decides which versions may go. The order of a pacticipant's versions is the order of their ids; times are ms. */
export interface CleanHistory {
  readonly pacticipants: readonly {
    readonly id: number;
    readonly name: string;
    readonly mainBranch: string | null;
  }[];
  readonly versions: readonly CleanVersion[];
  readonly branches: readonly CleanBranch[];
  readonly branchVersions: readonly {
    readonly branchId: number;
    readonly versionId: number;
    readonly addedAt: number;
  }[];
  readonly tags: readonly { readonly versionId: number; readonly name: string }[];
  /** Where versions run or are supported now. */
  readonly placements: readonly CleanPlacement[];
  /** Current ones only. */
  readonly publications: readonly {
    readonly versionId: number;
    readonly providerId: number;
    readonly contentId: number;
  }[];
  /** Of each content with results the provider versions that its standing rests on. */
  readonly results: readonly {
    readonly contentId: number;
    readonly neededVersions: readonly number[];
  }[];
  /** Contents with a result of a provider version that runs or is supported somewhere now. */
  readonly reliedOn: readonly number[];
}

export interface CleanVersion {
  readonly id: number;
  readonly pacticipantId: number;
  readonly createdAt: number;
}

export interface CleanBranch {
  readonly id: number;
  readonly pacticipantId: number;
  readonly name: string;
  /** The version added last; null on an empty branch. */
  readonly headVersionId: number | null;
  readonly createdAt: number;
}

export interface CleanPlacement {
  readonly versionId: number;
  readonly kind: 'deployed' | 'released';
  readonly environment: string;
}
