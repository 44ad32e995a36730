import { availableParallelism } from 'node:os';
import type { SelectionExplanation } from '@concordat/api';
import { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import type { ServiceDefinition } from '../config/concordat-config.ts';
import { type LoadedConfig, loadConfig } from '../config/load-config.ts';
import type { HubClient } from '../hub-client/hub-client.ts';
import { startSupport } from '../processes/start-support.ts';
import { Supervisor } from '../processes/supervisor.ts';
import { CliError } from '../terminal/cli-error.ts';
import { progressOf } from '../terminal/output.ts';
import { describeExplanation } from '../verify/describe-explanation.ts';
import { fetchExplanation } from '../verify/fetch-explanation.ts';
import {
  type ConsumerVersionSelector,
  defaultSelectors,
  pactsQuestion,
} from '../verify/fetch-pacts.ts';
import { terminalReport } from '../verify/report/terminal-report.ts';
import { type ReportFiles, writeReports } from '../verify/report/write-reports.ts';
import { runVerification } from '../verify/run-verification.ts';
import { exitCodeOf, type VerificationRun } from '../verify/verification.ts';
import type { VerifyOptions } from '../verify/verify-deps.ts';
import { collect, wholeNumber } from './argument-parsers.ts';
import { type HubOptions, hubClientOf, withHubOptions } from './hub-options.ts';

interface Options extends HubOptions, ReportFiles {
  readonly config?: string;
  readonly provider: readonly string[];
  readonly providerBaseUrl?: string;
  readonly providerVersion?: string;
  readonly branch?: string;
  readonly tag: readonly string[];
  readonly selector: readonly string[];
  readonly pending?: boolean;
  readonly wip?: string;
  readonly publish: boolean;
  readonly buildUrl?: string;
  readonly timeout: number;
  readonly parallel: number;
  readonly explain?: boolean;
  readonly json?: boolean;
}

/** `concordat verify`: exit 0 when every pact is kept, 1 when one is broken, 2 when one could not be verified. */
export function verifyCommand(context: CliContext): Command {
  return withHubOptions(new Command('verify'))
    .description('start providers and verify the pacts the hub has for them')
    .option('--config <file>', 'list of services (default contracts/concordat.config.ts)')
    .option('--provider <name>', 'only this provider (repeatable)', collect, [])
    .option('--provider-base-url <url>', 'verify what runs there instead of starting a process')
    .option('--provider-version <version>', 'instead of the one in the config')
    .option('--branch <name>', 'branch of the provider instead of the one in the config')
    .option('--tag <name>', 'tag of the provider version (repeatable)', collect, [])
    .option('--selector <json>', 'consumer version selector (repeatable)', collect, [])
    .option('--pending', 'pacts that were never kept on this branch do not fail the run')
    .option('--wip <date>', 'verify pacts in work since this date too')
    .option('--no-publish', 'do not publish the results')
    .option('--build-url <url>', 'the build that verifies')
    .option('--timeout <seconds>', 'for one replayed request', wholeNumber, 10)
    .option('--parallel <count>', 'verifiers at once', wholeNumber, availableParallelism())
    .option('--junit <file>', 'write a JUnit XML report')
    .option('--markdown <file>', 'write a Markdown summary')
    .option('--html <file>', 'write an HTML report')
    .option('--explain', 'only say which pacts the hub picks, and why no others')
    .option('--json', 'answer as JSON')
    .action((options: Options) => run(options, context));
}

async function run(options: Options, context: CliContext): Promise<void> {
  const hub = hubClientOf(options, context.environment);
  const verifyOptions = verifyOptionsOf(options);
  const loaded = await loadConfig(context.cwd, options.config);
  const providers = providersOf(loaded, options);
  if (options.explain === true) {
    await explain(providers, { hub, verifyOptions, options, context });
    return;
  }
  const supervisor = new Supervisor();
  try {
    const shared = {
      supervisor,
      root: loaded.root,
      ...variablesOf(context),
      signal: context.signal,
    };
    const needed = options.providerBaseUrl === undefined ? (loaded.config.support ?? []) : [];
    const result = await runVerification({
      ...shared,
      support: await startSupport(needed, shared),
      providers,
      hub,
      options: verifyOptions,
      parallel: Math.max(1, options.parallel),
      progress: progressOf(context.output, options.json === true),
    });
    await report(result, options, context);
  } finally {
    await supervisor.stopAll();
  }
}

async function explain(
  providers: readonly ServiceDefinition[],
  asked: {
    readonly hub: HubClient;
    readonly verifyOptions: VerifyOptions;
    readonly options: Options;
    readonly context: CliContext;
  },
): Promise<void> {
  const { hub, verifyOptions, options, context } = asked;
  const explanations: SelectionExplanation[] = [];
  for (const service of providers) {
    const question = pactsQuestion(service, verifyOptions);
    const explanation = await fetchExplanation(hub, question);
    if (explanation === undefined) {
      throw new CliError(
        `${hub.baseUrl} does not explain what it picks for ${service.name}: it does not know the provider, or is no Concordat hub.`,
      );
    }
    explanations.push(explanation);
  }
  const text =
    options.json === true
      ? JSON.stringify({ providers: explanations })
      : explanations.map((one) => describeExplanation(one).join('\n')).join('\n\n');
  context.output.result(text);
  context.end(0);
}

function variablesOf({ environment }: CliContext): { readonly variables: NodeJS.ProcessEnv } {
  return { variables: environment.variables };
}

async function report(
  result: VerificationRun,
  options: Options,
  context: CliContext,
): Promise<void> {
  await writeReports(result, options, context.cwd);
  const text = options.json === true ? JSON.stringify(result) : `\n${terminalReport(result)}`;
  context.output.result(text);
  context.end(exitCodeOf(result));
}

function providersOf({ config }: LoadedConfig, options: Options): readonly ServiceDefinition[] {
  const known = config.services.filter(({ verification }) => verification !== undefined);
  const names = known.map(({ name }) => name);
  const unknown = options.provider.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    throw new CliError(
      `The config has no provider ${unknown.join(', ')} with 'verification'; it has ${names.join(', ') || 'none'}.`,
    );
  }
  const wanted = known.filter(
    ({ name }) => options.provider.length === 0 || options.provider.includes(name),
  );
  if (wanted.length === 0) throw new CliError("No service of the config has 'verification'.");
  if (options.providerBaseUrl !== undefined && wanted.length > 1) {
    throw new CliError('--provider-base-url needs --provider, because the config has several.');
  }
  return wanted;
}

function verifyOptionsOf(options: Options): VerifyOptions {
  const { providerBaseUrl, providerVersion, branch, tag, pending = false, publish } = options;
  if (providerBaseUrl !== undefined && !/^https?:\/\/./.test(providerBaseUrl)) {
    throw new CliError(
      `--provider-base-url '${providerBaseUrl}' is no http:// or https:// address.`,
    );
  }
  const chosen = options.selector.map(selectorOf);
  return {
    providerBaseUrl,
    providerVersion,
    branch,
    tags: tag,
    selectors: chosen.length > 0 ? () => chosen : defaultSelectors,
    pending: pending || options.wip !== undefined,
    wipSince: options.wip,
    publish,
    buildUrl: options.buildUrl,
    timeoutMs: Math.max(1, options.timeout) * 1000,
  };
}

function selectorOf(text: string): ConsumerVersionSelector {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as ConsumerVersionSelector;
    }
  } catch {
    // Said below, together with every other wrong form.
  }
  throw new CliError(`--selector '${text}' is no JSON object, such as '{"mainBranch":true}'.`);
}
