import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { openSpanStore } from '@concordat/hub';
import { afterEach, beforeEach, expect, test } from 'vitest';

const hour = 3_600_000_000;
/** Flushes that the retention keeps at least: 2,400 hours at 51 each, less a segment. */
const keptFlushes = 44;
const spansPerTrace = 500;

let directory: string;
let child: ChildProcess | undefined;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'concordat-crash-'));
});
afterEach(async () => {
  child?.kill('SIGKILL');
  await rm(directory, { recursive: true, force: true });
});

/** Runs the child until it has flushed so often, kills it somewhere in the next flush, and tells the last one it told. */
async function flushAndKill(first: number, flushes: number): Promise<number> {
  const program = fileURLToPath(new URL('./span-store-child.ts', import.meta.url));
  const started = spawn(
    process.execPath,
    ['--import', 'tsx', '--conditions=@concordat/source', program, directory, String(first)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  child = started;
  const exited = once(started, 'exit');
  let last = first - 1;
  for await (const line of createInterface({ input: started.stdout })) {
    last = Number(line);
    if (last === first + flushes - 1) started.kill('SIGKILL');
  }
  await exited;
  return last;
}

test('killed again and again while it writes, closes and drops segments, the store opens and has what was flushed', async () => {
  let last = 0;
  for (const flushes of [5, 50, 12]) {
    last = await flushAndKill(last + 1, flushes);
    const options = {
      ...{ maxQueueBytes: 1e6, retentionMicros: 2_400 * hour, retentionBytes: 1e9 },
    };
    const spans = await openSpanStore(directory, options, () => undefined);
    const read = async (number: number) =>
      (await spans.reader.trace(number.toString(16).padStart(32, '0')))?.spans.length;
    const numbers = Array.from({ length: Math.min(last, keptFlushes) }, (_, at) => last - at);
    const lengths: (number | undefined)[] = [];
    for (const number of numbers) lengths.push(await read(number));
    expect(lengths).toEqual(numbers.map(() => spansPerTrace));
    expect(await spans.reader.services()).toEqual(['orders']);
    expect(await spans.reader.operations('orders')).toHaveLength(40);
    const found = await spans.reader.search({
      ...{ service: 'orders', operation: 'call 7', tags: new Map([['number', String(last)]]) },
      ...{ fromMicros: 0, toMicros: 4e15, limit: 20 },
      ...{ minDurationMicros: undefined, maxDurationMicros: undefined },
    });
    expect(found.map(({ spans: own }) => own.length)).toEqual([spansPerTrace]);
    const files = (await readdir(join(directory, 'spans'))).filter((name) => /blocks$/.test(name));
    expect(files).toHaveLength(spans.store.counts().segments);
    await spans.close();
  }
}, 120_000);
