import type { Command } from 'commander';
import type { CliEnvironment } from '../config.ts';
import { HubClient } from '../hub-client/hub-client.ts';
import { CliError } from '../terminal/cli-error.ts';

export interface HubOptions {
  readonly brokerBaseUrl?: string;
  readonly brokerUsername?: string;
  readonly brokerPassword?: string;
  readonly brokerToken?: string;
}

/** The options by which every Pact tool names its broker; the PACT_BROKER_* variables stand in for them. */
export function withHubOptions(command: Command): Command {
  return command
    .option('-b, --broker-base-url <url>', 'address of the hub (PACT_BROKER_BASE_URL)')
    .option('-u, --broker-username <name>', 'user (PACT_BROKER_USERNAME)')
    .option('-p, --broker-password <password>', 'password (PACT_BROKER_PASSWORD)')
    .option('-k, --broker-token <token>', 'bearer token (PACT_BROKER_TOKEN)');
}

export function hubClientOf(options: HubOptions, environment: CliEnvironment): HubClient {
  const baseUrl = options.brokerBaseUrl ?? environment.brokerBaseUrl;
  if (baseUrl === undefined) {
    throw new CliError('No hub is named; give --broker-base-url or set PACT_BROKER_BASE_URL.');
  }
  return new HubClient({
    baseUrl,
    username: options.brokerUsername ?? environment.brokerUsername,
    password: options.brokerPassword ?? environment.brokerPassword,
    token: options.brokerToken ?? environment.brokerToken,
  });
}
