import { once } from 'node:events';
import type { HubFlags, RunningHub } from '@concordat/hub';
import { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { CliError } from '../terminal/cli-error.ts';

type Options = HubFlags & { readonly json?: boolean };

/** `concordat hub`: runs the server until SIGTERM or SIGINT. */
export function hubCommand(context: CliContext): Command {
  return new Command('hub')
    .description('run the hub: Pact Broker, traces and insights in one process')
    .option('--port <port>', 'main HTTP port, 0 for a free one')
    .option('--host <address>', 'address to listen on')
    .option('--data-dir <folder>', 'where contracts and spans are kept')
    .option('--database-url <url>', 'PostgreSQL for contracts and insights')
    .option('--otlp-port <port>', 'OTLP over HTTP; off switches it off')
    .option('--otlp-grpc-port <port>', 'OTLP over gRPC; off switches it off')
    .option('--jaeger-port <port>', 'Jaeger Thrift over HTTP; off switches it off')
    .option('--jaeger-udp-port <port>', 'Jaeger Thrift over UDP; off switches it off')
    .option('--jaeger-url <url>', 'a Jaeger that gets every span too')
    .option('--jaeger-query-url <url>', 'its query API, to read traces there instead of here')
    .option('--retention <time>', 'how long spans are kept, such as 72h or 7d')
    .option('--json', 'say the addresses as JSON instead of the ready line')
    .action((options: Options) => runHub(options, context));
}

async function runHub(options: Options, context: CliContext): Promise<void> {
  const hub = await start(options, context);
  context.output.result(
    options.json === true ? addressesOf(hub) : `concordat hub ready at ${hub.url}`,
  );
  if (!context.signal.aborted) await once(context.signal, 'abort');
  await hub.close();
  context.end(0);
}

/** Those that are off are null. */
function addressesOf({ url, otlpUrl, otlpGrpcUrl, jaegerUrl, jaegerUdpUrl }: RunningHub): string {
  const others = { otlpUrl, otlpGrpcUrl, jaegerUrl, jaegerUdpUrl };
  return JSON.stringify({ url, ...others }, (_, value) => value ?? null);
}

async function start(options: Options, context: CliContext): Promise<RunningHub> {
  // Loaded when needed only: databases and decoders take time that no other command should pay.
  const { ConfigError, readConfig, startHub } = await import('@concordat/hub');
  const { json: _, ...flags } = options;
  try {
    return await startHub(readConfig({ flags, env: context.environment.variables }));
  } catch (cause) {
    if (cause instanceof ConfigError) throw new CliError(cause.message, { cause });
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CliError(`The hub cannot start: ${reason}`, { cause });
  }
}
