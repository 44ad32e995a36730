import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestHub, type TestHub, withEnvironments } from '../acceptance/start-hub.ts';
import { concordatInside, type Ended } from './concordat.ts';
import { createTillProject, type TillProject } from './till-project.ts';

let hub: TestHub;
let project: TillProject;

beforeAll(async () => {
  hub = await startTestHub({ env: withEnvironments });
  project = await createTillProject();
});

afterAll(async () => {
  await hub.close();
  await project.remove();
});

function run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const own = { PACT_BROKER_BASE_URL: hub.url, ...env };
  return concordatInside(args, { cwd: project.folder, env: own });
}

async function isPublished(path: string): Promise<boolean> {
  return (await fetch(`${hub.url}${path}`)).status === 200;
}

const asyncapi = `asyncapi: 3.0.0
info: { title: till, version: '1' }
channels:
  counted:
    address: till.counted
    messages:
      counted: { payload: { type: object } }
operations:
  sendCounted:
    action: send
    channel: { $ref: '#/channels/counted' }
`;

describe('concordat publish', { timeout: 120_000 }, () => {
  test('publishes pacts by glob with branch and tags, and a second time without complaint', async () => {
    const args = [
      'publish',
      'contracts/pacts/*.json',
      '-a',
      'w1',
      '--branch',
      'main',
      '--tag',
      'dev',
    ];
    for (const _ of [1, 2]) {
      const { code, stdout } = await run(args);
      expect(stdout).toMatch(/Pact successfully (re)?published for web version w1/);
      expect(code).toBe(0);
    }
    expect(await isPublished('/pacts/provider/till/consumer/web/version/w1')).toBe(true);
    expect(await isPublished('/pacticipants/web/branches/main')).toBe(true);
    expect(await isPublished('/pacticipants/web/versions/w1/tags/dev')).toBe(true);
  });

  test('publishes a document of a provider byte for byte', async () => {
    await project.write('till.yaml', asyncapi);
    const ended = await run([
      'publish',
      '--provider',
      'till',
      '-a',
      'v1',
      '--provider-contract',
      'till.yaml',
      '--json',
    ]);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(ended.stdout)).toEqual({
      published: ['asyncapi document of till published.'],
    });
    const kept = await fetch(
      `${hub.url}/contracts/provider/till/version/v1?specification=asyncapi`,
    );
    expect(await kept.text()).toBe(asyncapi);
  });

  test('a broken AsyncAPI document is refused by the official parser with every place, and nothing is published', async () => {
    await project.write(
      'broken.yaml',
      asyncapi.replace('action: send', 'action: shout').replace('title: till, ', ''),
    );
    const args = [
      'publish',
      'contracts/pacts',
      '--provider',
      'till',
      '-a',
      'v2',
      '--provider-contract',
      'broken.yaml',
    ];
    const ended = await run(args);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/broken\.yaml:\d+:\d+ .*action/);
    expect(ended.stderr).toMatch(/broken\.yaml:\d+:\d+ .*title/);
    expect(await isPublished('/contracts/provider/till/version/v2')).toBe(false);
    expect(await isPublished('/pacts/provider/till/consumer/web/version/v2')).toBe(false);
    const unlinted = await run([...args.filter((arg) => arg !== 'contracts/pacts'), '--no-lint']);
    expect(unlinted.code).toBe(2);
    expect(unlinted.stderr).toMatch(/broken\.yaml: the hub answered 4\d\d: /);
  });

  test.each([
    {
      caption: 'a pact that is no JSON',
      name: 'a.json',
      text: '{',
      args: ['a.json', '-a', '1'],
      words: /a\.json: is no JSON/,
    },
    {
      caption: 'JSON that is no pact',
      name: 'b.json',
      text: '[]',
      args: ['b.json', '-a', '1'],
      words: /b\.json: is no pact/,
    },
    {
      caption: 'files that are not there',
      name: 'c.json',
      text: '{}',
      args: ['none/*.json', '-a', '1'],
      words: /names no file/,
    },
    { caption: 'no version', name: 'c.json', text: '{}', args: ['c.json'], words: /--app-version/ },
    {
      caption: 'a document of nobody',
      name: 'c.json',
      text: '{}',
      args: ['-a', '1', '--provider-contract', 'c.json'],
      words: /--provider NAME/,
    },
    {
      caption: 'a document of no known kind',
      name: 'c.json',
      text: '{}',
      args: ['-a', '1', '--provider', 'till', '--provider-contract', 'c.json'],
      words: /is no provider contract/,
    },
    { caption: 'nothing', name: 'c.json', text: '{}', args: [], words: /Nothing to publish/ },
  ])('$caption ends with 2 and says so', async ({ name, text, args, words }) => {
    await project.write(name, text);
    const ended = await run(['publish', ...args]);
    expect(ended.stderr).toMatch(words);
    expect(ended.code).toBe(2);
  });
});

