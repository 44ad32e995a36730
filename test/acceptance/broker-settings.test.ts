import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { playScenario } from './play-scenario.ts';
import { aPact, aPublication, ask } from './publishing.ts';
import { startTestHub, type TestHub } from './start-hub.ts';

interface Exchange {
  readonly name: string;
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    // biome-ignore lint/suspicious/noExplicitAny: bodies are of every shape.
    readonly body: any;
  };
}

/** What a hub with these settings answers to a part of the recorded scenario, by the names of its exchanges. */
async function played(
  set: string,
  env: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, Exchange['response']>> {
  const hub = await startTestHub({ env });
  const folder = await mkdtemp(join(tmpdir(), 'concordat-set-'));
  try {
    const file = join(folder, 'exchanges.json');
    await playScenario(hub.url, ['--set', set, '--out', file]);
    const { exchanges } = JSON.parse(await readFile(file, 'utf8')) as {
      readonly exchanges: readonly Exchange[];
    };
    return new Map(exchanges.map(({ name, response }) => [name, response]));
  } finally {
    await hub.close();
    await rm(folder, { recursive: true, force: true });
  }
}

describe('the scenario for a broker with two users', () => {
  test('each may do what the broker lets them do; all others are challenged', async () => {
    const answers = await played('auth', {
      PACT_BROKER_BASIC_AUTH_ENABLED: 'true',
      PACT_BROKER_BASIC_AUTH_USERNAME: 'rw',
      PACT_BROKER_BASIC_AUTH_PASSWORD: 'rwpw',
      PACT_BROKER_BASIC_AUTH_READ_ONLY_USERNAME: 'ro',
      PACT_BROKER_BASIC_AUTH_READ_ONLY_PASSWORD: 'ropw',
      PACT_BROKER_PUBLIC_HEARTBEAT: 'true',
      PACT_BROKER_ENABLE_PUBLIC_BADGE_ACCESS: 'true',
    });
    const statuses = [...answers].map(([name, { status }]) => [name, status]);
    expect(statuses).toEqual([
      ['no credentials', 401],
      ['no credentials html', 401],
      ['bad credentials', 401],
      // The broker knows no tokens and answers 400; here it is a token that nobody has.
      ['bearer', 401],
      ['read only reads', 200],
      ['read only cannot write', 401],
      ['write user writes', 201],
      ['write user reads', 200],
      ['publish as rw', 200],
      ['read only may POST for-verification', 200],
      ['read only may not delete', 401],
      ['public heartbeat', 200],
      ['dependencies need auth', 401],
      ['public badge', 307],
      ['badge otherwise protected', 401],
      ['options', 401],
    ]);
    for (const { body, headers } of [...answers.values()].filter(({ status }) => status === 401)) {
      expect([body, headers['www-authenticate']]).toEqual([null, 'Basic realm="Restricted area"']);
    }
  });

  test('users that are switched off protect nothing', async () => {
    const hub = await startTestHub({
      env: {
        PACT_BROKER_BASIC_AUTH_ENABLED: 'false',
        PACT_BROKER_BASIC_AUTH_USERNAME: 'rw',
        PACT_BROKER_BASIC_AUTH_PASSWORD: 'rwpw',
      },
    });
    const { status } = await fetch(`${hub.url}/pacticipants`);
    await hub.close();
    expect(status).toBe(200);
  });
});

describe('the scenario for a broker that lets versions change their pacts', () => {
  test('overwrites, merges and refuses as the broker does', async () => {
    const answers = await played('dangerous', {
      PACT_BROKER_ALLOW_DANGEROUS_CONTRACT_MODIFICATION: 'true',
    });
    const told = [...answers].map(([name, { status, body }]) => [name, status, essence(body)]);
    expect(told).toEqual([
      ['publish 1', 200, 'Pact successfully published'],
      ['overwrite default', 200, 'Pact with changed content published over existing content'],
      ['content replaced', 200, 'b /b 200'],
      ['overwrite explicit', 200, 'Pact with changed content published over existing content'],
      ['merge adds', 200, 'Pact content merged with existing content'],
      ['content merged', 200, 'c /c 200, d /d 200'],
      ['merge same interaction, same content', 200, 'Pact content merged with existing content'],
      ['merge response differs', 200, 'Pact content merged with existing content'],
      ['merge conflicting request', 200, 'Pact content merged with existing content'],
      ['after merge conflict', 200, 'c /c 200, d /elsewhere 200'],
      ['merge on new version', 200, 'Pact successfully published'],
      ['merge same description, other state', 200, 'Pact content merged with existing content'],
      ['put overwrites', 200, 'z /z 200'],
      ['patch merges', 200, 'z /z 200, y /y 200'],
      ['patch conflict', 200, 'z /z 200, y /y 404'],
      ['patch conflict request differs', 409, ''],
      ['after patch conflict', 200, 'z /z 200, y /y 404'],
      ['versions', 200, '2, 1'],
    ]);
    const [, debug] = answers.get('overwrite default')?.body.notices ?? [];
    expect(debug.type).toBe('warning');
  });
});

describe('other switches of the Pact Broker', () => {
  const withHub = async (
    env: Readonly<Record<string, string>>,
    work: (hub: TestHub) => Promise<void>,
  ): Promise<void> => {
    const hub = await startTestHub({ env });
    try {
      await work(hub);
    } finally {
      await hub.close();
    }
  };

  test('names of pacticipants in URLs can be found without regard to case', async () => {
    await withHub({ PACT_BROKER_USE_CASE_SENSITIVE_RESOURCE_NAMES: 'false' }, async (hub) => {
      await ask(hub, 'POST /contracts/publish', { json: aPublication() });
      await ask(hub, 'PUT /pacticipants/web/labels/front', { json: {} });
      for (const path of [
        '/pacticipants/WEB',
        '/pacticipants/Web/versions/1',
        '/pacts/provider/Shop/consumer/WEB/latest',
        '/matrix?q[][pacticipant]=WEB&q[][version]=1&q%5B%5D%5Bpacticipant%5D=SHOP',
        '/can-i-deploy?pacticipant=Web&version=1&to=prod&ignore[]=SHOP',
        '/pacticipants/label/front',
      ]) {
        expect([path, (await ask(hub, `GET ${path}`)).status]).toEqual([path, 200]);
      }
      expect((await ask(hub, 'GET /pacticipants/wob')).status).toBe(404);
      expect((await ask(hub, 'GET /pacticipants/WEB')).body.name).toBe('web');
    });
  });

  test('they are found as they are written otherwise', async () => {
    await withHub({}, async (hub) => {
      await ask(hub, 'POST /contracts/publish', { json: aPublication() });
      expect((await ask(hub, 'GET /pacticipants/WEB')).status).toBe(404);
    });
  });

  test('all of a document can be made to count for whether content is the same', async () => {
    const shas = async (hub: TestHub): Promise<number> => {
      const published = ['1', '2'].map(async (version) => {
        const json = aPact({ metadata: { pactSpecification: { version: '3.0.0' }, version } });
        const path = `/pacts/provider/shop/consumer/web/version/${version}`;
        const { body } = await ask(hub, `PUT ${path}`, { json });
        return body._links['pb:pact-version'].name;
      });
      return new Set(await Promise.all(published)).size;
    };
    await withHub({}, async (hub) => expect(await shas(hub)).toBe(1));
    const env = {
      PACT_BROKER_BASE_EQUALITY_ONLY_ON_CONTENT_THAT_AFFECTS_VERIFICATION_RESULTS: 'false',
    };
    await withHub(env, async (hub) => expect(await shas(hub)).toBe(2));
  });

  test('how long after its creation a tag can become the branch of a version', async () => {
    const branches = async (hub: TestHub): Promise<readonly unknown[]> => {
      await ask(hub, 'PUT /pacticipants/web/versions/1', { json: {} });
      const created = (await ask(hub, 'GET /pacticipants/web/versions/1')).body.createdAt;
      // The limit of 0 seconds is over with the next millisecond.
      await vi.waitUntil(() => Date.now() > Date.parse(created) + 1000, 10_000);
      await ask(hub, 'PUT /pacticipants/web/versions/1/tags/main', { json: {} });
      const { body } = await ask(hub, 'GET /pacticipants/web/versions/1');
      return body._embedded.branchVersions;
    };
    await withHub({}, async (hub) => expect(await branches(hub)).toHaveLength(1));
    const env = { PACT_BROKER_USE_FIRST_TAG_AS_BRANCH_TIME_LIMIT: '0' };
    await withHub(env, async (hub) => expect(await branches(hub)).toHaveLength(0));
  });
});

/** What was done to the pact, what it promises, or which versions there are. */
function essence(body: Exchange['response']['body']): string {
  if (body === null) return '';
  const { notices = [], interactions = [], _embedded } = body;
  if (notices.length > 1) return notices[1].text.split(' for ')[0];
  const promised = interactions.map(
    // biome-ignore lint/suspicious/noExplicitAny: as above.
    ({ description, request, response }: any) =>
      `${description} ${request.path} ${response.status}`,
  );
  const versions = (_embedded?.pacts ?? []).map(
    // biome-ignore lint/suspicious/noExplicitAny: as above.
    (pact: any) => pact._embedded.consumerVersion.number,
  );
  return [...promised, ...versions].join(', ');
}
