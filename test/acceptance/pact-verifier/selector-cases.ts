import type { VerifierOptions } from '@pact-foundation/pact-core';
import { aContract, anInteraction, aPact, ask } from '../publishing.ts';
import type { TestHub } from '../start-hub.ts';

/** What a verifier asks the hub for, and the pacts it must be given, by the path that each promises. */
export interface SelectorCase {
  readonly title: string;
  readonly options: Partial<VerifierOptions>;
  readonly verifies: readonly string[];
}

type Selector = NonNullable<VerifierOptions['consumerVersionSelectors']>[number];

const selects = (...consumerVersionSelectors: readonly object[]): Partial<VerifierOptions> => ({
  // Fallback branches are newer than the client's types; it sends what it is given.
  consumerVersionSelectors: consumerVersionSelectors as Selector[],
});

/** Every kind of selector, on what `publishSelectable` has published. */
export const selectorCases: readonly SelectorCase[] = [
  { title: 'mainBranch', options: selects({ mainBranch: true }), verifies: ['/app/1', '/web/2'] },
  { title: 'branch', options: selects({ branch: 'feat/x' }), verifies: ['/web/3'] },
  {
    title: 'branch and latest',
    options: selects({ branch: 'main', latest: true }),
    verifies: ['/app/1', '/web/2'],
  },
  {
    title: 'matchingBranch',
    options: { ...selects({ matchingBranch: true }), providerVersionBranch: 'feat/y' },
    verifies: ['/web/4'],
  },
  { title: 'tag', options: selects({ tag: 'dev' }), verifies: ['/web/1', '/web/2'] },
  {
    title: 'tag and latest',
    options: selects({ tag: 'dev', latest: true }),
    verifies: ['/web/2'],
  },
  { title: 'latest', options: selects({ latest: true }), verifies: ['/app/1', '/web/4'] },
  {
    title: 'fallbackTag',
    options: selects({ tag: 'none', fallbackTag: 'prod', latest: true }),
    verifies: ['/app/1', '/web/1'],
  },
  {
    title: 'fallbackBranch',
    options: selects({ branch: 'feat/x', fallbackBranch: 'main' }),
    verifies: ['/app/1', '/web/3'],
  },
  { title: 'deployed', options: selects({ deployed: true }), verifies: ['/app/1', '/web/1'] },
  { title: 'released', options: selects({ released: true }), verifies: ['/web/3'] },
  {
    title: 'deployedOrReleased',
    options: selects({ deployedOrReleased: true }),
    verifies: ['/app/1', '/web/1', '/web/3'],
  },
  {
    title: 'environment',
    options: selects({ environment: 'test' }),
    verifies: ['/app/1', '/web/3'],
  },
  {
    title: 'deployed to an environment',
    options: selects({ deployed: true, environment: 'test' }),
    verifies: ['/app/1'],
  },
  {
    title: 'consumer',
    options: selects({ mainBranch: true, consumer: 'app' }),
    verifies: ['/app/1'],
  },
  {
    title: 'several',
    options: selects({ mainBranch: true }, { deployedOrReleased: true }, { branch: 'feat/x' }),
    verifies: ['/app/1', '/web/1', '/web/2', '/web/3'],
  },
  {
    title: 'the older option for tags',
    options: { consumerVersionTags: ['prod'] },
    verifies: ['/app/1', '/web/1'],
  },
];

/** Pacts of `web` and `app` with `shop`: each promises the path `/<consumer>/<version>`. */
export async function publishSelectable(hub: TestHub): Promise<void> {
  const done = async (target: string, json: unknown = {}) => {
    const answer = await ask(hub, target, { json });
    if (answer.status >= 300) throw new Error(`${target}: ${answer.status} ${answer.text}`);
    return answer;
  };
  const publish = (consumer: string, version: string, where: object) =>
    done('POST /contracts/publish', {
      pacticipantName: consumer,
      pacticipantVersionNumber: version,
      contracts: [aContract({ consumerName: consumer }, promising(consumer, version))],
      ...where,
    });
  await publish('web', '1', { branch: 'main', tags: ['prod', 'dev'] });
  await publish('web', '2', { branch: 'main', tags: ['dev'] });
  await publish('web', '3', { branch: 'feat/x' });
  await publish('web', '4', { branch: 'feat/y' });
  await publish('app', '1', { branch: 'main', tags: ['prod'] });
  const arrive = async (version: string, kind: string, environment: string) => {
    const list = await ask(hub, `GET /environments?name=${environment}`);
    const [{ uuid }] = list.body._embedded.environments;
    await done(`POST /pacticipants/${version}/${kind}/environment/${uuid}`);
  };
  for (const name of ['test', 'production']) {
    await done('POST /environments', { name, production: name === 'production' });
  }
  await arrive('web/versions/1', 'deployed-versions', 'production');
  await arrive('app/versions/1', 'deployed-versions', 'test');
  await arrive('web/versions/3', 'released-versions', 'test');
}

function promising(consumer: string, version: string): string {
  const interaction = anInteraction({
    request: { method: 'GET', path: `/${consumer}/${version}` },
    response: { status: 200 },
  });
  return JSON.stringify(aPact({ consumer: { name: consumer }, interactions: [interaction] }));
}