describe('after publishing', { timeout: 120_000 }, () => {
  test('can-i-deploy cannot tell, says no and says yes, as verifications and deployments are recorded', async () => {
    await run(['publish', '--config']);
    const ask = ['can-i-deploy', '-a', 'web', '-e', 'w1', '--to-environment', 'production'];
    const unknown = await run([...ask, '--retry-while-unknown', '1', '--retry-interval', '0']);
    expect(unknown.stdout).toMatch(/^\? cannot tell yet\n {2}There is no verified pact/);
    expect(unknown.stdout).toContain('till has never published a verification result.');
    expect(unknown.stdout).toContain('turn of till (provider)');
    expect(unknown.code).toBe(2);

    await run(['verify', '--provider-version', 'v0'], { TILL_BUG: 'total' });
    await run(['record-deployment', '-a', 'till', '-e', 'v0', '--environment', 'production']);
    const no = await run(ask);
    expect(no.stdout).toMatch(/^✕ no\n {2}The verification .* failed\n {6}\d+ of \d+ interactions/);
    expect(no.stdout).toMatch(/✕ .+\n {10}body \$\.\w+: /);
    expect(no.code).toBe(1);

    await run(['verify']);
    const record = ['-a', 'till', '-e', 'v1', '--environment', 'production'];
    expect(await run(['record-deployment', ...record])).toMatchObject({ code: 0 });
    const yes = await run([...ask, '--json']);
    expect(JSON.parse(yes.stdout)).toMatchObject({ deployable: true });
    expect(yes.code).toBe(0);
    const ignoring = await run([...ask, '--ignore', 'till']);
    expect(ignoring.stdout).toMatch(/^✓ yes\n/);
    const byTag = await run(['can-i-deploy', '-a', 'web', '-e', 'w1', '--to', 'nobody-there']);
    expect(byTag.code).not.toBe(0);
    const released = await run(['record-release', ...record, '--json']);
    expect(JSON.parse(released.stdout)).toMatchObject({ recorded: true, pacticipant: 'till' });
  });

  test.each([
    {
      caption: 'no place to go',
      args: ['can-i-deploy', '-a', 'web', '-e', 'w1'],
      words: /--to-environment NAME/,
    },
    {
      caption: 'an environment nobody knows',
      args: ['can-i-deploy', '-a', 'web', '-e', 'w1', '--to-environment', 'mars'],
      words: /mars/,
    },
    {
      caption: 'a version nobody knows',
      args: ['record-deployment', '-a', 'web', '-e', 'x', '--environment', 'production'],
      words: /web x is not known/,
    },
    {
      caption: 'a deployment to nowhere',
      args: ['record-deployment', '-a', 'web', '-e', 'w1', '--environment', 'mars'],
      words: /'mars' does not exist/,
    },
    {
      caption: 'a finding of no kind',
      args: ['findings', '--fail-on', 'noise'],
      words: /no finding of kind noise/,
    },
    { caption: 'a command of no name', args: ['conquer'], words: /unknown command 'conquer'/ },
  ])('$caption ends with 2 and says so', async ({ args, words }) => {
    const ended = await run(args);
    expect(ended.stderr).toMatch(words);
    expect(ended.code).toBe(2);
  });

  test('everything that names a publication is published', async () => {
    const args = ['publish', 'contracts/pacts/web-till.json', '-a', 'w2', '--merge'];
    const published = await run([...args, '--build-url', 'https://ci.example/7']);
    expect(published).toMatchObject({ code: 0, stderr: '' });
    const version = await fetch(`${hub.url}/pacticipants/web/versions/w2`);
    expect(await version.json()).toMatchObject({ buildUrl: 'https://ci.example/7' });
    const blank = await run([...args.slice(0, 2), '-a', ' ']);
    expect(blank.stderr).toMatch(
      /The pacts of web {2}: the hub answered 400: pacticipantVersionNumber: /,
    );
    expect(blank.code).toBe(2);
  });

  test('findings are asked for by what they are about', async () => {
    const about = ['--kind', 'not-seen', '--consumer', 'web', '--provider', 'till'];
    const when = ['--environment', 'production', '--since', '2026-01-01T00:00:00Z'];
    const ended = await run(['findings', ...about, ...when, '--json']);
    expect(JSON.parse(ended.stdout)).toEqual({ findings: [] });
    expect(ended.code).toBe(0);
  });

  test('findings are listed, none is no failure, and doctor says what is well', async () => {
    const none = await run(['findings', '--fail-on', 'all']);
    expect(none).toMatchObject({ code: 0 });
    expect(none.stdout).toContain('No findings');
    const doctor = await run(['doctor']);
    expect(doctor.stdout).toMatch(/✓ Node: v/);
    expect(doctor.stdout).toMatch(/✓ hub: .* answers/);
    expect(doctor.stdout).toMatch(/✓ clock: .* apart/);
    expect(doctor.stdout).toMatch(/✓ OTLP: .* accepts spans/);
    expect(doctor.stdout).toMatch(/✓ contracts config: 3 services/);
    expect(doctor.code).toBe(0);
  });
});
