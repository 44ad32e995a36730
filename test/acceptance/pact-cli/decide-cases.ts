import type { CliCase, CliScene } from './cli-scene.ts';

const YES = 'Computer says yes';
const NO = 'Computer says no';

/** Version 1 of the consumer on `main` and `feat/x`, tagged `dev`, works with version 10 of the provider on `main`, which is deployed and tagged `prod`. */
async function verified(scene: CliScene): Promise<void> {
  const { provider } = scene;
  await scene.environmentExists();
  await scene.publishes('1', { branch: 'main', tags: ['dev'] });
  await scene.verifies('1', '10');
  await scene.ask(`PUT /pacticipants/${provider}/branches/main/versions/10`, {});
  await scene.ask(`PUT /pacticipants/${provider}/versions/10/tags/prod`, {});
  await scene.ask(`PUT /pacticipants/${scene.consumer}/branches/feat%2Fx/versions/1`, {});
  await scene.deploys(provider, '10');
}

/** The same, and version 2 of the consumer says something that nobody has looked at. */
async function unknown(scene: CliScene): Promise<void> {
  await verified(scene);
  await scene.publishes('2', { branch: 'feat/y' }, { interactions: [] });
}

/** The same, and version 2 does not work with what is deployed. */
async function failed(scene: CliScene): Promise<void> {
  await unknown(scene);
  await scene.verifies('2', '10', false);
}

const one = ({ consumer }: CliScene): readonly string[] => [
  ...['can-i-deploy', '--pacticipant', consumer, '--version', '1'],
];
const two = ({ consumer }: CliScene): readonly string[] => [
  ...['can-i-deploy', '--pacticipant', consumer, '--version', '2'],
];
const there = ({ environment }: CliScene): readonly string[] => ['--to-environment', environment];

interface Question {
  readonly title: string;
  readonly of: (scene: CliScene) => Promise<void>;
  readonly asks: (scene: CliScene) => readonly string[];
  readonly says?: string;
}

const yes: readonly Question[] = [
  { title: 'to an environment', of: verified, asks: (s) => [...one(s), ...there(s)] },
  { title: 'to a tag', of: verified, asks: (s) => [...one(s), '--to', 'prod'] },
  { title: 'with nothing named', of: verified, asks: one, says: 'Without the environment' },
  {
    title: 'with a version of the other',
    of: verified,
    asks: (s) => [...one(s), '-a', s.provider, '-e', '10'],
  },
  {
    title: 'latest and latest with a tag',
    of: verified,
    asks: ({ consumer, provider }) => [
      ...['can-i-deploy', '-a', consumer, '--latest', '-a', provider, '--latest', 'prod'],
    ],
    says: 'Without a version number, this result will not be reliable',
  },
  {
    title: 'a tag each',
    of: verified,
    asks: ({ consumer, provider }) => [
      ...['can-i-deploy', '-a', consumer, '--tag', 'dev', '-a', provider, '--tag', 'prod'],
    ],
  },
  {
    title: 'a branch with a slash',
    of: verified,
    asks: (s) => ['can-i-deploy', '-a', s.consumer, '--branch', 'feat/x', ...there(s)],
  },
  {
    title: 'the main branch of each',
    of: verified,
    asks: ({ consumer, provider }) => [
      ...['can-i-deploy', '-a', consumer, '--main-branch', '-a', provider, '--main-branch'],
    ],
  },
  {
    title: 'a branch of the other',
    of: verified,
    asks: (s) => [...one(s), '-a', s.provider, '--branch', 'main'],
  },
  ...['--no-main-branch', '--skip-main-branch'].map((option) => ({
    title: `${option} changes nothing`,
    of: verified,
    asks: (s: CliScene) => [...one(s), option, 'true', ...there(s)],
  })),
  {
    title: 'what failed is ignored',
    of: failed,
    asks: (s) => [...two(s), '--ignore', s.provider, ...there(s)],
    says: 'There are no missing dependencies',
  },
  {
    title: 'a dry run of what failed',
    of: failed,
    asks: (s) => [...two(s), ...there(s), '--dry-run'],
    says: 'Dry run enabled, suppressing failing exit code',
  },
];

