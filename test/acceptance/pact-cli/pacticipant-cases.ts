import type { CliCase, CliScene } from './cli-scene.ts';

const pacticipant = (scene: CliScene) => scene.ask(`GET /pacticipants/${scene.consumer}`);
const version = (scene: CliScene, number: string) =>
  scene.ask(`GET /pacticipants/${scene.consumer}/versions/${encodeURIComponent(number)}`);

async function namesOf(scene: CliScene, list: 'tags' | 'branchVersions', number = '1') {
  const { body } = await version(scene, number);
  const named: readonly { readonly name: string }[] = body._embedded[list] ?? [];
  return named.map(({ name }) => name).sort();
}

const published = (scene: CliScene) =>
  scene.publishes('1', { branch: 'feat/x', tags: ['a/b', 'prod'] });

const known = (scene: CliScene) =>
  scene.ask('POST /pacticipants', { name: scene.consumer, mainBranch: 'dev' });

const pacticipants: readonly CliCase[] = [
  {
    title: 'create-or-update-pacticipant: a new one',
    run: ({ consumer }) => [
      ...['create-or-update-pacticipant', '--name', consumer, '--display-name', 'The web'],
      ...['--main-branch', 'main', '--repository-url', 'http://git.example/web'],
    ],
    says: ({ consumer }) => [`Pacticipant '${consumer}' created successfully`],
    leaves: async (scene) => {
      const { displayName, mainBranch, repositoryUrl } = (await pacticipant(scene)).body;
      return [
        [displayName, mainBranch, repositoryUrl],
        ['The web', 'main', 'http://git.example/web'],
      ];
    },
  },
  {
    title: 'create-or-update-pacticipant: what is not named stays as it was',
    prepare: known,
    run: ({ consumer }) => [
      ...['create-or-update-pacticipant', '--name', consumer, '--repository-url', 'http://r'],
      ...['--output', 'json'],
    ],
    leaves: async (scene) => {
      const { mainBranch, repositoryUrl } = (await pacticipant(scene)).body;
      return [
        [mainBranch, repositoryUrl],
        ['dev', 'http://r'],
      ];
    },
  },
  {
    title: 'create-or-update-pacticipant: a name with a slash and a space',
    run: ({ consumer }) => ['create-or-update-pacticipant', '--name', `${consumer}/a b`],
    leaves: async (scene) => [
      (await scene.ask(`GET /pacticipants/${encodeURIComponent(`${scene.consumer}/a b`)}`)).status,
      200,
    ],
  },
  {
    title: 'describe-pacticipant: as text',
    prepare: known,
    run: ({ consumer }) => ['describe-pacticipant', '--name', consumer],
    says: ({ consumer }) => [`Name: ${consumer}`, 'Main Branch: dev', 'Repo URL: -'],
  },
  {
    title: 'describe-pacticipant: as a table',
    prepare: published,
    run: ({ consumer }) => ['describe-pacticipant', '--name', consumer, '--output', 'table'],
    says: ({ consumer }) => ['MAIN BRANCH', consumer],
  },
  {
    title: 'describe-pacticipant: as JSON',
    prepare: published,
    run: ({ consumer }) => ['describe-pacticipant', '--name', consumer, '--output', 'json'],
    leaves: async (scene, { output }) => [JSON.parse(output), (await pacticipant(scene)).body],
  },
  {
    title: 'describe-pacticipant: one that does not exist',
    run: () => ['describe-pacticipant', '--name', 'nobody'],
    code: 1,
    says: () => ['/pacticipants/nobody', '404'],
  },
  {
    title: 'list-pacticipants: as a table',
    prepare: published,
    run: () => ['list-pacticipants'],
    says: ({ consumer, provider }) => ['DISPLAY NAME', `"${consumer}"`, `"${provider}"`],
  },
  {
    title: 'list-pacticipants: as JSON',
    prepare: published,
    run: () => ['list-pacticipants', '--output', 'json'],
    says: ({ consumer }) => [`"name":"${consumer}"`],
  },
];

