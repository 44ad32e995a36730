import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ServiceConfig } from '../config.ts';
import type { BuildService } from './service.ts';

export interface RunningService {
  readonly url: string;
  /** Stops accepting, lets requests end, closes the service. */
  readonly stop: () => Promise<void>;
}

/** Builds the service and listens; resolves when it can serve. */
export async function runService(
  build: BuildService,
  config: ServiceConfig,
): Promise<RunningService> {
  const service = await build(config);
  const server = createServer(service.app);
  server.listen(config.port, config.host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${config.host}:${port}`,
    stop: async () => {
      await closeServer(server);
      await service.close();
    },
  };
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  await closed;
}
