/** A process the runner starts: it must bind the port named by `PORT` in its environment and run until SIGTERM. */
export interface ProcessDefinition {
  /** Program and arguments, run from the repository's root; `node` means the Node that runs the CLI. */
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Path that answers 200 when the process can serve. */
  readonly health: string;
}

export interface ServiceDefinition {
  /** Pacticipant name, equal to `service.name` in its spans. */
  readonly name: string;
  readonly version: string;
  readonly branch?: string;
  readonly process: ProcessDefinition;
  /** Names of the services it calls: each becomes `<NAME>_URL` in its environment (upper case, `-` as `_`). */
  readonly calls?: readonly string[];
  /** Glob of the pact files this service publishes as consumer, from the config file's folder. */
  readonly pacts?: string;
  /** Provider contracts (AsyncAPI, OpenAPI) it publishes, from the config file's folder. */
  readonly contracts?: readonly string[];
  /**
   * Present when its pacts as provider are verified. The process is then started with `CONCORDAT_VERIFYING=1`, which
   * opens these two paths and replaces the service's own providers by what the provider states ask for.
   */
  readonly verification?: {
    /** POST `{state, params, action: 'setup'|'teardown'}`. */
    readonly providerStates: string;
    /** POST `{description, providerStates}` → the message body, metadata base64 in `Pact-Message-Metadata`. */
    readonly messages?: string;
  };
  /** False when the demo must not record its deployment. */
  readonly recordDeployment?: boolean;
}

/** A process that services need but no contract names (the event bus); its `provides` goes into every service's environment. */
export interface SupportDefinition {
  readonly name: string;
  readonly process: ProcessDefinition;
  /** Not started when the environment already has this variable; its value is used then. */
  readonly variable: string;
  /** The variable's value, `{port}` replaced: `amqp://127.0.0.1:{port}`. */
  readonly value: string;
}

/** What `contracts/concordat.config.ts` exports as default: the one list of services for publish, verify and demo. */
export interface ConcordatConfig {
  /** Environment the demo records deployments in; the services get it as `DEPLOYMENT_ENVIRONMENT`. */
  readonly environment: string;
  readonly services: readonly ServiceDefinition[];
  readonly support?: readonly SupportDefinition[];
  /** Drives honest traffic: one finite round, exit 0; it gets every service's `<NAME>_URL`. */
  readonly traffic?: { readonly command: readonly string[] };
  /** Findings planted on purpose: `demo --once` is content with exactly these. */
  readonly expectedFindings?: readonly ExpectedFinding[];
}

/** Names a finding by what it is about; what is left out is not compared. */
export interface ExpectedFinding {
  readonly kind: string;
  readonly consumer?: string;
  readonly provider: string;
  readonly operation?: string;
}
