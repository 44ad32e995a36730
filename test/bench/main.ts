import { benchBroker } from './broker.ts';
import { benchLarge } from './broker-large.ts';
import { benchConformance } from './conformance.ts';
import { benchGuard } from './guard.ts';
import { benchInstrumentation } from './instrumentation.ts';
import { benchLedger } from './ledger.ts';
import { benchMatching } from './matching.ts';
import { benchLargeStore, benchStore } from './store.ts';
import { benchTraces } from './traces.ts';

/** `npm run bench -- broker` runs one section; without a name all run, one after the other. */
const sections = {
  broker: benchBroker,
  'broker-large': benchLarge,
  traces: benchTraces,
  instrumentation: benchInstrumentation,
  guard: benchGuard,
  matching: benchMatching,
  ledger: benchLedger,
  conformance: benchConformance,
  store: benchStore,
  'store-large': benchLargeStore,
};
const wanted = process.argv.slice(2);
const figures: Record<string, object> = {};
for (const [name, bench] of Object.entries(sections)) {
  if (wanted.length === 0 || wanted.includes(name)) figures[name] = await bench();
}
process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
