import { readConfig, startHub } from '@concordat/hub';

/** A hub for tests that kill it: data in the folder given, variables as JSON, free ports, its URL printed when it is ready. */
const [dataDir = '', env = '{}'] = process.argv.slice(2);
const flags = { host: '127.0.0.1', port: '0', otlpPort: 'off', jaegerPort: 'off', dataDir };
const hub = await startHub(readConfig({ flags, env: JSON.parse(env) }));
process.stdout.write(`${hub.url}\n`);
