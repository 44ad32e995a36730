/** Where spans belong that verifying a pact made: in no environment that anybody deploys to. */
export const verificationEnvironment = 'verification';

/** `service.name` that the verifier of a pact gives itself. */
const VERIFIER = 'pact-verifier';

/** Verification and test traffic shows what tests do, not what anybody depends on: it is no observed traffic. */
export class TestTraffic {
  readonly #environments: ReadonlySet<string>;

  /** Environments in which only tests run, in any case of letters. */
  constructor(environments: readonly string[] = ['test']) {
    const names = [verificationEnvironment, ...environments];
    this.#environments = new Set(names.map((name) => name.toLowerCase()));
  }

  /** Takes no `this`, so that it can be handed to `filter`. */
  readonly isTest = (call: {
    readonly environment: string | undefined;
    readonly consumer: { readonly service: string };
  }): boolean => call.consumer.service === VERIFIER || this.isTestEnvironment(call.environment);

  isTestEnvironment(environment: string | undefined): boolean {
    return environment !== undefined && this.#environments.has(environment.toLowerCase());
  }
}
