/** What the rest of the system needs to know about one interaction of a pact. */
export interface PromisedInteraction {
  readonly description: string;
  readonly providerStates: readonly string[];
  readonly transport: 'http' | 'message';
  /** The provider's operation: `GET /v1/orders/{id}`, `send order.placed`. */
  readonly operation: string;
  /** undefined for messages. */
  readonly status: number | undefined;
  /**
   * Names what spans can see of it: method, path template, query and status, or the event. Interactions with equal shapes cannot
   * be told apart by spans (they differ in provider state, headers or bodies), so their usage is one count.
   */
  readonly shape: string;
}
