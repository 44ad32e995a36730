import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { refusalOf } from '../hub-client/hub-client.ts';
import { CliError } from '../terminal/cli-error.ts';
import { type HubOptions, hubClientOf, withHubOptions } from './hub-options.ts';

interface Options extends HubOptions {
  readonly provider: string;
  readonly format: string;
  readonly output?: string;
  readonly json?: boolean;
}

const FORMATS = ['table', 'json', 'otel-collector'];

/** `concordat routes`: exit 0 when contracts name a route of the provider, else 1. */
export function routesCommand(context: CliContext): Command {
  return withHubOptions(new Command('routes'))
    .description(
      'list the routes that contracts name, or write them for an OpenTelemetry Collector',
    )
    .requiredOption('--provider <name>', 'routes of this provider')
    .option('--format <format>', `one of ${FORMATS.join(', ')}`, 'table')
    .option('-o, --output <file>', 'write to this file')
    .option('--json', 'the same as --format json')
    .action((options: Options) => run(options, context));
}

async function run(options: Options, context: CliContext): Promise<void> {
  if (!FORMATS.includes(options.format)) {
    throw new CliError(`There is no format ${options.format}; use one of ${FORMATS.join(', ')}.`);
  }
  const format = options.json === true ? 'json' : options.format;
  const client = hubClientOf(options, context.environment);
  const answered = format === 'table' ? 'json' : format;
  const answer = await client.get(
    `/insights/routes?provider=${encodeURIComponent(options.provider)}&format=${answered}`,
  );
  if (answer.status === 404) {
    context.output.note(`✕ ${refusalOf(answer)}`);
    context.end(1);
    return;
  }
  if (answer.status !== 200) {
    throw new CliError(refusalOf(answer));
  }
  const text = format === 'table' ? await tableOf(answer.text) : answer.text.trimEnd();
  if (options.output === undefined) context.output.result(text);
  else await writeFile(options.output, `${text}\n`);
  context.end(0);
}

async function tableOf(json: string): Promise<string> {
  const { routesSchema } = await import('@concordat/api');
  const { routes } = routesSchema.parse(JSON.parse(json));
  return routes
    .map(({ method, route, guessed }) => `${method} ${route}${guessed ? '  (guessed)' : ''}`)
    .join('\n');
}
