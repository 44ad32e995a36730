import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../acceptance/start-hub.ts';
import {
  buildOnce,
  type CallOptions,
  concordat,
  concordatInside,
  type Ended,
  processesWith,
  startConcordat,
} from './concordat.ts';
import { createTillProject, type TillProject } from './till-project.ts';

let hub: TestHub;
let project: TillProject;

beforeAll(async () => {
  await buildOnce();
  hub = await startTestHub();
  project = await createTillProject();
  const published = await run(['publish', '--config']);
  expect(published).toMatchObject({ code: 0, stderr: '' });
}, 120_000);

afterAll(async () => {
  await hub.close();
  await project.remove();
});

function options(env: NodeJS.ProcessEnv = {}): CallOptions {
  return { cwd: project.folder, env: { PACT_BROKER_BASE_URL: hub.url, ...env } };
}

function run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return concordatInside(args, options(env));
}

async function resultsOf(consumer: string): Promise<{ success: boolean; testResults: unknown }> {
  const pact = await fetch(`${hub.url}/pacts/provider/till/consumer/${consumer}/latest`);
  const { _links } = (await pact.json()) as { _links: Record<string, { href: string }> };
  const results = await fetch(_links['pb:latest-verification-results']?.href ?? '');
  return (await results.json()) as { success: boolean; testResults: unknown };
}