const no: readonly Question[] = [
  {
    title: 'what failed',
    of: failed,
    asks: (s) => [...two(s), ...there(s)],
    says: 'failed',
  },
  {
    title: 'what nobody has verified',
    of: unknown,
    asks: (s) => [...two(s), ...there(s)],
    says: 'no verified pact',
  },
  {
    title: 'what nobody verifies while it waits',
    of: unknown,
    asks: (s) => [
      ...[...two(s), ...there(s), '--retry-while-unknown', '1', '--retry-interval', '1'],
    ],
    says: 'no verified pact',
  },
  {
    title: 'a version that does not exist',
    of: verified,
    asks: (s) => ['can-i-deploy', '-a', s.consumer, '-e', 'rel/9 9', ...there(s)],
    says: 'No pacts or verifications have been published for version rel/9 9',
  },
  {
    title: 'a branch that does not exist',
    of: verified,
    asks: (s) => ['can-i-deploy', '-a', s.consumer, '--branch', 'feat/none', ...there(s)],
    says: 'from branch feat/none exists',
  },
  {
    title: 'a pacticipant that does not exist',
    of: verified,
    asks: (s) => ['can-i-deploy', '-a', 'nobody', '-e', '1', ...there(s)],
    says: 'Pacticipant nobody not found',
  },
  {
    title: 'an environment that does not exist',
    of: verified,
    asks: (s) => [...one(s), '--to-environment', 'mars'],
    says: "Environment with name 'mars' does not exist",
  },
  {
    title: 'a tag that the other lacks',
    of: verified,
    asks: (s) => [...one(s), '--to', 'nowhere'],
    says: 'There is no verified pact',
  },
];

const merges = ({ consumer }: CliScene, number: string): readonly string[] => [
  ...['can-i-merge', '--pacticipant', consumer, '--version', number],
];

const merging: readonly CliCase[] = [
  {
    title: 'can-i-merge: yes with the main branch of the other',
    prepare: verified,
    run: (scene) => merges(scene, '1'),
    says: () => [YES],
  },
  {
    title: 'can-i-merge: no when it does not work with the main branch',
    prepare: failed,
    run: (scene) => merges(scene, '2'),
    code: 1,
    says: () => [NO],
  },
  {
    title: 'can-i-merge: a dry run fails no build',
    prepare: failed,
    run: (scene) => [...merges(scene, '2'), '--dry-run'],
    says: () => [NO],
  },
  {
    title: 'can-i-merge: it waits for what is not known yet, and gives up',
    prepare: unknown,
    run: (scene) => [
      ...[...merges(scene, '2'), '--retry-while-unknown', '1', '--retry-interval', '1'],
    ],
    code: 1,
  },
  {
    title: 'can-i-merge: the answer as JSON',
    prepare: verified,
    run: (scene) => [...merges(scene, '1'), '--output', 'json'],
    leaves: async (_scene, { output }) => [JSON.parse(output).summary.deployable, true],
  },
];

/** `can-i-deploy` and `can-i-merge` with every option. */
export const decideCases: readonly CliCase[] = [
  ...yes.map(({ title, of, asks, says = '' }) => ({
    title: `can-i-deploy: yes, ${title}`,
    prepare: of,
    run: asks,
    says: () => [says],
  })),
  ...no.map(({ title, of, asks, says = '' }) => ({
    title: `can-i-deploy: no, ${title}`,
    prepare: of,
    run: asks,
    code: 1,
    says: () => [says],
  })),
  {
    title: 'can-i-deploy: the answer as a table names versions and results',
    prepare: verified,
    run: (scene) => [...one(scene), ...there(scene), '--output', 'table'],
    says: ({ consumer, provider }) => [
      ...['C.VERSION', 'P.VERSION', consumer, provider, 'verification-results', YES],
      'All required verification results are published and successful',
    ],
  },
  {
    // The CLI exits with 0 whatever the JSON says.
    title: 'can-i-deploy: the answer as JSON is the matrix',
    prepare: failed,
    run: (scene) => [...two(scene), ...there(scene), '--output', 'json'],
    leaves: async (_scene, { output }) => {
      const { summary, matrix } = JSON.parse(output);
      const [{ verificationResult, consumer }] = matrix;
      return [
        [summary.deployable, summary.failed, verificationResult.success, consumer.version.number],
        [false, 1, false, '2'],
      ];
    },
  },
  ...merging,
];
