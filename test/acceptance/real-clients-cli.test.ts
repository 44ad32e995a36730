import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aPact, ask } from './publishing.ts';
import { startTestHub, type TestHub, withEnvironments } from './start-hub.ts';

const CLI = new URL('../../node_modules/.bin/pact-broker', import.meta.url).pathname;

interface CliResult {
  readonly code: number;
  readonly output: string;
}

describe('the official command line works unchanged', () => {
  let hub: TestHub;
  let folder: string;

  /** Runs `pact-broker` against the hub. */
  function cli(...command: readonly string[]): Promise<CliResult> {
    const env = { ...process.env, PACT_DO_NOT_TRACK: 'true', PACT_BROKER_BASE_URL: hub.url };
    return new Promise((resolve) => {
      execFile(process.execPath, [CLI, ...command], { env }, (error, out, errors) => {
        resolve({ code: Number(error?.code ?? 0), output: `${out}${errors}` });
      });
    });
  }

  /** A provider version says that the content of a consumer version works, or not. */
  async function verify(consumerVersion: string, providerVersion: string, success: boolean) {
    const pact = await ask(hub, `GET /pacts/provider/shop/consumer/web/version/${consumerVersion}`);
    const { href } = pact.body._links['pb:publish-verification-results'];
    const json = { success, providerApplicationVersion: providerVersion };
    const result = await ask(hub, `POST ${new URL(href).pathname}`, { json });
    expect(result.status).toBe(201);
  }

  beforeAll(async () => {
    hub = await startTestHub({ env: withEnvironments });
    folder = await mkdtemp(join(tmpdir(), 'concordat-cli-'));
    await writeFile(join(folder, 'web-shop.json'), JSON.stringify(aPact()));
    const published = await cli(
      ...['publish', join(folder, 'web-shop.json'), '--consumer-app-version', '1'],
      ...['--branch', 'main', '--tag', 'prod', '--build-url', 'http://ci.example/1'],
    );
    expect(published).toMatchObject({ code: 0, output: expect.stringContaining('web') });
  });

  afterAll(async () => {
    await hub.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('publishing the same pact again is fine, and the version is on its branch', async () => {
    const again = await cli(
      ...['publish', folder, '--consumer-app-version', '1', '--branch', 'main'],
    );
    expect(again.code).toBe(0);
    const version = await ask(hub, 'GET /pacticipants/web/versions/1');
    expect(version.body.buildUrl).toBe('http://ci.example/1');
    expect(version.body._embedded.branchVersions[0].name).toBe('main');
    expect(version.body._embedded.tags[0].name).toBe('prod');
  });

  test('a fresh hub has the environments test and production, and takes another', async () => {
    const created = await cli(
      ...['create-environment', '--name', 'staging', '--display-name', 'Staging'],
    );
    expect(created.code).toBe(0);
    const listed = await cli('list-environments');
    expect(listed.code).toBe(0);
    for (const name of ['test', 'production', 'staging']) expect(listed.output).toContain(name);
  });

  test('the way of a version: unknown, no, yes; deployed, asked about, and gone again', async () => {
    const ask1 = ['can-i-deploy', '--pacticipant', 'web', '--version', '1'];
    const toProduction = [...ask1, '--to-environment', 'production'];
    const unknown = await cli(...toProduction);
    expect(unknown).toMatchObject({ code: 1, output: expect.stringContaining('no verified pact') });

    await verify('1', '10', false);
    expect((await cli('record-deployment', ...of('shop', '10'), ...into('production'))).code).toBe(
      0,
    );
    const failed = await cli(...toProduction);
    expect(failed).toMatchObject({ code: 1, output: expect.stringContaining('failed') });

    await verify('1', '10', true);
    const yes = await cli(...toProduction);
    expect(yes).toMatchObject({ code: 0, output: expect.stringContaining('successful') });

    expect((await cli('record-deployment', ...of('web', '1'), ...into('production'))).code).toBe(0);
    const other = await cli('can-i-deploy', ...of('shop', '11'), '--to-environment', 'production');
    expect(other.code).toBe(1);

    const described = await cli(
      'describe-version',
      '--pacticipant',
      'web',
      '--environment',
      'production',
    );
    expect(described).toMatchObject({ code: 0, output: expect.stringContaining('1') });
    const gone = await cli('record-undeployment', '--pacticipant', 'web', ...into('production'));
    expect(gone.code).toBe(0);
    const current = await currentlyIn('production');
    expect(current).toEqual(['shop 10']);
  });

  test('an application instance is a place of its own', async () => {
    const blue = ['--application-instance', 'blue'];
    await verify('1', '12', true);
    expect((await cli('record-deployment', ...of('shop', '10'), ...into('staging'))).code).toBe(0);
    const second = await cli('record-deployment', ...of('shop', '12'), ...into('staging'), ...blue);
    expect(second.code).toBe(0);
    expect(await currentlyIn('staging')).toEqual(['shop 10', 'shop 12']);
    await cli('record-undeployment', '--pacticipant', 'shop', ...into('staging'), ...blue);
    expect(await currentlyIn('staging')).toEqual(['shop 10']);
  });

  test('a release is supported until it ends', async () => {
    await verify('1', '13', true);
    expect((await cli('record-release', ...of('shop', '13'), ...into('test'))).code).toBe(0);
    const yes = await cli('can-i-deploy', ...of('web', '1'), '--to-environment', 'test');
    expect(yes.code).toBe(0);
    expect((await cli('record-support-ended', ...of('shop', '13'), ...into('test'))).code).toBe(0);
    const no = await cli('can-i-deploy', ...of('web', '1'), '--to-environment', 'test');
    expect(no.code).toBe(1);
  });

  test('a tag can be asked for instead of an environment', async () => {
    await verify('1', '14', true);
    expect((await cli('create-version-tag', ...of('shop', '14'), '--tag', 'prod')).code).toBe(0);
    expect((await cli('can-i-deploy', ...of('web', '1'), '--to', 'prod')).code).toBe(0);
    expect((await cli('can-i-deploy', ...of('web', '1'), '--to', 'nowhere')).code).toBe(1);
  });

  test('waiting for a result ends when the result comes', async () => {
    const changed = aPact({ interactions: [] });
    await writeFile(join(folder, 'web-shop.json'), JSON.stringify(changed));
    const published = await cli(
      'publish',
      folder,
      '--consumer-app-version',
      '2',
      '--branch',
      'main',
    );
    expect(published.code).toBe(0);
    const waiting = cli(
      ...['can-i-deploy', ...of('web', '2'), '--to-environment', 'production'],
      ...['--retry-while-unknown', '30', '--retry-interval', '1'],
    );
    await verify('2', '10', true);
    expect((await waiting).code).toBe(0);
  });

  test('what does not exist is said, and is no yes', async () => {
    const version = await cli('can-i-deploy', ...of('web', '99'), '--to-environment', 'production');
    expect(version).toMatchObject({
      code: 1,
      output: expect.stringContaining(
        'No pacts or verifications have been published for version 99',
      ),
    });
    const place = await cli('can-i-deploy', ...of('web', '1'), '--to-environment', 'mars');
    expect(place).toMatchObject({ output: expect.stringContaining('mars') });
    expect(place.code).not.toBe(0);
    const record = await cli('record-deployment', ...of('web', '99'), ...into('production'));
    expect(record.code).not.toBe(0);
  });

  async function currentlyIn(environment: string): Promise<readonly string[]> {
    const list = await ask(hub, `GET /environments?name=${environment}`);
    const [{ uuid }] = list.body._embedded.environments;
    const current = await ask(
      hub,
      `GET /environments/${uuid}/deployed-versions/currently-deployed`,
    );
    const rows: { _embedded: { pacticipant: { name: string }; version: { number: string } } }[] =
      current.body._embedded.deployedVersions;
    return rows
      .map(({ _embedded: { pacticipant, version } }) => `${pacticipant.name} ${version.number}`)
      .sort();
  }
});

function of(pacticipant: string, version: string): readonly string[] {
  return ['--pacticipant', pacticipant, '--version', version];
}

function into(environment: string): readonly string[] {
  return ['--environment', environment];
}
