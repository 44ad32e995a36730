import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { PROGRAM, pactCli } from './pact-cli/pact-cli.ts';
import { type RecordingProvider, startProvider } from './pact-verifier/recording-provider.ts';
import { publishSelectable } from './pact-verifier/selector-cases.ts';
import { ask } from './publishing.ts';
import { startTestHub, type TestHub } from './start-hub.ts';

describe('the official programs beside the command line work unchanged', () => {
  let hub: TestHub;
  let provider: RecordingProvider;

  beforeAll(async () => {
    hub = await startTestHub();
    provider = await startProvider();
    await publishSelectable(hub);
  });

  afterAll(async () => {
    provider.close();
    await hub.close();
  });

  async function verify(...options: readonly string[]) {
    provider.asked();
    const { port } = new URL(provider.url);
    const words = ['--port', port, '--provider-name', 'shop', '--no-colour', ...options];
    const result = await pactCli(words, { group: 'verifier' });
    return { ...result, asked: provider.asked() };
  }

  test.each<[string, readonly string[], readonly string[]]>([
    ['the latest of each consumer', [], ['/app/1', '/web/4']],
    ['the latest with a tag', ['--consumer-version-tags', 'dev'], ['/web/2']],
    [
      'selectors',
      [
        ...['--consumer-version-selectors', '{"mainBranch":true}'],
        ...['--consumer-version-selectors', '{"branch":"feat/x"}'],
      ],
      ['/app/1', '/web/2', '/web/3'],
    ],
    [
      'pending and work in progress',
      [
        ...['--consumer-version-selectors', '{"deployed":true}', '--provider-branch', 'main'],
        ...['--enable-pending', '--include-wip-pacts-since', '2020-01-01'],
        ...['--provider-version', '1'],
      ],
      ['/app/1', '/web/1', '/web/2', '/web/3', '/web/4'],
    ],
    ['one consumer', ['--filter-consumer', 'app'], ['/app/1']],
  ])('the verifier: %s', async (...[, options, paths]) => {
    const { code, output, asked } = await verify('--broker-url', hub.url, ...options);
    expect(code, output).toBe(0);
    expect(asked).toEqual(paths);
  });

  test('the verifier: the pact of a webhook, and its results published', async () => {
    const url = `${hub.url}/pacts/provider/shop/consumer/web/version/1`;
    const { code, output } = await verify(
      ...['--broker-url', hub.url, '--webhook-callback-url', url, '--publish'],
      ...['--provider-version', '10', '--provider-branch', 'feat/y', '--provider-tags', 'a/b'],
      ...['--build-url', 'http://ci.example/10'],
    );
    expect(code, output).toBe(0);
    const result = await ask(hub, `GET ${new URL(url).pathname}/verification-results/latest`);
    expect(result.body).toMatchObject({
      success: true,
      providerApplicationVersion: '10',
      buildUrl: 'http://ci.example/10',
    });
    const { body } = await ask(hub, 'GET /pacticipants/shop/versions/10');
    expect(body._embedded).toMatchObject({
      branchVersions: [{ name: 'feat/y' }],
      tags: [{ name: 'a/b' }],
    });
  });

  test('the stub server answers what the latest pacts promise', async () => {
    const stub = spawn(PROGRAM, ['stub', '--broker-url', hub.url, '--port', '0'], {
      env: { PACT_DO_NOT_TRACK: 'true', NO_COLOR: '1' },
    });
    onTestFinished(() => void stub.kill('SIGKILL'));
    let log = '';
    for (const stream of [stub.stdout, stub.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        log += chunk;
      });
    }
    const port = await vi.waitFor(() => {
      const [, number] = /started on port (\d+)/.exec(log) ?? [];
      expect(number, log).toBeDefined();
      return number;
    }, 20_000);
    const statuses = await Promise.all(
      ['/web/4', '/app/1', '/web/1'].map(async (path) => {
        return (await fetch(`http://127.0.0.1:${port}${path}`)).status;
      }),
    );
    expect(statuses).toEqual([200, 200, 404]);
  });
});