describe('concordat verify', { timeout: 120_000 }, () => {
  test('starts the provider, verifies HTTP and message pacts and publishes each interaction', async () => {
    const ended = await concordat(['verify'], options());
    expect(ended.stderr).toBe('');
    expect(ended.stdout).toContain('✓ web → till: 2 kept');
    expect(ended.stdout).toContain('✓ audit → till: 1 kept');
    expect(ended.stdout).toMatch(/3 interactions of 2 pacts: all kept/);
    expect(ended.code).toBe(0);
    expect(await resultsOf('web')).toMatchObject({
      success: true,
      providerApplicationVersion: 'v1',
      testResults: [
        {
          interactionDescription: 'the total is read at till 1',
          success: true,
          mismatches: [],
          interactionId: expect.any(String),
        },
        { interactionDescription: 'the total is read at till 2', success: true },
      ],
    });
    expect(await resultsOf('audit')).toMatchObject({ success: true });
  });

  test('a bug of the provider is shown with the mismatch and with what the provider did, everywhere', async () => {
    const files = [
      '--junit',
      'out/junit.xml',
      '--markdown',
      'out/report.md',
      '--html',
      'out/report.html',
    ];
    const ended = await run(['verify', '--provider-version', 'v2', ...files], {
      TILL_BUG: 'total',
    });
    expect(ended.code).toBe(1);
    const texts = [ended.stdout];
    for (const name of ['junit.xml', 'report.md', 'report.html']) {
      texts.push(await readFile(join(project.folder, 'out', name), 'utf8'));
    }
    for (const text of texts) {
      expect(text).toMatch(/body \$\.total: Expected 41/);
      expect(text).toMatch(/└ till server GET/);
      expect(text).toMatch(/ {2}└ till internal count the drawer .*✕ a coin is missing/);
      expect(text).toMatch(/· exception Error: a coin is missing/);
      expect(text).toMatch(new RegExp(`${hub.url}/ui/traces/[0-9a-f]{32}`));
    }
    expect(ended.stdout).toContain('till wrote:');
    expect(texts[1]).toContain('<testsuite name="audit → till" tests="1" failures="1"');
    expect(await resultsOf('web')).toMatchObject({
      success: false,
      testResults: [
        { success: false, mismatches: [{ attribute: 'body', identifier: '$.total' }] },
        { success: false },
      ],
    });
  });

  test('--json answers the whole run, every interaction with a trace id of its own, and nothing else on standard output', async () => {
    const ended = await run(['verify', '--json', '--no-publish']);
    const { providers } = JSON.parse(ended.stdout);
    const interactions = providers[0].pacts.flatMap(
      (pact: { interactions: unknown[] }) => pact.interactions,
    );
    const ids = interactions.map(({ traceId }: { traceId: string }) => traceId);
    expect(new Set(ids).size).toBe(3);
    expect(interactions.map(({ isTraced }: { isTraced: boolean }) => isTraced)).toEqual([
      ...[true, true, true],
    ]);
    expect(providers[0].pacts.map(({ published }: { published: string }) => published)).toEqual([
      'not-asked',
      'not-asked',
    ]);
    expect(ended.stderr).toContain('✓ web → till');
  });

  test('a provider that runs already is verified where it runs, and its version gets branch, tag and build', async () => {
    const command = await run([
      'verify',
      '--provider-base-url',
      'http://127.0.0.1:9',
      '--no-publish',
    ]);
    expect(command.stdout).toContain('✕ web → till: 2 of 2 broken');
    expect(command.code).toBe(1);
    const where = ['--branch', 'feat/x', '--tag', 'dev', '--build-url', 'https://ci.example/1'];
    const named = await run([
      'verify',
      '--provider-version',
      'v3',
      '--wip',
      '2020-01-01',
      ...where,
    ]);
    expect(named.code).toBe(0);
    const version = await fetch(`${hub.url}/pacticipants/till/branches/feat%2Fx/versions/v3`);
    expect(version.status).toBe(200);
    const tag = await fetch(`${hub.url}/pacticipants/till/versions/v3/tags/dev`);
    expect(tag.status).toBe(200);
  });

  test('a provider that nobody has a pact with has nothing to verify', async () => {
    const selector = JSON.stringify({ branch: 'nobody-works-here' });
    const ended = await run(['verify', '--selector', selector]);
    expect(ended.stdout).toContain('○ till: the hub has no pacts to verify.');
    expect(ended.stdout).toContain("web has no version on a branch 'nobody-works-here'.");
    expect(ended.code).toBe(0);
  });

  test('--explain says what would be verified and why, and verifies nothing', async () => {
    const ended = await run(['verify', '--explain', '--selector', '{"latest":true}']);
    expect(ended.stdout).toMatch(/^till: 2 pacts to verify\n {2}audit a1\n {2}web w1\n/);
    expect(ended.stdout).toContain('✓ web: latest version of a consumer that has a pact with till');
    expect(ended.stdout).toContain('Work in progress was not asked for');
    expect(ended.code).toBe(0);
    const json = await run(['verify', '--explain', '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ providers: [{ provider: 'till' }] });
  });

  test('--explain needs a hub that knows the provider', async () => {
    const fresh = await startTestHub();
    try {
      const env = { PACT_BROKER_BASE_URL: fresh.url };
      const ended = await run(['verify', '--explain'], env);
      expect(ended.stderr).toContain('does not explain what it picks for till');
      expect(ended.code).toBe(2);
    } finally {
      await fresh.close();
    }
  });

  test('a result that the hub refuses is told, and the run ends with 2', async () => {
    const ended = await run(['verify', '--build-url', 'nowhere', '--provider-version', 'v4']);
    expect(ended.stdout).toMatch(/refused: the hub answered 4\d\d/);
    expect(ended.code).toBe(2);
  });

  test('pending pacts that were never kept do not fail the run', async () => {
    const fresh = await startTestHub();
    try {
      const env = { PACT_BROKER_BASE_URL: fresh.url, TILL_BUG: 'total' };
      await run(['publish', '--config'], env);
      const pending = await run(['verify', '--pending'], env);
      expect(pending.stdout).toContain('▲ broken, pending');
      expect(pending.code).toBe(0);
      expect((await run(['verify'], env)).code).toBe(1);
    } finally {
      await fresh.close();
    }
  });

  test('an interaction that never answers fails in time with a message', async () => {
    const ended = await run(['verify', '--timeout', '1', '--no-publish'], { TILL_BUG: 'hang' });
    expect(ended.code).toBe(1);
    expect(ended.stdout).toContain('✕ web → till: 2 of 2 broken');
    expect(ended.stdout).toContain('asked for /tills/1/total');
  });

  test.each([
    {
      caption: 'a provider that cannot start',
      args: ['verify'],
      env: { TILL_BUG: 'start' },
      words: /till ended with exit code 3\. Its last lines:\s+the till has no drawer/,
    },
    {
      caption: 'a hub that is not there',
      args: ['verify'],
      env: { PACT_BROKER_BASE_URL: 'http://127.0.0.1:9' },
      words: /cannot be reached/,
    },
    {
      caption: 'no hub named',
      args: ['verify'],
      env: { PACT_BROKER_BASE_URL: '' },
      words: /No hub is named/,
    },
    {
      caption: 'a config that is missing',
      args: ['verify', '--config', 'x.ts'],
      env: {},
      words: /x\.ts does not exist/,
    },
    {
      caption: 'a provider that the config does not have',
      args: ['verify', '--provider', 'x'],
      env: {},
      words: /no provider x .* it has till/,
    },
    {
      caption: 'a selector that is no JSON',
      args: ['verify', '--selector', 'main'],
      env: {},
      words: /--selector 'main' is no JSON object/,
    },
    {
      caption: 'a selector that the hub refuses',
      args: ['verify', '--selector', '{}'],
      env: {},
      words: /the hub answered 400/,
    },
    {
      caption: 'an address that is none',
      args: ['verify', '--provider-base-url', 'x'],
      env: {},
      words: /'x' is no http/,
    },
    {
      caption: 'an unknown option',
      args: ['verify', '--fast'],
      env: {},
      words: /unknown option '--fast'/,
    },
    {
      caption: 'a timeout that is no number',
      args: ['verify', '--timeout', 'x'],
      env: {},
      words: /Give a whole number/,
    },
  ])('$caption ends with 2 and says so', async ({ args, env, words }) => {
    const ended = await run(args, env);
    expect(`${ended.stdout}${ended.stderr}`).toMatch(words);
    expect(ended.code).toBe(2);
  });

  test('Ctrl-C in the middle leaves no process behind', async () => {
    const mark = `CONCORDAT_JOURNEY=${process.pid}-verify`;
    const [name = '', value] = mark.split('=');
    const command = startConcordat(
      ['verify', '--timeout', '60'],
      options({ TILL_BUG: 'hang', [name]: value }),
    );
    await expect.poll(() => processesWith(mark), { timeout: 20_000 }).toHaveLength(3);
    command.signal('SIGINT');
    expect(await command.ended).toMatchObject({ code: 2 });
    expect(await processesWith(mark)).toEqual([]);
  });
});
