import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CliCase, CliScene } from './cli-scene.ts';

/** A pact on the main branch, and another version of it on `feat/x`. */
async function published(scene: CliScene): Promise<void> {
  const { consumer } = scene;
  await scene.ask('POST /pacticipants', { name: consumer, mainBranch: 'main' });
  await scene.publishes('1', { branch: 'main' }, withState('a thing exists'));
  await scene.publishes('2', { branch: 'main' }, withState('a thing exists'));
  await scene.publishes('3', { branch: 'feat/x' }, withState('no thing exists'));
}

function withState(state: string): Readonly<Record<string, unknown>> {
  const request = { method: 'GET', path: '/' };
  const states = [{ name: state, params: { id: 1 } }];
  return {
    interactions: [
      { description: 'a request', providerStates: states, request, response: { status: 200 } },
    ],
  };
}

const lists: readonly {
  readonly title: string;
  readonly options: (scene: CliScene) => readonly string[];
  readonly versions: readonly string[];
}[] = [
  { title: 'the main branch', options: () => [], versions: ['1', '2'] },
  { title: 'the latest of the main branch', options: () => ['--latest'], versions: ['2'] },
  { title: 'a branch', options: () => ['--branch', 'feat/x'], versions: ['3'] },
  {
    title: 'the latest of a branch',
    options: () => ['--branch', 'feat/x', '--latest'],
    versions: ['3'],
  },
  {
    title: 'a consumer',
    options: ({ consumer }) => ['--consumer', consumer],
    versions: ['1', '2'],
  },
  {
    title: 'the latest of a consumer',
    options: ({ consumer }) => ['--consumer', consumer, '--latest'],
    versions: ['2'],
  },
  {
    title: "a consumer's branch",
    options: ({ consumer }) => ['--consumer', consumer, '--branch', 'feat/x'],
    versions: ['3'],
  },
  {
    title: "the latest of a consumer's branch",
    options: ({ consumer }) => ['--consumer', consumer, '--branch', 'feat/x', '--latest'],
    versions: ['3'],
  },
];

const pacts: readonly CliCase[] = [
  ...lists.map(({ title, options, versions }) => ({
    title: `get-pacts: of ${title}`,
    prepare: published,
    run: (scene: CliScene) => [
      ...['get-pacts', '--provider', scene.provider, ...options(scene), '--output', 'json'],
    ],
    leaves: async (_scene: CliScene, { output }: { readonly output: string }) => {
      const listed: readonly { readonly href: string }[] = JSON.parse(output).pacts;
      return [listed.map(({ href }) => href.split('/version/')[1]).sort(), versions] as const;
    },
  })),
  {
    title: 'get-pacts: as a table',
    prepare: published,
    run: ({ provider }) => ['get-pacts', '--provider', provider],
    says: ({ consumer, provider }) => [`Pact between ${consumer} (1) and ${provider}`],
  },
  {
    title: 'get-pacts: downloaded',
    prepare: published,
    run: ({ provider }) => [
      ...['get-pacts', '--provider', provider, '--download', '--download-dir', 'downloads'],
    ],
    leaves: async ({ folder, consumer, provider }) => [
      (await readdir(join(folder, 'downloads'))).sort(),
      [`${consumer}-${provider}-1.json`, `${consumer}-${provider}-2.json`],
    ],
  },
  {
    title: 'get-pacts: a provider that does not exist',
    run: () => ['get-pacts', '--provider', 'nobody'],
    code: 1,
    says: () => ['404'],
  },
  {
    title: 'list-latest-pact-versions: as a table',
    prepare: published,
    run: () => ['list-latest-pact-versions'],
    says: ({ consumer, provider }) => ['CONSUMER_VERSION', `"${consumer}"`, `"${provider}"`],
  },
  {
    title: 'list-latest-pact-versions: as JSON',
    prepare: published,
    run: () => ['list-latest-pact-versions', '--output', 'json'],
    leaves: async ({ consumer, provider }, { output }) => {
      const url = `/pacts/provider/${provider}/consumer/${consumer}/`;
      const listed: readonly { readonly href: string }[] = JSON.parse(output)._links['pb:pacts'];
      const own = listed.filter(({ href }) => href.includes(url));
      return [own.map(({ href }) => href.split('/version/')[1]), ['3']];
    },
  },
];

const states: readonly CliCase[] = [
  {
    title: 'provider-states list: of the main branch',
    prepare: published,
    run: ({ provider }) => ['provider-states', 'list', '--provider', provider],
    says: ({ consumer }) => ['Scope: Main branch', 'a thing exists', consumer],
  },
  {
    title: 'provider-states list: of a branch, as JSON',
    prepare: published,
    run: ({ provider }) => [
      ...['provider-states', 'list', '--provider', provider, '--branch', 'feat/x', '--json'],
    ],
    leaves: async ({ consumer }, { output }) => {
      const [{ name, consumers }] = JSON.parse(output).providerStates;
      return [
        [name, consumers],
        ['no thing exists', [consumer]],
      ];
    },
  },
  {
    title: 'provider-states list: of an environment',
    prepare: async (scene) => {
      await published(scene);
      await scene.environmentExists();
      await scene.deploys(scene.consumer, '3');
    },
    run: ({ provider, environment }) => [
      ...['provider-states', 'list', '--provider', provider, '--environment', environment],
    ],
    says: ({ environment }) => [`Environment: ${environment}`, 'no thing exists'],
  },
  {
    title: 'provider-states list: of a branch that does not exist',
    prepare: published,
    run: ({ provider }) => ['provider-states', 'list', '--provider', provider, '--branch', 'none'],
    says: () => ['No provider states found'],
  },
  {
    title: 'provider-states list: a provider that does not exist',
    run: () => ['provider-states', 'list', '--provider', 'nobody'],
    code: 1,
    says: () => ['404'],
  },
];

/** The commands that only read, and the one that asks nobody. */
export const readCases: readonly CliCase[] = [
  ...pacts,
  ...states,
  {
    title: 'generate-uuid: one to name a webhook by',
    run: () => ['generate-uuid'],
    leaves: async (scene, { output }) => {
      const webhook = {
        events: [{ name: 'contract_published' }],
        consumer: { name: scene.consumer },
        request: { method: 'POST', url: 'http://127.0.0.1:1/hook' },
      };
      await scene.publishes('1');
      return [(await scene.ask(`PUT /webhooks/${output.trim()}`, webhook)).status, 201];
    },
  },
];
