import type { CliCase, CliScene } from './cli-scene.ts';

const UUID = '11111111-2222-4333-8444-555555555555';

/** The scene's environment goes by a uuid that the case can name beforehand. */
async function withUuid(scene: CliScene): Promise<string> {
  return scene.environmentExists();
}

async function environmentOf(scene: CliScene, name = scene.environment) {
  const { body } = await scene.ask(`GET /environments?name=${name}`);
  const [environment] = body._embedded.environments;
  return environment;
}

/** Commands that take the uuid of the scene's environment run after it is known. */
function byUuid(
  each: Omit<CliCase, 'run'> & { readonly words: (scene: CliScene) => readonly string[] },
): CliCase {
  const uuids = new WeakMap<CliScene, string>();
  const { words, prepare, ...rest } = each;
  return {
    ...rest,
    prepare: async (scene) => {
      uuids.set(scene, await withUuid(scene));
      await prepare?.(scene);
    },
    run: (scene) => {
      const [command = '', ...options] = words(scene);
      return [command, '--uuid', uuids.get(scene) ?? '', ...options];
    },
  };
}

const creating: readonly CliCase[] = [
  {
    title: 'create-environment: with all there is to say',
    run: ({ environment }) => [
      ...['create-environment', '--name', environment, '--display-name', 'A place', '--production'],
      ...['--contact-name', 'Team', '--contact-email-address', 'team@example.org'],
    ],
    says: ({ environment }) => [`Created ${environment} environment`],
    leaves: async (scene) => {
      const { displayName, production, contacts } = await environmentOf(scene);
      return [
        { displayName, production, contacts },
        {
          displayName: 'A place',
          production: true,
          contacts: [{ name: 'Team', details: { emailAddress: 'team@example.org' } }],
        },
      ];
    },
  },
  {
    title: 'create-environment: the id alone is printed, for scripts',
    run: ({ environment }) => ['create-environment', '--name', environment, '--output', 'id'],
    leaves: async (scene, { output }) => [output.trim(), (await environmentOf(scene)).uuid],
  },
  {
    title: 'create-environment: a name that is taken is refused',
    prepare: (scene) => scene.environmentExists(),
    run: ({ environment }) => ['create-environment', '--name', environment],
    code: 1,
    says: ({ environment }) => [`name '${environment}' is already used`],
  },
];

const changing: readonly CliCase[] = [
  byUuid({
    title: 'update-environment: the name, the display name, and what is left out goes',
    words: ({ environment }) => [
      ...['update-environment', '--name', `${environment}-b`, '--display-name', 'B'],
      ...['--production', '--output', 'json'],
    ],
    leaves: async (scene) => {
      const { displayName, production } = await environmentOf(scene, `${scene.environment}-b`);
      return [
        { displayName, production },
        { displayName: 'B', production: true },
      ];
    },
  }),
  byUuid({
    title: 'update-environment: the name of another is refused',
    prepare: (scene) =>
      scene.ask('POST /environments', { name: scene.consumer, production: false }),
    words: ({ consumer }) => ['update-environment', '--name', consumer],
    code: 1,
    says: ({ consumer }) => [`name '${consumer}' is already used`],
  }),
  {
    title: 'update-environment: one that does not exist',
    run: () => ['update-environment', '--uuid', UUID, '--name', 'x'],
    code: 1,
    says: () => [`Environment with UUID ${UUID} not found`],
  },
  byUuid({
    title: 'delete-environment: it is gone',
    words: () => ['delete-environment'],
    says: ({ environment }) => [`Environment ${environment}`, 'deleted successfully'],
    leaves: async (scene) => [await scene.environmentUuid(), undefined],
  }),
  {
    title: 'delete-environment: one that does not exist',
    run: () => ['delete-environment', '--uuid', UUID],
    code: 1,
    says: () => ['404'],
  },
];

const reading: readonly CliCase[] = [
  byUuid({
    title: 'describe-environment: as text',
    words: () => ['describe-environment'],
    says: ({ environment }) => [`Name: ${environment}`, 'Production: false', 'Created At: '],
  }),
  byUuid({
    title: 'describe-environment: as JSON',
    words: () => ['describe-environment', '--output', 'json'],
    leaves: async (scene, { output }) => [JSON.parse(output), await environmentOf(scene)],
  }),
  {
    title: 'describe-environment: one that does not exist',
    run: () => ['describe-environment', '--uuid', UUID],
    code: 1,
    says: () => ['404'],
  },
  {
    title: 'list-environments: as a table',
    prepare: (scene) => scene.environmentExists(),
    run: () => ['list-environments'],
    says: ({ environment }) => ['DISPLAY NAME', environment],
  },
  ...['json', 'pretty'].map((format) => ({
    title: `list-environments: as ${format}`,
    prepare: (scene: CliScene) => scene.environmentExists(),
    run: () => ['list-environments', '--output', format],
    leaves: async (scene: CliScene, { output }: { readonly output: string }) => {
      const listed: readonly { readonly name: string }[] =
        JSON.parse(output)._embedded.environments;
      return [listed.some(({ name }) => name === scene.environment), true] as const;
    },
  })),
];

/** The commands on environments. */
export const environmentCases: readonly CliCase[] = [...creating, ...changing, ...reading];
