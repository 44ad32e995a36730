import { execFileSync } from 'node:child_process';
import { anInteraction } from '../publishing.ts';
import type { CliCase, CliScene } from './cli-scene.ts';

const another = { interactions: [anInteraction({ description: 'get another thing' })] };
const changed = { interactions: [anInteraction({ response: { status: 404 } })] };

const version = ['--consumer-app-version', '1'];

/** `publish` in every way a build calls it. */
export const publishCases: readonly CliCase[] = [
  {
    title: 'publish: a file, with branch, tags and build',
    prepare: (scene) => scene.writesPact(),
    run: () => [
      ...['publish', 'pact.json', ...version, '--branch', 'feat/x'],
      ...['--tag', 'dev,prod', '--build-url', 'http://ci.example/1'],
    ],
    says: ({ consumer }) => [
      `Created ${consumer} version 1 with branch feat/x and tags dev, prod`,
      `Pact successfully published for ${consumer} version 1`,
      'Events detected: contract_published, contract_content_changed',
    ],
    leaves: async (scene) => {
      const { body } = await versionOf(scene);
      const { branchVersions, tags } = body._embedded;
      return [
        { build: body.buildUrl, branches: names(branchVersions), tags: names(tags) },
        { build: 'http://ci.example/1', branches: ['feat/x'], tags: ['dev', 'prod'] },
      ];
    },
  },
  {
    title: 'publish: a folder with two providers',
    prepare: async (scene) => {
      await scene.writesPact({}, 'a.json');
      await scene.writesPact({ provider: { name: `${scene.provider}-b` } }, 'b.json');
    },
    run: () => ['publish', '.', ...version, '--branch', 'main'],
    leaves: async (scene) => [
      await Promise.all([pactOf(scene), pactOf(scene, `${scene.provider}-b`)].map(status)),
      [200, 200],
    ],
  },
  {
    title: 'publish: several files of one pair, without a branch',
    prepare: async (scene) => {
      await scene.writesPact({}, 'a.json');
      await scene.writesPact(another, 'b.json');
    },
    run: () => ['publish', 'a.json', 'b.json', ...version],
    says: () => ['Configure the version branch to be the value of your repository branch'],
    leaves: async (scene) => [await descriptions(scene), ['get a thing', 'get another thing']],
  },
  {
    title: 'publish: the same content again is no conflict',
    prepare: async (scene) => {
      await scene.writesPact();
      await scene.cli(['publish', 'pact.json', ...version, '--branch', 'main']);
    },
    run: () => ['publish', 'pact.json', ...version, '--branch', 'main', '--validate', '--strict'],
    says: () => ['republished', 'with no content changes'],
  },
  {
    title: 'publish: other content for the same version is refused, and what was there stays',
    prepare: async (scene) => {
      await scene.publishes('1');
      await scene.writesPact(changed);
    },
    run: () => ['publish', 'pact.json', ...version],
    code: 1,
    says: ({ consumer }) => [`Cannot change the content of the pact for ${consumer} version 1`],
    leaves: async (scene) => [
      (await pactOf(scene)).body.interactions[0].response.status,
      (scene.pact().interactions as readonly { response: { status: number } }[])[0]?.response
        .status,
    ],
  },
  {
    title: 'publish: --merge adds the interactions of another build node',
    prepare: async (scene) => {
      await scene.publishes('1');
      await scene.writesPact(another);
    },
    run: () => ['publish', 'pact.json', ...version, '--merge'],
    says: () => ['Pact content merged with existing content'],
    leaves: async (scene) => [await descriptions(scene), ['get a thing', 'get another thing']],
  },
  {
    title: 'publish: --merge adds messages to requests',
    prepare: async (scene) => {
      await scene.publishes('1');
      await scene.writesPact({
        interactions: undefined,
        messages: [{ description: 'a thing was sold', contents: { id: 1 }, metaData: {} }],
      });
    },
    run: () => ['publish', 'pact.json', ...version, '--merge'],
    leaves: async (scene) => {
      const { interactions, messages } = (await pactOf(scene)).body;
      return [
        [interactions.length, messages?.[0]?.description],
        [1, 'a thing was sold'],
      ];
    },
  },
  {
    title: 'publish: --merge of another promise for the same interaction is refused',
    prepare: async (scene) => {
      await scene.publishes('1');
      await scene.writesPact(changed);
    },
    run: () => ['publish', 'pact.json', ...version, '--merge'],
    code: 1,
    says: ({ consumer }) => [`Cannot change the content of the pact for ${consumer} version 1`],
  },
  {
    title: 'publish: commit and branch are found in the repository',
    prepare: async (scene) => {
      await scene.writesPact();
      git(scene, 'init', '--quiet', '--initial-branch', 'feat/auto');
      git(scene, 'add', '.');
      git(scene, '-c', 'user.name=a', '-c', 'user.email=a@b.c', 'commit', '--quiet', '-m', 'a');
    },
    run: () => ['publish', 'pact.json', '--auto-detect-version-properties', '--output', 'json'],
    says: (scene) => [
      'Auto detected git branch: feat/auto',
      `"number":"${git(scene, 'rev-parse', 'HEAD')}"`,
    ],
    leaves: async (scene) => [
      names(
        (await versionOf(scene, git(scene, 'rev-parse', 'HEAD'))).body._embedded.branchVersions,
      ),
      ['feat/auto'],
    ],
  },
  {
    // The CLI's tag is the commit, not the branch's name.
    title: 'publish: --tag-with-git-branch sends one tag more',
    prepare: async (scene) => {
      await scene.writesPact();
      git(scene, 'init', '--quiet', '--initial-branch', 'main');
      git(scene, 'add', '.');
      git(scene, '-c', 'user.name=a', '-c', 'user.email=a@b.c', 'commit', '--quiet', '-m', 'a');
    },
    run: () => ['publish', 'pact.json', ...version, '--tag-with-git-branch', '--tag', 'dev'],
    leaves: async (scene) => [names((await versionOf(scene)).body._embedded.tags).length, 2],
  },
  {
    title: 'publish: versions and branches with slashes, spaces and more',
    prepare: (scene) => scene.writesPact(),
    run: () => ['publish', 'pact.json', '-a', 'rel/1 ü+%', '--branch', 'feat/x y'],
    leaves: async (scene) => {
      const { body } = await versionOf(scene, 'rel/1 ü+%');
      return [
        [body.number, ...names(body._embedded.branchVersions)],
        ['rel/1 ü+%', 'feat/x y'],
      ];
    },
  },
  {
    title: 'publish: no version, nothing published',
    prepare: (scene) => scene.writesPact(),
    run: () => ['publish', 'pact.json', '--branch', 'main', '--auto-detect-version-properties'],
    code: 1,
    says: () => ['Consumer app version is required'],
    leaves: async (scene) => [await status(scene.ask(`GET /pacticipants/${scene.consumer}`)), 404],
  },
];

function git({ folder }: CliScene, ...words: readonly string[]): string {
  return execFileSync('git', words, { cwd: folder, encoding: 'utf8' }).trim();
}

function versionOf(scene: CliScene, number = '1') {
  return scene.ask(`GET /pacticipants/${scene.consumer}/versions/${encodeURIComponent(number)}`);
}

function pactOf(scene: CliScene, provider = scene.provider) {
  return scene.ask(`GET /pacts/provider/${provider}/consumer/${scene.consumer}/version/1`);
}

async function descriptions(scene: CliScene): Promise<readonly string[]> {
  const { interactions } = (await pactOf(scene)).body;
  return interactions.map(({ description }: { readonly description: string }) => description);
}

async function status(answer: Promise<{ readonly status: number }>): Promise<number> {
  return (await answer).status;
}

function names(list: readonly { readonly name: string }[]): readonly string[] {
  return list.map(({ name }) => name).sort();
}
