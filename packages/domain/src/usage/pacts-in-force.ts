/** What decides whether a pact speaks for a consumer version; the hub's read model has these of every pact. */
export interface PactStanding {
  readonly consumerVersion: string;
  /** Environments in which the consumer version is deployed. */
  readonly environments: readonly string[];
  readonly isLatestMain: boolean;
}

/**
 * The pacts that speak for one call, of all pacts between its consumer and provider: the consumer version's own publication; else
 * what is deployed in that environment (anywhere, when the spans name none); else the latest from main; else all there are.
 */
export function pactsForCall<T extends PactStanding>(
  pacts: readonly T[],
  call: { readonly version: string | undefined; readonly environment: string | undefined },
): readonly T[] {
  const own = pacts.filter(({ consumerVersion }) => consumerVersion === call.version);
  return own.length > 0 ? own : pactsInEnvironment(pacts, call.environment);
}

/** The pacts that speak for a consumer whose version does not matter. */
export function pactsInEnvironment<T extends PactStanding>(
  pacts: readonly T[],
  environment: string | undefined,
): readonly T[] {
  const deployed = pacts.filter(({ environments }) =>
    environment === undefined ? environments.length > 0 : environments.includes(environment),
  );
  return firstWithAny([deployed, pacts.filter(({ isLatestMain }) => isLatestMain), pacts]);
}

function firstWithAny<T>(choices: readonly (readonly T[])[]): readonly T[] {
  return choices.find((choice) => choice.length > 0) ?? [];
}
