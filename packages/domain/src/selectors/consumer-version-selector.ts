/** Picks consumer versions whose pacts a provider has to verify; a valid one, as `readConsumerVersionSelectors` lets through. */
export interface ConsumerVersionSelector {
  readonly mainBranch?: true;
  /** `true` means every branch. */
  readonly branch?: string | true;
  /** Taken for a consumer that has no `branch`; `true` means its own main branch. */
  readonly fallbackBranch?: string | true;
  readonly matchingBranch?: true;
  readonly tag?: string;
  /** Taken when nothing at all is the latest with `tag`. */
  readonly fallbackTag?: string;
  readonly latest?: boolean;
  readonly environment?: string;
  readonly deployed?: true;
  readonly released?: true;
  readonly deployedOrReleased?: true;
  readonly consumer?: string;
}
