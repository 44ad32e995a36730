import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from './find-program.ts';
import { answers, freePort, OwnProcess } from './own-process.ts';
import type { StartedService, TestService } from './test-service.ts';

/** Debian's wrapper in /usr/sbin changes the user; this one runs as whoever starts it. */
const FOLDERS = ['/usr/lib/rabbitmq/bin'];
const AMQP_GREETING = 'AMQP\u0000\u0000\u0009\u0001';

export const rabbitmq: TestService = {
  name: 'RabbitMQ',
  variable: 'CONCORDAT_TEST_AMQP_URL',
  debianPackage: 'rabbitmq-server',
  isInstalled: () => server() !== undefined,
  start,
};

function server(): string | undefined {
  return findProgram('rabbitmq-server', FOLDERS)?.replace(/^\/usr\/sbin/, '/usr/lib/rabbitmq/bin');
}

async function start(): Promise<StartedService> {
  const folder = await mkdtemp(join(tmpdir(), 'concordat-rabbitmq-'));
  const [port, distribution, epmd] = await Promise.all([freePort(), freePort(), freePort()]);
  await writeFile(join(folder, 'enabled_plugins'), '[].');
  await writeFile(join(folder, 'rabbitmq.conf'), 'loopback_users.guest = true\n');
  const env = {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    HOME: folder,
    ERL_EPMD_PORT: String(epmd),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: `concordat${port}@localhost`,
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(distribution),
    RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
    RABBITMQ_PID_FILE: join(folder, 'pid'),
  };
  const broker = new OwnProcess({ command: server() ?? 'rabbitmq-server', args: [], env });
  const stop = async (): Promise<void> => {
    await broker.stop();
    await new OwnProcess({ command: 'epmd', args: ['-kill'], env }).ended();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await broker.ready(() => answers(port, { greeting: AMQP_GREETING }));
  } catch (error) {
    await stop();
    throw error;
  }
  return { value: `amqp://127.0.0.1:${port}`, stop };
}
