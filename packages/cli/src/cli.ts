import { Command, CommanderError } from 'commander';
import type { CliContext, ExitCode } from './cli-context.ts';
import { canIDeployCommand } from './commands/can-i-deploy-command.ts';
import { demoCommand } from './commands/demo-command.ts';
import { doctorCommand } from './commands/doctor-command.ts';
import { findingsCommand } from './commands/findings-command.ts';
import { hubCommand } from './commands/hub-command.ts';
import { publishCommand } from './commands/publish-command.ts';
import { recordDeploymentCommand, recordReleaseCommand } from './commands/record-commands.ts';
import { verifyCommand } from './commands/verify-command.ts';
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
    await program({ ...context, end }).parseAsync([...args], { from: 'user' });
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

function program(context: CliContext): Command {
  const root = new Command('concordat')
    .description('Contracts, kept: a Pact Broker that also reads traces.')
    .version('0.1.0');
  const commands = [
    hubCommand(context),
    demoCommand(context),
    publishCommand(context),
    verifyCommand(context),
    canIDeployCommand(context),
    recordDeploymentCommand(context),
    recordReleaseCommand(context),
    findingsCommand(context),
    doctorCommand(context),
  ];
  for (const command of [root, ...commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => context.output.result(text.trimEnd()),
      writeErr: (text) => context.output.note(text.trimEnd()),
    });
  }
  for (const command of commands) root.addCommand(command);
  return root;
}
