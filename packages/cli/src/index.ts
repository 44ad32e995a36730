export { runCli } from './cli.ts';
export type { CliContext, ExitCode } from './cli-context.ts';
export type {
  ConcordatConfig,
  ExpectedFinding,
  ProcessDefinition,
  ServiceDefinition,
  SupportDefinition,
} from './config/concordat-config.ts';
export { readCliEnvironment } from './config.ts';
