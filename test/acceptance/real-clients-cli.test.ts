import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startProxy } from './hub-proxy.ts';
import { CliScene } from './pact-cli/cli-scene.ts';
import { type CliResult, pactCli } from './pact-cli/pact-cli.ts';
import { startTestHub, type TestHub } from './start-hub.ts';
import { startTarget, targetAllowed } from './webhook-target.ts';

const SHIM = new URL('../../node_modules/.bin/pact-broker', import.meta.url).pathname;

// biome-ignore lint/suspicious/noTemplateCurlyInString: that is how the hub's variables are written.
const VERSION = '${pactbroker.consumerVersionNumber} ${pactbroker.consumerVersionBranch}';

/** Runs what `npx pact-broker` runs. */
function shim(command: readonly string[], url: string): Promise<CliResult> {
  const env = { ...process.env, PACT_DO_NOT_TRACK: 'true', PACT_BROKER_BASE_URL: url };
  return new Promise((resolve) => {
    execFile(process.execPath, [SHIM, ...command], { env }, (error, out, errors) => {
      resolve({ code: Number(error?.code ?? 0), output: `${out}${errors}` });
    });
  });
}

async function sceneOn(hub: TestHub, folder: string, number: number): Promise<CliScene> {
  const scene = new CliScene(hub, { folder, number });
  await scene.setUp();
  return scene;
}

