import { once } from 'node:events';
import { readConfig, startHub } from '@concordat/hub';

/**
 * A hub for tests that kill it: data in the folder given, variables as JSON; of the ports only the main one is open when they say
 * nothing else. It is loaded, waits for a line on standard input when it is told to, starts, and prints its URL and its ports.
 */
const [dataDir = '', env = '{}', waits] = process.argv.slice(2);
if (waits !== undefined) await once(process.stdin, 'data');
const flags = { host: '127.0.0.1', port: '0', dataDir };
const off = {
  CONCORDAT_OTLP_PORT: 'off',
  CONCORDAT_OTLP_GRPC_PORT: 'off',
  CONCORDAT_JAEGER_PORT: 'off',
  CONCORDAT_JAEGER_UDP_PORT: 'off',
};
const hub = await startHub(readConfig({ flags, env: { ...off, ...JSON.parse(env) } }));
process.stdout.write(`${hub.url}\n${JSON.stringify(hub.ports)}\n`);
