import { Command, CommanderError } from 'commander';
import type { CliContext, ExitCode } from './cli-context.ts';
import { CliError } from './terminal/cli-error.ts';

/** Runs one command line (without the program's own name) and answers its exit code; never ends the process itself. */
export async function runCli(
  args: readonly string[],
  context: Omit<CliContext, 'end'>,
): Promise<ExitCode> {
  let code: ExitCode = 2;
  const end = (given: ExitCode): void => {
    code = given;
  };
  try {
    const commands = await load(args[0], { ...context, end });
    await program(commands, context).parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    return failureCode(error, context);
  }
}

function failureCode(error: unknown, { output, signal }: Omit<CliContext, 'end'>): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (signal.aborted) output.note('Interrupted; everything that was started is stopped.');
  else if (error instanceof CliError) output.note(`✕ ${error.message}`);
  else output.note(`✕ ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return 2;
}

type Load = (context: CliContext) => Promise<Command>;

/** Each loads what it needs only when it is asked for: all together they take longer than a hub needs to start. */
const loaders: Readonly<Record<string, Load>> = {
  hub: async (context) => (await import('./commands/hub-command.ts')).hubCommand(context),
  demo: async (context) => (await import('./commands/demo-command.ts')).demoCommand(context),
  publish: async (context) =>
    (await import('./commands/publish-command.ts')).publishCommand(context),
  verify: async (context) => (await import('./commands/verify-command.ts')).verifyCommand(context),
  'can-i-deploy': async (context) =>
    (await import('./commands/can-i-deploy-command.ts')).canIDeployCommand(context),
  'can-i-remove': async (context) =>
    (await import('./commands/can-i-remove-command.ts')).canIRemoveCommand(context),
  override: async (context) =>
    (await import('./commands/override-command.ts')).overrideCommand(context),
  'record-deployment': async (context) =>
    (await import('./commands/record-commands.ts')).recordDeploymentCommand(context),
  'record-running': async (context) =>
    (await import('./commands/deployments-commands.ts')).recordRunningCommand(context),
  deployments: async (context) =>
    (await import('./commands/deployments-commands.ts')).deploymentsCommand(context),
  alias: async (context) => (await import('./commands/alias-command.ts')).aliasCommand(context),
  'record-release': async (context) =>
    (await import('./commands/record-commands.ts')).recordReleaseCommand(context),
  export: async (context) => (await import('./commands/export-command.ts')).exportCommand(context),
  import: async (context) => (await import('./commands/import-command.ts')).importCommand(context),
  apply: async (context) => (await import('./commands/apply-command.ts')).applyCommand(context),
  tokens: async (context) => (await import('./commands/tokens-command.ts')).tokensCommand(context),
  clean: async (context) => (await import('./commands/clean-command.ts')).cleanCommand(context),
  audit: async (context) => (await import('./commands/audit-command.ts')).auditCommand(context),
  findings: async (context) =>
    (await import('./commands/findings-command.ts')).findingsCommand(context),
  usage: async (context) => (await import('./commands/usage-command.ts')).usageCommand(context),
  routes: async (context) => (await import('./commands/routes-command.ts')).routesCommand(context),
  new: async (context) => (await import('./commands/new-command.ts')).newCommand(context),
  doctor: async (context) => (await import('./commands/doctor-command.ts')).doctorCommand(context),
};

/** The command of that name; all of them when there is none, for the help and for the message about a wrong name. */
async function load(name: string | undefined, context: CliContext): Promise<readonly Command[]> {
  const wanted = Object.entries(loaders).filter(([known]) => known === name);
  const some = wanted.length > 0 ? wanted : Object.entries(loaders);
  return Promise.all(some.map(([, loader]) => loader(context)));
}

function program(commands: readonly Command[], { output }: Omit<CliContext, 'end'>): Command {
  const root = new Command('concordat')
    // A command that has commands of its own sees their names before it looks for its options.
    .enablePositionalOptions()
    .description('Contracts, kept: a Pact Broker that also reads traces.')
    .version('0.1.0');
  for (const command of [root, ...commands, ...commands.flatMap(({ commands: own }) => own)]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => output.result(text.trimEnd()),
      writeErr: (text) => output.note(text.trimEnd()),
    });
  }
  for (const command of commands) root.addCommand(command);
  return root;
}
