import { once } from 'node:events';
import { readConfig, startHub } from '@concordat/hub';

/**
 * A hub for tests that kill it: data in the folder given, variables as JSON, free ports. It is loaded, waits for a line on standard
 * input when it is told to, starts, and prints its URL.
 */
const [dataDir = '', env = '{}', waits] = process.argv.slice(2);
if (waits !== undefined) await once(process.stdin, 'data');
const off = { otlpPort: 'off', otlpGrpcPort: 'off', jaegerPort: 'off', jaegerUdpPort: 'off' };
const flags = { host: '127.0.0.1', port: '0', ...off, dataDir };
const hub = await startHub(readConfig({ flags, env: JSON.parse(env) }));
process.stdout.write(`${hub.url}\n`);
