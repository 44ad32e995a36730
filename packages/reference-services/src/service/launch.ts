import { startTracing } from '@concordat/instrumentation';
import { readServiceConfig } from '../config.ts';
import { identities, type ServiceName } from '../identities.ts';
import type { BuildService } from './service.ts';

/**
 * Runs a service as this process until SIGTERM or SIGINT: tracing first, then its code (by dynamic imports, so that what
 * they load is patched), at the end its last spans.
 */
export async function launch(name: ServiceName, load: () => Promise<BuildService>): Promise<void> {
  const config = readServiceConfig();
  const identity = identities[name];
  const tracing = startTracing({
    service: identity.name,
    version: identity.version,
    environment: config.environment,
    ignorePaths: ['/_pact/'],
  });
  const [build, { runService }] = await Promise.all([load(), import('./run-service.ts')]);
  const running = await runService(build, config);
  process.stdout.write(`${identity.name} ${identity.version} ready at ${running.url}\n`);

  const end = async () => {
    await running.stop();
    await tracing.shutdown();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void end());
}
