import { benchTraces } from './traces.ts';

process.stdout.write(`${JSON.stringify({ traces: await benchTraces() }, null, 2)}\n`);
