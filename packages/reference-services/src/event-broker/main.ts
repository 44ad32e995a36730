import { readServiceConfig } from '../config.ts';
import { startEventBroker } from './event-broker.ts';

const broker = await startEventBroker(readServiceConfig());
process.stdout.write(`event-broker ready at ${broker.url} (demo and tests, memory only)\n`);

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => void broker.stop());
}
