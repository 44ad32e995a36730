/** The interactions of every content, described so that they can be searched; written after the content, never with it. */
export interface PactInteractionsTable {
  readonly pact_version_id: number;
  /** From 0, interactions before messages. */
  readonly position: number;
  /** The `_id` in the stored content: the same interaction has the same in every content of a pair. */
  readonly interaction_id: string;
  readonly kind: string;
  readonly description: string;
  readonly summary: string;
  /** What it can be found by, one fact a line. */
  readonly lines: string;
  /** The same in lower case. */
  readonly search: string;
}

/** Contents whose interactions have been described, those without any too. */
export interface DescribedContentsTable {
  readonly pact_version_id: number;
}

export interface InteractionTables {
  readonly pact_interactions: PactInteractionsTable;
  readonly described_contents: DescribedContentsTable;
}
