/** What a service of the shop reads from its environment. */
export interface ServiceConfig {
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  /** Equal to the environment's name in the hub. */
  readonly environment: string;
  /** Contract verification is under way: `/_pact/…` is open and providers of this service are replaced by fakes. */
  readonly verifying: boolean;
  readonly amqpUrl: string;
  /** Base URL of another service, from `<NAME>_URL`. */
  readonly urlOf: (service: string) => string;
}

/** Reads PORT, HOST, DEPLOYMENT_ENVIRONMENT, CONCORDAT_VERIFYING, AMQP_URL and `<NAME>_URL`. Throws on a wrong port. */
export function readServiceConfig(env: NodeJS.ProcessEnv = process.env): ServiceConfig {
  return {
    host: env.HOST ?? '127.0.0.1',
    port: readPort(env.PORT ?? '0'),
    environment: env.DEPLOYMENT_ENVIRONMENT ?? 'development',
    verifying: env.CONCORDAT_VERIFYING === '1',
    amqpUrl: env.AMQP_URL ?? 'amqp://127.0.0.1:5672',
    urlOf: (service) => readUrl(env, `${service.toUpperCase().replaceAll('-', '_')}_URL`),
  };
}

/** Whether pact tests may rewrite the committed pact files instead of comparing with them. */
export function mayUpdatePacts(env: NodeJS.ProcessEnv = process.env): boolean {
  return env.UPDATE_PACTS === '1';
}

/** How many rounds the traffic drives and how many shoppers go round at once. */
export function readTrafficConfig(env: NodeJS.ProcessEnv = process.env): {
  readonly baskets: number;
  readonly deadlineMillis: number;
} {
  return {
    baskets: readWhole('TRAFFIC_BASKETS', env.TRAFFIC_BASKETS ?? '20'),
    deadlineMillis: readWhole('TRAFFIC_DEADLINE_MS', env.TRAFFIC_DEADLINE_MS ?? '30000'),
  };
}

function readPort(value: string): number {
  const port = Number(value);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new Error(`PORT is '${value}'; use a whole number from 0 to 65535`);
}

function readWhole(name: string, value: string): number {
  const number = Number(value);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new Error(`${name} is '${value}'; use a whole number above 0`);
}

function readUrl(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name];
  if (value !== undefined && URL.canParse(value)) return value.replace(/\/$/, '');
  throw new Error(
    `${name} is ${value === undefined ? 'missing' : `'${value}'`}; set it to http://HOST:PORT`,
  );
}
