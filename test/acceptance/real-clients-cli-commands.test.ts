import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type CliCase, CliScene } from './pact-cli/cli-scene.ts';
import { decideCases } from './pact-cli/decide-cases.ts';
import { environmentCases } from './pact-cli/environment-cases.ts';
import { commandsOf, optionsOf, pactCli } from './pact-cli/pact-cli.ts';
import { pacticipantCases } from './pact-cli/pacticipant-cases.ts';
import { publishCases } from './pact-cli/publish-cases.ts';
import { readCases } from './pact-cli/read-cases.ts';
import { recordCases } from './pact-cli/record-cases.ts';
import { webhookCases } from './pact-cli/webhook-cases.ts';
import { relationalDatabases, startHubOn } from './relational-databases.ts';
import { startTestHub, type TestHub } from './start-hub.ts';
import { targetAllowed } from './webhook-target.ts';

const cases: readonly CliCase[] = [
  ...publishCases,
  ...recordCases,
  ...pacticipantCases,
  ...decideCases,
  ...environmentCases,
  ...webhookCases,
  ...readCases,
];

/** Where the databases could differ: what a build writes. The rest asks routes that have suites of their own on both. */
const casesOn = { SQLite: cases, PostgreSQL: [...publishCases, ...recordCases] } as const;

/** What `--help` lists and no case runs: starting another broker, and a word that only groups commands. */
const NOT_RUN = ['docker', 'provider-states', 'ruby'];

/** How to reach a broker, to show who asks and to log: see real-clients-cli.test.ts. */
const OF_EVERY_COMMAND =
  /^--(broker-(base-url|username|password|token)|custom-header|retries|help|log-level|.*otel.*|.*ssl.*)$/;

/** Any document will do: none is sent. */
const CONTRACT = new URL('../../contracts/openapi/orders.yaml', import.meta.url).pathname;

/** Runs on the PostgreSQL of CONCORDAT_TEST_DATABASE_URL too. */
describe.each(relationalDatabases)('the official command line on %s', (database) => {
  let hub: TestHub;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'concordat-cli-'));
    hub = await startHubOn(database, targetAllowed);
  });

  afterAll(async () => {
    await hub.close();
    await rm(folder, { recursive: true, force: true });
  });

  for (const [number, { title, prepare, run, code = 0, says, leaves }] of casesOn[
    database
  ].entries()) {
    test.concurrent(title, async () => {
      const scene = new CliScene(hub, { folder, number });
      await scene.setUp();
      await prepare?.(scene);
      const result = await scene.cli(run(scene));
      expect(result, result.output).toMatchObject({ code });
      for (const text of says?.(scene) ?? []) expect(result.output).toContain(text);
      const [left, expected] = (await leaves?.(scene, result)) ?? [];
      expect(left).toEqual(expected);
    });
  }
});

test('every command that the command line has is run, or is no business of a broker', async () => {
  const run = new Set(cases.map(({ title }) => title.split(':', 1)[0]));
  const commands = await commandsOf('broker');
  const states = await commandsOf('broker', 'provider-states');
  const all = [...commands, ...states.map((name) => `provider-states ${name}`)];
  expect(all.filter((name) => !run.has(name)).sort()).toEqual(NOT_RUN);
  expect([...run].filter((name) => !all.includes(String(name)))).toEqual([]);
});

test('every option that a command has is used, or is an option of every command', async () => {
  const scene = new CliScene({ url: 'http://127.0.0.1:1' }, { folder: '/', number: 0 });
  const words = new Map<string, Set<string>>();
  for (const { title, run } of cases) {
    const command = title.split(':', 1)[0] ?? '';
    words.set(command, new Set([...(words.get(command) ?? []), ...run(scene)]));
  }
  const unused = await Promise.all(
    [...words].map(async ([command, used]) =>
      (await optionsOf(command))
        .filter(({ long, short = '' }) => !used.has(long) && !used.has(short))
        .filter(({ long }) => !OF_EVERY_COMMAND.test(long))
        .map(({ long }) => `${command} ${long}`),
    ),
  );
  expect(unused.flat().sort()).toEqual([]);
});

test('publishing provider contracts needs a relation of PactFlow, which is said', async () => {
  expect(await commandsOf('pactflow')).toEqual(['publish-provider-contract']);
  const hub = await startTestHub();
  onTestFinished(() => hub.close());
  const result = await pactCli(
    ['publish-provider-contract', CONTRACT, '--provider', 'shop', '-a', '1'],
    { group: 'pactflow', env: { PACT_BROKER_BASE_URL: hub.url } },
  );
  expect(result.code).toBe(1);
  expect(result.output).toContain("Could not find relation 'pf:publish-provider-contract'");
});