const versions: readonly CliCase[] = [
  {
    title: 'create-or-update-version: by number alone',
    run: ({ consumer }) => ['create-or-update-version', '-a', consumer, '-e', '1 0'],
    says: () => ["Version '1 0' created or updated successfully"],
    leaves: async (scene) => [(await version(scene, '1 0')).body.number, '1 0'],
  },
  {
    title: 'create-or-update-version: on a branch with a slash, with a tag with a slash',
    run: ({ consumer }) => [
      ...['create-or-update-version', '-a', consumer, '-e', '1', '--branch', 'feat/x'],
      ...['--tag', 'a/b', '--output', 'json'],
    ],
    leaves: async (scene) => [
      [await namesOf(scene, 'branchVersions'), await namesOf(scene, 'tags')],
      [['feat/x'], ['a/b']],
    ],
  },
  {
    title: 'create-or-update-version: a number with a slash on a branch',
    run: ({ consumer }) => [
      ...['create-or-update-version', '-a', consumer, '-e', 'rel/1', '--branch', 'main'],
    ],
    leaves: async (scene) => [await namesOf(scene, 'branchVersions', 'rel/1'), ['main']],
  },
  {
    title: 'describe-version: the latest',
    prepare: async (scene) => {
      await published(scene);
      await scene.publishes('2', { tags: ['new'] });
    },
    run: ({ consumer }) => ['describe-version', '-a', consumer],
    says: () => ['2', 'new'],
  },
  {
    title: 'describe-version: the latest with a tag',
    prepare: async (scene) => {
      await published(scene);
      await scene.publishes('2', {});
    },
    run: ({ consumer }) => ['describe-version', '-a', consumer, '--latest', 'prod'],
    says: () => ['a/b, prod'],
  },
  {
    title: 'describe-version: by number, as JSON',
    prepare: (scene) => scene.publishes('rel/1', { branch: 'main' }),
    run: ({ consumer }) => ['describe-version', '-a', consumer, '-e', 'rel/1', '-o', 'json'],
    leaves: async (scene, { output }) => [JSON.parse(output), (await version(scene, 'rel/1')).body],
  },
  ...[
    ['--version', '99'],
    ['--latest', 'nowhere'],
  ].map((which) => ({
    title: `describe-version: ${which.join(' ')} does not exist`,
    prepare: published,
    run: ({ consumer }: CliScene) => ['describe-version', '-a', consumer, ...which],
    code: 1,
    says: () => ['Pacticipant version not found'],
  })),
];

const tags: readonly CliCase[] = [
  {
    title: 'create-version-tag: a tag',
    prepare: published,
    run: ({ consumer }) => ['create-version-tag', '-a', consumer, '-e', '1', '--tag', 'live'],
    says: () => ["with tag 'live' - Success"],
    leaves: async (scene) => [await namesOf(scene, 'tags'), ['a/b', 'live', 'prod']],
  },
  {
    // Outside a repository there is no tag to add.
    title: 'create-version-tag: the branch of the repository beside another tag',
    prepare: published,
    run: ({ consumer }) => [
      ...['create-version-tag', '-a', consumer, '-e', '1', '--tag', 'live'],
      '--tag-with-git-branch',
    ],
    leaves: async (scene) => [await namesOf(scene, 'tags'), ['a/b', 'live', 'prod']],
  },
  {
    title: 'create-version-tag: a version and a tag with slashes',
    prepare: (scene) => scene.publishes('rel/1'),
    run: ({ consumer }) => ['create-version-tag', '-a', consumer, '-e', 'rel/1', '--tag', 'c/d'],
    says: () => ["with tag 'c/d' - Success"],
    leaves: async (scene) => [await namesOf(scene, 'tags', 'rel/1'), ['c/d']],
  },
  {
    title: 'create-version-tag: a version that does not exist is made when asked for',
    run: ({ consumer }) => [
      ...['create-version-tag', '-a', consumer, '-e', '7', '--tag', 'live'],
      '--auto-create-version',
    ],
    leaves: async (scene) => [await namesOf(scene, 'tags', '7'), ['live']],
  },
  {
    title: 'create-version-tag: a version that does not exist',
    run: ({ consumer }) => ['create-version-tag', '-a', consumer, '-e', '7', '--tag', 'live'],
    code: 1,
    says: () => ['does not exist. Use --auto-create-version'],
  },
  {
    title: 'delete-version-tag: a tag with a slash',
    prepare: published,
    run: ({ consumer }) => ['delete-version-tag', '-a', consumer, '-e', '1', '--tag', 'a/b'],
    says: () => ["Successfully deleted tag 'a/b'"],
    leaves: async (scene) => [await namesOf(scene, 'tags'), ['prod']],
  },
  {
    title: 'delete-version-tag: a tag that is not there',
    prepare: published,
    run: ({ consumer }) => ['delete-version-tag', '-a', consumer, '-e', '1', '--tag', 'none'],
    says: () => ['was not found (may have already been deleted)'],
  },
];

const branches: readonly CliCase[] = [
  {
    title: 'delete-branch: one with a slash; its versions stay',
    prepare: published,
    run: ({ consumer }) => ['delete-branch', '-a', consumer, '--branch', 'feat/x'],
    says: () => ["Successfully deleted branch 'feat/x'"],
    leaves: async (scene) => [
      [await namesOf(scene, 'branchVersions'), (await version(scene, '1')).status],
      [[], 200],
    ],
  },
  {
    title: 'delete-branch: one that does not exist',
    prepare: published,
    run: ({ consumer }) => ['delete-branch', '-a', consumer, '--branch', 'none'],
    says: () => ["Could not delete branch 'none'"],
  },
  {
    title: 'delete-branch: one that does not exist, as an error',
    prepare: published,
    run: ({ consumer }) => [
      ...['delete-branch', '-a', consumer, '--branch', 'none', '--error-when-not-found', 'true'],
    ],
    code: 1,
  },
];

/** The commands on pacticipants and their versions, tags and branches. */
export const pacticipantCases: readonly CliCase[] = [
  ...pacticipants,
  ...versions,
  ...tags,
  ...branches,
];
