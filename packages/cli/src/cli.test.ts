import { expect, test } from 'vitest';
import { runCli } from './cli.ts';
import { readCliEnvironment } from './config.ts';

async function run(
  args: readonly string[],
  {
    result = () => undefined,
    signal = new AbortController().signal,
  }: { readonly result?: (text: string) => void; readonly signal?: AbortSignal } = {},
): Promise<{ readonly code: number; readonly notes: string }> {
  const notes: string[] = [];
  const output = { result, note: (text: string) => void notes.push(text) };
  const environment = readCliEnvironment({ PACT_BROKER_BASE_URL: '' });
  const code = await runCli(args, { environment, output, cwd: process.cwd(), signal });
  return { code, notes: notes.join('\n') };
}

test('a mistake of ours shows where it happened', async () => {
  const result = (): never => {
    throw new Error('the terminal is gone');
  };
  const ended = await run(['doctor', '--config', 'missing.ts'], { result });
  expect(ended.code).toBe(2);
  expect(ended.notes).toMatch(/✕ Error: the terminal is gone\n\s+at /);
});

test('after Ctrl-C a failure is called an interruption', async () => {
  const ended = await run(['findings'], { signal: AbortSignal.abort() });
  expect(ended).toEqual({
    code: 2,
    notes: 'Interrupted; everything that was started is stopped.',
  });
});

test('doctor answers JSON and fails when something needs doing', async () => {
  const texts: string[] = [];
  const ended = await run(['doctor', '--config', 'missing.ts', '--json'], {
    result: (text) => texts.push(text),
  });
  const { checks } = JSON.parse(texts.join(''));
  expect(checks.at(-1)).toMatchObject({ name: 'contracts config', state: 'failed' });
  expect(checks).toContainEqual(expect.objectContaining({ name: 'hub', state: 'skipped' }));
  expect(ended.code).toBe(1);
});

test('a hub database that cannot be opened is told', async () => {
  const free = ['--host', '127.0.0.1', '--port', '0'];
  const url = 'postgres://nobody@127.0.0.1:9/none';
  const ended = await run(['hub', ...free, '--database-url', url]);
  expect(ended.code).toBe(2);
  expect(ended.notes).toContain('The hub cannot start: ');
});