describe('the official command line works unchanged', () => {
  let hub: TestHub;
  let folder: string;

  beforeAll(async () => {
    hub = await startTestHub({ env: targetAllowed });
    folder = await mkdtemp(join(tmpdir(), 'concordat-cli-'));
  });

  afterAll(async () => {
    await hub.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('the way of a version: unknown, no, yes; deployed, asked about, and gone again', async () => {
    const scene = await sceneOn(hub, folder, 1);
    const { consumer, provider, environment } = scene;
    const cli = (...command: readonly string[]) => shim(command, hub.url);
    const mayDeploy = () =>
      cli('can-i-deploy', '-a', consumer, '-e', '1', '--to-environment', environment);
    await scene.writesPact();
    const published = await cli('publish', `${scene.folder}/pact.json`, '-a', '1');
    expect(published).toMatchObject({ code: 0, output: expect.stringContaining(consumer) });
    expect((await cli('create-environment', '--name', environment)).code).toBe(0);
    expect((await mayDeploy()).output).toContain('no verified pact');

    const into = ['--environment', environment];
    await scene.verifies('1', '10', false);
    expect((await cli('record-deployment', '-a', provider, '-e', '10', ...into)).code).toBe(0);
    expect(await mayDeploy()).toMatchObject({ code: 1, output: expect.stringContaining('failed') });
    await scene.verifies('1', '10', true);
    expect(await mayDeploy()).toMatchObject({ code: 0 });

    expect((await cli('record-deployment', '-a', consumer, '-e', '1', ...into)).code).toBe(0);
    expect(await scene.deployed()).toEqual(['1', '10']);
    expect((await cli('record-undeployment', '-a', consumer, ...into)).code).toBe(0);
    expect(await scene.deployed()).toEqual(['10']);
  });

  test('waiting for a result ends when the result comes', async () => {
    const scene = await sceneOn(hub, folder, 2);
    await scene.environmentExists();
    await scene.publishes('1');
    await scene.verifies('1', '10');
    await scene.deploys(scene.provider, '10');
    await scene.publishes('2', {}, { interactions: [] });
    const proxy = await startProxy(hub);
    const waiting = pactCli(
      [
        ...['can-i-deploy', '-a', scene.consumer, '-e', '2', '--to-environment', scene.environment],
        ...['--retry-while-unknown', '30', '--retry-interval', '1'],
      ],
      { env: { PACT_BROKER_BASE_URL: proxy.url } },
    );
    await vi.waitFor(() => expect(proxy.seen.length).toBeGreaterThan(0), 20_000);
    await scene.verifies('2', '10');
    expect(await waiting).toMatchObject({ code: 0, output: expect.stringContaining('yes') });
    expect(proxy.seen.length).toBeGreaterThan(1);
  });

  test('below a path of another server, every link leads back through it', async () => {
    const scene = await sceneOn(hub, folder, 3);
    const { consumer, environment } = scene;
    const proxy = await startProxy(hub, '/team/pacts');
    const cli = (...command: readonly string[]) =>
      pactCli(command, { env: { PACT_BROKER_BASE_URL: proxy.url }, folder: scene.folder });
    await scene.writesPact();
    const published = await cli('publish', 'pact.json', '-a', '1', '--branch', 'main');
    expect(published.output).toContain(`View the published pact at ${proxy.url}/pacts/provider`);
    expect((await cli('create-environment', '--name', environment)).code).toBe(0);
    const into = ['--environment', environment];
    expect((await cli('record-deployment', '-a', consumer, '-e', '1', ...into)).code).toBe(0);
    expect((await cli('record-undeployment', '-a', consumer, ...into)).code).toBe(0);
    expect((await cli('create-version-tag', '-a', consumer, '-e', '1', '-t', 'x')).code).toBe(0);
    expect((await cli('delete-version-tag', '-a', consumer, '-e', '1', '-t', 'x')).code).toBe(0);
    expect((await cli('list-latest-pact-versions')).output).toContain(consumer);
    expect((await cli('can-i-merge', '-a', consumer, '-e', '1')).output).toContain(scene.provider);
    expect(proxy.seen.map(({ url }) => url.startsWith('/team/pacts'))).not.toContain(false);
    expect(proxy.seen.filter(({ status }) => status >= 400)).toEqual([]);
  });

  test('a webhook made by the command line tells of what it publishes', async () => {
    const scene = await sceneOn(hub, folder, 7);
    const { consumer, provider } = scene;
    const target = await startTarget();
    await scene.publishes('0');
    const made = await scene.cli([
      ...['create-webhook', `${target.url}/hook`, '--request', 'POST', '--contract-published'],
      ...['--consumer', consumer, '--provider', provider, '--description', 'Tell the team'],
      ...[
        '--header',
        'Content-Type: application/json',
        '--data',
        JSON.stringify({ version: VERSION }),
      ],
      ...['--user', 'me:secret'],
    ]);
    expect(made, made.output).toMatchObject({ code: 0 });
    await scene.writesPact();
    const published = await scene.cli(['publish', 'pact.json', '-a', '1', '--branch', 'feat/x']);
    expect(published.output).toContain('Webhook "Tell the team" triggered for event');
    await vi.waitFor(() => expect(target.calls).toHaveLength(1), 10_000);
    expect(target.calls).toMatchObject([
      {
        url: '/hook',
        headers: { authorization: `Basic ${btoa('me:secret')}` },
        body: '{"version":"1 feat/x"}',
      },
    ]);
  });

  test('names beyond plain letters arrive as they are, encoded by the client or not', async () => {
    const scene = await sceneOn(hub, folder, 5);
    const consumer = 'Ünï Café&Co';
    const provider = 'Pricing (EU); v2+';
    const of = ['-a', consumer, '-e', '1.0.0+build.5'];
    const into = ['--environment', scene.environment];
    await scene.environmentExists();
    await scene.writesPact({ consumer: { name: consumer }, provider: { name: provider } });
    for (const command of [
      ['publish', 'pact.json', '-a', '1.0.0+build.5', '--branch', 'feat/é b', '--tag', 't+1'],
      ['create-version-tag', ...of, '--tag', 'n ew+1'],
      ['create-or-update-version', ...of, '--branch', 'g/é+b', '--tag', 'q r'],
      ['record-deployment', ...of, ...into],
      ['record-release', ...of, ...into],
      ['delete-version-tag', ...of, '--tag', 't+1'],
    ]) {
      const result = await scene.cli(command);
      expect(result, result.output).toMatchObject({ code: 0 });
    }
    const path = `/pacticipants/${encodeURIComponent(consumer)}/versions/1.0.0%2Bbuild.5`;
    const { branchVersions, tags } = (await scene.ask(`GET ${path}`)).body._embedded;
    const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name);
    expect(names(branchVersions).sort()).toEqual(['feat/é b', 'g/é+b']);
    expect(names(tags).sort()).toEqual(['n ew+1', 'q r']);
    expect(await scene.deployed()).toEqual(['1.0.0+build.5']);
    expect(await scene.released()).toEqual(['1.0.0+build.5']);
    const list = await scene.cli(['get-pacts', '--provider', provider, '--branch', 'feat/é b']);
    expect(list.output).toContain(`Pact between ${consumer} (1.0.0+build.5) and ${provider}`);
  });

  test('headers of a gateway, the log and OpenTelemetry change nothing', async () => {
    const scene = await sceneOn(hub, folder, 4);
    await scene.publishes('1');
    const proxy = await startProxy(hub);
    const result = await pactCli(
      [
        ...['describe-pacticipant', '--name', scene.consumer, '--custom-header', 'X-Gate: a b'],
        ...['--log-level', 'debug', '--broker-base-url', `${proxy.url}/`],
        ...['--enable-otel', '--enable-otel-traces', '--otel-exporter', 'stdout'],
      ],
      {},
    );
    expect(result).toMatchObject({
      code: 0,
      output: expect.stringContaining(`Name: ${scene.consumer}`),
    });
    expect(result.output).toContain('DEBUG');
    expect(proxy.seen.map(({ headers }) => headers['x-gate'])).toContain('a b');
  });
});

describe('the official command line shows who it is', () => {
  let hub: TestHub;

  beforeAll(async () => {
    hub = await startTestHub({
      env: {
        PACT_BROKER_BASIC_AUTH_USERNAME: 'writer',
        PACT_BROKER_BASIC_AUTH_PASSWORD: 'w:p',
        PACT_BROKER_BASIC_AUTH_READ_ONLY_USERNAME: 'reader',
        PACT_BROKER_BASIC_AUTH_READ_ONLY_PASSWORD: 'rp',
        CONCORDAT_TOKENS: 'read=looks publish=builds admin=rules',
      },
    });
  });

  afterAll(() => hub.close());

  const look = ['list-pacticipants'];
  const write = ['create-or-update-version', '-a', 'web', '-e', '1', '--branch', 'feat/x'];
  const arrange = (name: string) => ['create-environment', '--name', name];

  test.each<[string, readonly string[], readonly string[], number]>([
    ['nobody is refused', look, [], 1],
    ['a wrong password is refused', look, ['-u', 'writer', '-p', 'no'], 1],
    ['a wrong token is refused', look, ['-k', 'no'], 1],
    ['a reader may look', look, ['-u', 'reader', '-p', 'rp'], 0],
    ['a reader may not write', write, ['-u', 'reader', '-p', 'rp'], 1],
    ['a writer may write', write, ['-u', 'writer', '-p', 'w:p'], 0],
    ['a writer may arrange environments', arrange('by-writer'), ['-u', 'writer', '-p', 'w:p'], 0],
    ['a token for reading may look', look, ['-k', 'looks'], 0],
    ['a token for reading may not write', write, ['-k', 'looks'], 1],
    ['a token for publishing may write', write, ['-k', 'builds'], 0],
    ['a token for publishing may not arrange', arrange('by-build'), ['-k', 'builds'], 1],
    ['a token for everything may arrange', arrange('by-admin'), ['-k', 'rules'], 0],
  ])('%s', async (...[, command, credentials, code]) => {
    const env = { PACT_BROKER_BASE_URL: hub.url };
    const result = await pactCli([...command, ...credentials], { env });
    expect(result, result.output).toMatchObject({ code });
    if (code === 1) expect(result.output).toContain('401');
  });

  test('credentials come from the variables that every Pact tool reads', async () => {
    const env = { PACT_BROKER_BASE_URL: hub.url, PACT_BROKER_TOKEN: 'looks' };
    expect((await pactCli(look, { env })).code).toBe(0);
  });
});
