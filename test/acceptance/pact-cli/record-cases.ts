import type { CliCase, CliScene } from './cli-scene.ts';

async function published(scene: CliScene): Promise<void> {
  await scene.environmentExists();
  await scene.publishes('1', { branch: 'main' });
  await scene.publishes('2', { branch: 'main' });
}

const version = ({ consumer }: CliScene, number = '1'): readonly string[] => [
  ...['--pacticipant', consumer, '--version', number],
];
const place = ({ environment }: CliScene): readonly string[] => ['--environment', environment];
const blue = ['--application-instance', 'blue'];

const deployments: readonly CliCase[] = [
  {
    title: 'record-deployment: it replaces what ran there, in the same instance only',
    prepare: async (scene) => {
      await published(scene);
      await scene.deploys(scene.consumer, '1');
      await scene.deploys(scene.consumer, '1', 'blue');
    },
    run: (scene) => ['record-deployment', ...version(scene, '2'), ...place(scene)],
    says: ({ consumer, environment }) => [
      `Recorded deployment of ${consumer} version 2 to ${environment} environment`,
    ],
    leaves: async (scene) => [await scene.deployed(), ['1 blue', '2']],
  },
  {
    title: 'record-deployment: an application instance, answered as JSON',
    prepare: published,
    run: (scene) => [
      ...['record-deployment', ...version(scene), ...place(scene), ...blue, '--output', 'json'],
    ],
    leaves: async (scene, { output }) => [
      [JSON.parse(output).applicationInstance, ...(await scene.deployed())],
      ['blue', '1 blue'],
    ],
  },
  {
    title: 'record-deployment: a version with a slash',
    prepare: async (scene) => {
      await scene.environmentExists();
      await scene.publishes('rel/1 0', { branch: 'main' });
    },
    run: (scene) => ['record-deployment', ...version(scene, 'rel/1 0'), ...place(scene)],
    leaves: async (scene) => [await scene.deployed(), ['rel/1 0']],
  },
  {
    title: 'record-deployment: an environment that does not exist',
    prepare: published,
    run: (scene) => ['record-deployment', ...version(scene), '--environment', 'mars'],
    code: 1,
    says: () => ['Environment mars does not exist'],
  },
  {
    title: 'record-deployment: a version that does not exist',
    prepare: published,
    run: (scene) => ['record-deployment', ...version(scene, '99'), ...place(scene)],
    code: 1,
    says: () => ['/versions/99', '404'],
    leaves: async (scene) => [await scene.deployed(), []],
  },
  {
    title: 'record-undeployment: without an instance, the one without a name',
    prepare: async (scene) => {
      await published(scene);
      await scene.deploys(scene.consumer, '1');
      await scene.deploys(scene.consumer, '2', 'blue');
    },
    run: (scene) => ['record-undeployment', '-a', scene.consumer, ...place(scene)],
    says: ({ consumer }) => [`Undeployed ${consumer}`],
    leaves: async (scene) => [await scene.deployed(), ['2 blue']],
  },
  {
    title: 'record-undeployment: an application instance',
    prepare: async (scene) => {
      await published(scene);
      await scene.deploys(scene.consumer, '1');
      await scene.deploys(scene.consumer, '2', 'blue');
    },
    run: (scene) => [
      ...['record-undeployment', '-a', scene.consumer, ...place(scene), ...blue],
      ...['--output', 'json'],
    ],
    leaves: async (scene) => [await scene.deployed(), ['1']],
  },
  {
    title: 'record-undeployment: an instance that is not there names those that are',
    prepare: async (scene) => {
      await published(scene);
      await scene.deploys(scene.consumer, '2', 'green');
    },
    run: (scene) => ['record-undeployment', '-a', scene.consumer, ...place(scene), ...blue],
    code: 1,
    says: () => ["not currently deployed to application instance 'blue'", 'from: green'],
    leaves: async (scene) => [await scene.deployed(), ['2 green']],
  },
  {
    title: 'record-undeployment: what is not deployed',
    prepare: published,
    run: (scene) => ['record-undeployment', '-a', scene.consumer, ...place(scene)],
    code: 1,
    says: () => ['is not currently deployed'],
  },
];

const releases: readonly CliCase[] = [
  {
    title: 'record-release: two versions are supported beside each other',
    prepare: async (scene) => {
      await published(scene);
      await scene.releases(scene.consumer, '1');
    },
    run: (scene) => ['record-release', ...version(scene, '2'), ...place(scene)],
    says: ({ consumer }) => [`Recorded release of ${consumer} version 2`],
    leaves: async (scene) => [await scene.released(), ['1', '2']],
  },
  {
    title: 'record-release: the same release again is the same',
    prepare: async (scene) => {
      await published(scene);
      await scene.releases(scene.consumer, '1');
    },
    run: (scene) => ['record-release', ...version(scene), ...place(scene), '--output', 'json'],
    says: () => ['"currentlySupported":true'],
    leaves: async (scene) => [await scene.released(), ['1']],
  },
  {
    title: 'record-release: an environment that does not exist',
    prepare: published,
    run: (scene) => ['record-release', ...version(scene), '--environment', 'mars'],
    code: 1,
    says: () => ['mars'],
  },
  {
    title: 'record-support-ended: of one version of two',
    prepare: async (scene) => {
      await published(scene);
      await scene.releases(scene.consumer, '1');
      await scene.releases(scene.consumer, '2');
    },
    run: (scene) => [
      ...['record-support-ended', ...version(scene), ...place(scene), '--output', 'pretty'],
    ],
    says: ({ consumer }) => [`Recorded support ended for application ${consumer}, version 1`],
    leaves: async (scene) => [await scene.released(), ['2']],
  },
  {
    title: 'record-support-ended: what was never released',
    prepare: published,
    run: (scene) => ['record-support-ended', ...version(scene), ...place(scene)],
    code: 1,
    says: () => ['No currently released versions found'],
  },
];

const described = async (scene: CliScene): Promise<void> => {
  await published(scene);
  await scene.deploys(scene.consumer, '1', 'blue');
  await scene.releases(scene.consumer, '2');
};

const where = (scene: CliScene): readonly string[] => [
  ...['describe-version', '-a', scene.consumer, ...place(scene)],
];

const descriptions: readonly CliCase[] = [
  {
    title: 'describe-version: what is deployed and released in an environment',
    prepare: described,
    run: where,
    says: () => ['APPLICATION INSTANCE', 'blue', 'Deployed'],
  },
  {
    title: 'describe-version: only what is deployed',
    prepare: described,
    run: (scene) => [...where(scene), '--deployed', '--output', 'json'],
    leaves: async (_scene, { output }) => [numbersIn(output), ['1']],
  },
  {
    title: 'describe-version: only what is released',
    prepare: described,
    run: (scene) => [...where(scene), '--released', '--output', 'json'],
    leaves: async (_scene, { output }) => [numbersIn(output), ['2']],
  },
  {
    title: 'describe-version: an environment that does not exist',
    prepare: published,
    run: ({ consumer }) => ['describe-version', '-a', consumer, '--environment', 'mars'],
    code: 1,
    says: () => ["Environment 'mars' not found"],
  },
];

function numbersIn(output: string): readonly string[] {
  const rows: readonly { readonly _embedded: { readonly version: { readonly number: string } } }[] =
    JSON.parse(output);
  return rows.map(({ _embedded }) => _embedded.version.number);
}

/** The commands that say what runs where. */
export const recordCases: readonly CliCase[] = [...deployments, ...releases, ...descriptions];
