import { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { loadConfig } from '../config/load-config.ts';
import type { HubClient } from '../hub-client/hub-client.ts';
import { findFiles } from '../publish/find-files.ts';
import { publishPacts } from '../publish/publish-pacts.ts';
import {
  publishProviderContracts,
  readProviderDocuments,
} from '../publish/publish-provider-contracts.ts';
import { publishServiceContracts, readServiceContracts } from '../publish/publish-service.ts';
import { readPacts } from '../publish/read-pact.ts';
import { CliError } from '../terminal/cli-error.ts';
import { collect } from './argument-parsers.ts';
import { type HubOptions, hubClientOf, withHubOptions } from './hub-options.ts';

interface Options extends HubOptions {
  readonly appVersion?: string;
  readonly branch?: string;
  readonly tag: readonly string[];
  readonly buildUrl?: string;
  readonly merge?: boolean;
  readonly provider?: string;
  readonly providerContract: readonly string[];
  readonly config?: string | true;
  readonly lint: boolean;
  readonly json?: boolean;
}

/** `concordat publish`: pacts of a consumer, documents of a provider, or all of the config. */
export function publishCommand(context: CliContext): Command {
  return withHubOptions(new Command('publish'))
    .description('publish pacts and provider contracts')
    .argument('[pacts...]', 'pact files, folders or globs')
    .option('-a, --app-version <version>', 'version of the consumer or provider, usually a commit')
    .option('--branch <name>', 'branch of that version')
    .option('--tag <name>', 'tag of that version (repeatable)', collect, [])
    .option('--build-url <url>', 'the build that publishes')
    .option('--merge', 'merge with what the same version has published')
    .option('--provider <name>', 'who publishes the --provider-contract')
    .option('--provider-contract <file>', 'AsyncAPI or OpenAPI document (repeatable)', collect, [])
    .option('--config [file]', 'publish everything of contracts/concordat.config.ts')
    .option('--no-lint', 'do not check AsyncAPI documents with the official parser')
    .option('--json', 'answer as JSON')
    .action((names: readonly string[], options: Options) => run(names, options, context));
}

async function run(names: readonly string[], options: Options, context: CliContext): Promise<void> {
  if (names.length === 0 && options.providerContract.length === 0 && options.config === undefined) {
    throw new CliError('Nothing to publish; name pact files, --provider-contract or --config.');
  }
  const hub = hubClientOf(options, context.environment);
  const notices = [
    ...(options.config === undefined ? [] : await publishConfig(hub, options, context.cwd)),
    ...(await publishNamed(hub, options, { names, cwd: context.cwd })),
  ];
  const { output } = context;
  if (options.json === true) output.result(JSON.stringify({ published: notices }));
  else for (const notice of notices) output.result(notice);
  context.end(0);
}

async function publishConfig(
  hub: HubClient,
  { config, lint }: Options,
  cwd: string,
): Promise<readonly string[]> {
  const loaded = await loadConfig(cwd, config === true ? undefined : config);
  const notices: string[] = [];
  const options = { folder: loaded.folder, lint };
  const { services } = loaded.config;
  const contracts = await Promise.all(services.map((one) => readServiceContracts(one, options)));
  for (const one of contracts) notices.push(...(await publishServiceContracts(hub, one)));
  return notices;
}

/** Everything is read and checked before the first request. */
async function publishNamed(
  hub: HubClient,
  options: Options,
  { names, cwd }: { readonly names: readonly string[]; readonly cwd: string },
): Promise<readonly string[]> {
  if (names.length === 0 && options.providerContract.length === 0) return [];
  const { appVersion, branch, tag, buildUrl, merge = false, provider } = options;
  if (appVersion === undefined) throw new CliError('Say which version: --app-version VERSION.');
  if (options.providerContract.length > 0 && provider === undefined) {
    throw new CliError('Say who publishes the document: --provider NAME.');
  }
  const pacts = await readPacts(await findFiles(cwd, names));
  const documents = await readProviderDocuments(
    await findFiles(cwd, options.providerContract),
    options,
  );
  const at = { version: appVersion, ...(branch !== undefined && { branch }) };
  const build = buildUrl === undefined ? {} : { buildUrl };
  const notices = await publishPacts(hub, pacts, { ...at, tags: tag, merge, ...build });
  if (provider === undefined) return notices;
  await publishProviderContracts(hub, documents, { provider, ...at });
  const said = documents.map(({ kind }) => `${kind} document of ${provider} published.`);
  return [...notices, ...said];
}
