import type { ServiceDefinition } from '../config/concordat-config.ts';
import { freePort } from '../processes/free-port.ts';
import { environmentOf } from '../processes/service-environment.ts';
import { CliError } from '../terminal/cli-error.ts';
import type { VerifyDeps } from './verify-deps.ts';

/** A provider that answers requests, provider states and questions for messages. */
export interface ProviderUnderTest {
  readonly baseUrl: string;
  readonly providerStates: string;
  readonly messages: string | undefined;
  lastLines(): string;
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';
/** Port 9 (discard): a provider that calls its own providers while it is verified must fail at once. */
const NOWHERE = `http://${HOST}:9`;

/** Starts the provider's process and waits for its health; with an address from the user nothing is started. */
export async function startProvider(
  service: ServiceDefinition,
  deps: VerifyDeps,
): Promise<ProviderUnderTest> {
  const { providerBaseUrl } = deps.options;
  if (providerBaseUrl !== undefined) {
    return { ...addressesOf(service, providerBaseUrl), lastLines: () => '', stop: async () => {} };
  }
  const port = await freePort(HOST);
  const { hub, support } = deps;
  const variables = { ...deps.variables, CONCORDAT_VERIFYING: '1' };
  const options = { port, environment: 'test', hub, urlOf: () => NOWHERE, support };
  const child = deps.supervisor.start({
    name: service.name,
    command: service.process.command,
    cwd: deps.root,
    env: environmentOf(service, variables, options),
  });
  const baseUrl = `http://${HOST}:${port}`;
  try {
    await child.ready(`${baseUrl}${service.process.health}`, deps.signal);
  } catch (error) {
    await deps.supervisor.stop(child);
    throw error;
  }
  return {
    ...addressesOf(service, baseUrl),
    lastLines: () => child.lastLines(),
    stop: () => deps.supervisor.stop(child),
  };
}

function addressesOf(
  { name, verification }: ServiceDefinition,
  baseUrl: string,
): Pick<ProviderUnderTest, 'baseUrl' | 'providerStates' | 'messages'> {
  if (verification === undefined) {
    throw new CliError(
      `${name} has no 'verification' in the config, so nothing of it can be verified.`,
    );
  }
  const base = baseUrl.replace(/\/+$/, '');
  const { providerStates, messages } = verification;
  return {
    baseUrl: base,
    providerStates: `${base}${providerStates}`,
    messages: messages === undefined ? undefined : `${base}${messages}`,
  };
}
