import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startHubProcess } from './hub-process.ts';
import { type Answer, aContract, anInteraction, aPact, aPublication, ask } from './publishing.ts';
import {
  createDatabase,
  type OwnDatabase,
  type RelationalDatabase,
  relationalDatabases,
} from './relational-databases.ts';
import { startTestHub } from './start-hub.ts';

const ROUNDS = 8;
const PACT = '/pacts/provider/shop/consumer/web';

interface RunningHub {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** One hub on SQLite; two processes on the PostgreSQL of CONCORDAT_TEST_DATABASE_URL, where the clients use them in turn. */
describe.each(relationalDatabases)('clients that publish at the same time, on %s', (database) => {
  let own: OwnDatabase;
  let hubs: readonly RunningHub[];

  beforeEach(async () => {
    own = await createDatabase(database);
    hubs = await startOn(own, database);
  });

  afterEach(async () => {
    await Promise.all(hubs.map((hub) => hub.stop()));
    await own.drop();
  });

  const hub = (client: number): RunningHub => hubs[client % hubs.length] as RunningHub;

  const pactOf = (word: string): string =>
    JSON.stringify(aPact({ interactions: [anInteraction({ description: word })] }));

  const publish = (client: number, version: string, word: string): Promise<Answer> =>
    ask(hub(client), 'POST /contracts/publish', {
      json: aPublication({ pacticipantVersionNumber: version, tags: ['dev'] }, pactOf(word)),
    });

  test('the same version with the same content: all are told that it is there, and it is there once', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const version = `same-${round}`;
      const answers = await Promise.all(
        [0, 1, 2, 3].map((client) => publish(client, version, 'it')),
      );
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
      const created = answers.filter(({ text }) => text.includes(`Created web version ${version}`));
      expect(created).toHaveLength(1);
    }
    const { body } = await ask(hub(0), 'GET /pacticipants/web/versions?size=100');
    expect(body._embedded.versions).toHaveLength(ROUNDS);
    for (const version of body._embedded.versions) {
      expect(version._links['pb:pact-versions']).toHaveLength(1);
    }
  });

  test('the same version with other content: one wins, the others get the conflict', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const version = `other-${round}`;
      const words = ['zero', 'one', 'two', 'three'];
      const answers = await Promise.all(
        words.map((word, client) => publish(client, version, word)),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
      const refused = answers.find(({ status }) => status === 409);
      expect(refused?.body.errors.contracts[0]).toContain('Cannot change the content of the pact');
      const winner = words[answers.findIndex(({ status }) => status === 200)];
      const pact = await ask(hub(round), `GET ${PACT}/version/${version}`);
      expect(pact.body.interactions[0].description).toBe(winner);
    }
  });

  test('the same pact put to its own URL: one creates it, the others repeat it or get the conflict', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const put = (client: number, word: string): Promise<Answer> =>
        ask(hub(client), `PUT ${PACT}/version/put-${round}`, { raw: pactOf(word) });
      const answers = await Promise.all(['a', 'a', 'b', 'b'].map((word, n) => put(n, word)));
      const statuses = answers.map(({ status }) => status).sort();
      expect(statuses).toEqual([200, 201, 409, 409]);
    }
  });

  test('many consumers of the same new providers: nobody waits for ever, fails or is lost', async () => {
    const names = ['alpha', 'bravo', 'carbon', 'domino', 'ember', 'falcon', 'garnet', 'harbor'];
    const statuses: number[] = [];
    const publishAll = async (client: number): Promise<void> => {
      const consumer = names[client] ?? '';
      // Everybody names the others in an order of their own: such writers would wait for each other in a circle.
      const providers = [...names.slice(client + 1), ...names.slice(0, client)];
      for (let version = 0; version < 5; version += 1) {
        const contracts = providers.map((providerName) =>
          aContract({ consumerName: consumer, providerName }, '{"interactions":[]}'),
        );
        const { status } = await ask(hub(client + version), 'POST /contracts/publish', {
          json: aPublication({
            ...{ pacticipantName: consumer, pacticipantVersionNumber: String(version) },
            ...{ branch: 'main', tags: ['dev'], contracts },
          }),
        });
        statuses.push(status);
      }
    };
    await Promise.all(names.map((_, client) => publishAll(client)));
    expect(statuses).toEqual(statuses.map(() => 200));
    const integrations = await ask(hub(0), 'GET /integrations');
    expect(integrations.body._embedded.integrations).toHaveLength(names.length * 7);
    for (const name of names) {
      const latest = await ask(hub(1), `GET /pacticipants/${name}/branches/main/latest-version`);
      expect(latest.body.number).toBe('4');
    }
  });

  test('results of the same version at once are all kept, numbered one after the other', async () => {
    await publish(0, '1', 'it');
    const pact = await ask(hub(0), `GET ${PACT}/version/1`);
    const path = new URL(pact.body._links['pb:publish-verification-results'].href).pathname;
    const results = await Promise.all(
      [0, 1, 2, 3, 4, 5].map((client) =>
        ask(hub(client), `POST ${path}`, {
          json: { success: true, providerApplicationVersion: '7' },
        }),
      ),
    );
    expect(results.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201, 201]);
    const numbers = results.map(({ headers }) => headers.get('location')?.split('/').at(-1));
    expect(new Set(numbers).size).toBe(6);
  });
});

async function startOn(
  { url }: OwnDatabase,
  database: RelationalDatabase,
): Promise<readonly RunningHub[]> {
  // Names much like each other are looked for in all there are, which is another question than that of this test.
  const env = { PACT_BROKER_CHECK_FOR_POTENTIAL_DUPLICATE_PACTICIPANT_NAMES: 'false' };
  if (database === 'SQLite' || url === undefined) {
    const hub = await startTestHub({ env });
    return [{ url: hub.url, stop: () => hub.close() }];
  }
  const folder = await mkdtemp(join(tmpdir(), 'concordat-'));
  const both = [0, 1].map((index) =>
    startHubProcess(join(folder, `${index}`), { ...env, CONCORDAT_DATABASE_URL: url }),
  );
  return (await Promise.all(both)).map((hub) => ({
    url: hub.url,
    stop: async () => {
      await hub.kill();
      await rm(folder, { recursive: true, force: true });
    },
  }));
}
