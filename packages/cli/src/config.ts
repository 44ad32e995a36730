/** What the CLI reads from its environment; names as every Pact tool has them. */
export interface CliEnvironment {
  readonly brokerBaseUrl: string | undefined;
  readonly brokerUsername: string | undefined;
  readonly brokerPassword: string | undefined;
  readonly brokerToken: string | undefined;
  /** Everything, to hand on to the processes that are started. */
  readonly variables: NodeJS.ProcessEnv;
}

/** An empty variable counts as not set. */
export function readCliEnvironment(env: NodeJS.ProcessEnv = process.env): CliEnvironment {
  return {
    brokerBaseUrl: env.PACT_BROKER_BASE_URL || undefined,
    brokerUsername: env.PACT_BROKER_USERNAME || undefined,
    brokerPassword: env.PACT_BROKER_PASSWORD || undefined,
    brokerToken: env.PACT_BROKER_TOKEN || undefined,
    variables: env,
  };
}
