import { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { type Check, formatCheck, skipped } from '../doctor/check.ts';
import { checkHub } from '../doctor/hub-checks.ts';
import { checkConfig, checkNode, checkPort } from '../doctor/local-checks.ts';
import { checkTelemetry } from '../doctor/telemetry-checks.ts';
import { type HubOptions, hubClientOf, withHubOptions } from './hub-options.ts';

interface Options extends HubOptions {
  readonly config?: string;
  readonly json?: boolean;
}

const ports = [9292, 4318, 4317, 14268];

/** `concordat doctor`: exit 1 when something needs doing. */
export function doctorCommand(context: CliContext): Command {
  return withHubOptions(new Command('doctor'))
    .description(
      'check Node, ports, hub, credentials, clocks, traces, the telemetry of each service and the config',
    )
    .option('--config <file>', 'list of services (default contracts/concordat.config.ts)')
    .option('--json', 'answer as JSON')
    .action((options: Options) => run(options, context));
}

async function run(options: Options, context: CliContext): Promise<void> {
  const checks = [
    checkNode(process.version),
    ...(await Promise.all(ports.map(checkPort))),
    ...(await hubChecks(options, context)),
    await checkConfig(context.cwd, options.config),
  ];
  const { output } = context;
  output.result(
    options.json === true ? JSON.stringify({ checks }) : checks.map(formatCheck).join('\n'),
  );
  context.end(checks.some(({ state }) => state === 'failed') ? 1 : 0);
}

async function hubChecks(options: Options, context: CliContext): Promise<readonly Check[]> {
  if (options.brokerBaseUrl === undefined && context.environment.brokerBaseUrl === undefined) {
    return [skipped('hub', 'none is named; set PACT_BROKER_BASE_URL to check it.')];
  }
  const hub = hubClientOf(options, context.environment);
  const checks = await checkHub(hub, Date.now);
  const isHub = checks.every(({ state }) => state !== 'failed');
  return isHub ? [...checks, ...(await checkTelemetry(hub, Date.now))] : checks;
}
