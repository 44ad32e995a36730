import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask } from '../acceptance/publishing.ts';
import { startTestHub, type TestHub } from '../acceptance/start-hub.ts';
import { decidingAnswers, fillHub } from '../acceptance/transfer-scene.ts';
import { concordatInside, type Ended } from './concordat.ts';

let source: TestHub;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'concordat-transfer-'));
  source = await startTestHub();
  await fillHub(source);
});

afterAll(async () => {
  await source.close();
  await rm(folder, { recursive: true, force: true });
});

function run(hub: { readonly url: string }, ...args: string[]): Promise<Ended> {
  return concordatInside(args, { cwd: folder, env: { PACT_BROKER_BASE_URL: hub.url } });
}

async function withHub(work: (hub: TestHub) => Promise<void>): Promise<void> {
  const hub = await startTestHub();
  try {
    await work(hub);
  } finally {
    await hub.close();
  }
}

describe('concordat export and import', () => {
  test('carry everything to another hub, and a second import changes nothing', async () => {
    const exported = await run(source, 'export', 'all.jsonl.gz', '--with-secrets');
    expect(exported.stderr).toBe('');
    expect(exported.stdout).toMatch(/^✓ \d+ records are in all\.jsonl\.gz\.\n$/);
    await withHub(async (target) => {
      const first = await run(target, 'import', 'all.jsonl.gz');
      expect(first.stdout).toMatch(/^✓ \d+ records are imported\.\n/);
      expect(first.stdout).toMatch(/\nverification +4 +0 +0 +0\n/);
      expect(first.code).toBe(0);
      expect(await decidingAnswers(target)).toEqual(await decidingAnswers(source));
      const second = await run(target, 'import', 'all.jsonl.gz', '--json');
      expect(JSON.parse(second.stdout).tallies.verification).toEqual({
        created: 0,
        updated: 0,
        unchanged: 4,
        skipped: 0,
      });
    });
  });

  test('leave secrets out unless asked for, and name what has to be entered again', async () => {
    await run(source, 'export', 'open.jsonl');
    const text = await readFile(join(folder, 'open.jsonl'), 'utf8');
    expect(text).toContain('"headers":{"x-kind":"pact"}');
    expect(text).not.toMatch(/s3cret|hidden/);
    await withHub(async (target) => {
      const imported = await run(target, 'import', 'open.jsonl');
      expect(imported.stdout).toContain('Enter again');
      expect(imported.stdout).toContain(
        '  tell the build (aaaabbbbccccdddd1111): password, headers.authorization',
      );
    });
  });

  test('say what differs, and take the side they are told to', async () => {
    await run(source, 'export', 'differs.jsonl', '--json');
    await withHub(async (target) => {
      await ask(target, 'POST /pacticipants', { json: { name: 'web', mainBranch: 'trunk' } });
      const branch = async () => (await ask(target, 'GET /pacticipants/web')).body.mainBranch;
      const failed = await run(target, 'import', 'differs.jsonl');
      expect(failed.stderr).toContain('One record differs from what the hub has');
      expect(failed.stderr).toMatch(/line 2: pacticipant 'web' has another main branch/);
      expect(failed.code).toBe(2);
      expect((await ask(target, 'GET /pacticipants/shop')).status).toBe(404);
      await run(target, 'import', 'differs.jsonl', '--on-conflict', 'skip');
      expect(await branch()).toBe('trunk');
      expect((await ask(target, 'GET /pacticipants/shop')).status).toBe(200);
      await run(target, 'import', 'differs.jsonl', '--on-conflict', 'overwrite');
      expect(await branch()).toBe('main');
    });
  });

  test('refuse a file that was cut or is none', async () => {
    await run(source, 'export', 'whole.jsonl');
    const text = await readFile(join(folder, 'whole.jsonl'), 'utf8');
    await writeFile(join(folder, 'cut.jsonl'), text.slice(0, text.length / 2));
    const cut = await run(source, 'import', 'cut.jsonl');
    expect(cut.stderr).toMatch(/Line \d+ is no JSON: .*; nothing was imported\./);
    expect(cut.code).toBe(2);
    const none = await run(source, 'import', 'missing.jsonl');
    expect(none.stderr).toContain('missing.jsonl cannot be read.');
    expect((await run(source, 'import')).stderr).toContain('Say what to import');
  });

  test.each([
    ['nothing of an export', 200, 'hello', /no export; is this address a Concordat hub/],
    ['an error', 500, '{"error":"broken"}', /the hub answered 500: broken/],
    ['less than was announced', 200, 'CUT', /\d+ records were announced, 0 came/],
  ])('an export of a server that answers %s leaves no file', async (...[, status, text, words]) => {
    const header = await (await fetch(`${source.url}/transfer/export`)).text();
    const body = text === 'CUT' ? `${header.split('\n', 1)[0]}\n` : text;
    const server = await answering(status, body);
    const ended = await run(server, 'export', 'never.jsonl');
    server.close();
    expect(ended.stderr).toMatch(words);
    expect(ended.code).toBe(2);
    expect((await readdir(folder)).filter((name) => name.startsWith('never'))).toEqual([]);
  });
});

describe('concordat tokens', () => {
  test('makes a token, shows its secret once, lists and revokes it', async () => {
    const env = { CONCORDAT_TOKENS: 'admin=rules' };
    const hub = await startTestHub({ env });
    const as = (token: string, ...args: string[]) =>
      concordatInside(args, {
        env: { PACT_BROKER_BASE_URL: hub.url, PACT_BROKER_TOKEN: token },
      });
    const none = await as('rules', 'tokens', 'list');
    expect(none.stdout).toContain('No tokens were made');
    const options = ['--role', 'read', '--expires-in-days', '30'];
    const made = await as('rules', 'tokens', 'create', 'for the wall', ...options);
    const secret = made.stdout.trim();
    expect(made.stderr).toContain("the token 'for the wall'; it is not shown again");
    expect((await as(secret, 'findings')).code).toBe(0);
    const list = await as('rules', 'tokens', 'list');
    expect(list.stdout).toMatch(/for the wall +read +/);
    expect(list.stdout).not.toContain(secret);
    const again = await as('rules', 'tokens', 'create', 'for the wall', ...options);
    expect(again.stderr).toContain("described as 'for the wall' exists");
    expect((await as('rules', 'tokens', 'revoke', 'for the wall')).code).toBe(0);
    expect((await as(secret, 'findings')).stderr).toContain('refuses the credentials');
    const gone = await as('rules', 'tokens', 'revoke', 'for the wall');
    expect(gone.stderr).toContain("No token is described as 'for the wall'.");
    await hub.close();
  });
});

async function answering(status: number, body: string): Promise<Server & { readonly url: string }> {
  const server = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/x-ndjson' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(server, { url: `http://127.0.0.1:${port}` });
}
