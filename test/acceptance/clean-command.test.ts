import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCliEnvironment, runCli } from '@concordat/cli';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aPublication, ask } from './publishing.ts';
import { startTestHub, type TestHub } from './start-hub.ts';

let hub: TestHub;
let cwd: string;

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'concordat-cli-'));
  await writeFile(join(cwd, 'policy.yaml'), 'minimumAge: 0\nkeepVersionSelectors: []\n');
  await writeFile(join(cwd, 'list.yaml'), '- 1\n');
  hub = await startTestHub();
  for (const [version, branch] of [
    ['1', 'main'],
    ['2', 'feat/x'],
    ['3', 'main'],
  ]) {
    const json = aPublication({ pacticipantVersionNumber: version, branch });
    expect((await ask(hub, 'POST /contracts/publish', { json })).status).toBe(200);
  }
});
afterAll(async () => {
  await hub.close();
  await rm(cwd, { recursive: true, force: true });
});

async function concordat(
  ...args: string[]
): Promise<{ code: number; said: string; notes: string }> {
  const said: string[] = [];
  const notes: string[] = [];
  const output = {
    result: (text: string) => void said.push(text),
    note: (text: string) => void notes.push(text),
  };
  const environment = readCliEnvironment({ PACT_BROKER_BASE_URL: hub.url });
  const { signal } = new AbortController();
  const code = await runCli(args, { environment, output, cwd, signal });
  return { code, said: said.join('\n'), notes: notes.join('\n') };
}

test('a dry run lists what would go and why, and removes nothing', async () => {
  const { code, said } = await concordat(
    'clean',
    '--dry-run',
    '--explain',
    '--policy',
    'policy.yaml',
  );
  expect(code).toBe(0);
  expect(said).toContain('Would remove 1 versions (1 superseded), 0 branches');
  expect(said).toMatch(/remove +web +1 +superseded/);
  expect(said).toMatch(/keep +web +2 +branch-head feat\/x/);
  expect(said).toContain('Stay: 1 latest-version, 1 branch-head.');
});

test('a selector and a limit on the command line win over the file', async () => {
  const keep = ['--keep', '{"branch": "main"}', '--limit', '5', '--minimum-age', '0'];
  const { code, said } = await concordat(
    'clean',
    '--dry-run',
    '--policy',
    'policy.yaml',
    ...keep,
    '--json',
  );
  expect(code).toBe(0);
  expect(JSON.parse(said)).toMatchObject({
    planned: { versions: 0 },
    policy: { keepVersionSelectors: [{ branch: 'main' }], deletionLimit: 5, minimumAge: 0 },
  });
});

test('a branch goes with its orphans', async () => {
  const whose = ['--pacticipant', 'web', '--branch', 'feat/x', '--minimum-age', '0'];
  const { code, said } = await concordat('clean', ...whose, '--json');
  expect(code).toBe(0);
  expect(JSON.parse(said)).toMatchObject({
    status: 'done',
    removed: { versions: 1, branches: 1 },
  });
});

test('a clean-up tells what is gone and why', async () => {
  const { code, said } = await concordat('clean', '--policy', 'policy.yaml');
  expect(code).toBe(0);
  expect(said).toContain(
    '✓ 1 versions, 0 branches, 1 publications, 0 contents and 0 results are gone (1 superseded).',
  );
  const { body } = await ask(hub, 'GET /pacticipants/web/versions');
  expect(body._embedded.versions.map(({ number }: { number: string }) => number)).toEqual(['3']);
});

test.each([
  ['a policy that is no file', ['--policy', 'none.yaml'], 'The policy none.yaml cannot be read'],
  ['a policy that is a list', ['--policy', 'list.yaml'], 'holds no policy'],
  [
    'a selector the hub does not know',
    ['--keep', '{"a":1}'],
    'keepVersionSelectors[0].a is not known',
  ],
  ['a selector that is no JSON', ['--keep', '{'], 'Give a selector as JSON'],
  ['a branch of nobody', ['--branch', 'x'], '--branch needs --pacticipant'],
  ['a pacticipant without a branch', ['-a', 'web'], 'name the branch too'],
  ['a branch that is not there', ['-a', 'web', '--branch', 'y'], "There is no branch 'y' of 'web'"],
])('%s is told', async (...[, args, message]) => {
  const { code, notes } = await concordat('clean', ...args);
  expect(code).toBe(2);
  expect(notes).toContain(message);
});

test('the audit log is listed, and asked by span, action and pacticipant', async () => {
  const all = await concordat('audit', '--json');
  expect(all.code).toBe(0);
  const actions = JSON.parse(all.said).entries.map(({ action }: { action: string }) => action);
  expect(actions).toEqual(['clean.run', 'clean.run', ...Array(3).fill('contracts.publish')]);
  const { said } = await concordat('audit', '--since', '1h', '-a', 'shop', '--limit', '1');
  expect(said).toMatch(
    /anonymous \(127\.0\.0\.1\) +contracts\.publish +web, shop +version 3, branch main/,
  );
  const none = await concordat('audit', '--until', '2020-01-01', '--action', 'clean');
  expect(none.said).toBe('Nobody has changed anything that fits.');
  expect((await concordat('audit', '--since', 'yesterday')).code).toBe(2);
});
