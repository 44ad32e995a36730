import type { CliCase, CliScene } from './cli-scene.ts';

const URL_OF_TARGET = 'http://127.0.0.1:1/hook';
const published = (scene: CliScene) => scene.publishes('1', { branch: 'main' });

/** A uuid that only the scene uses. */
const uuidOf = ({ consumer }: CliScene): string => `uuid-for-the-hook-of-${consumer}`;

/** The webhook under the link that the CLI printed. */
async function printed(scene: CliScene, output: string) {
  const { href } = JSON.parse(output)._links.self;
  return (await scene.ask(`GET ${new URL(href).pathname}`)).body;
}

const events = [
  'contract-content-changed',
  'contract-published',
  'provider-verification-published',
  'provider-verification-failed',
  'provider-verification-succeeded',
  'contract-requiring-verification-published',
];

/** Filled in by the hub when it sends. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: that is how the hub's variables are written.
const TEMPLATE = '${pactbroker.consumerVersionNumber}';

const create = ['create-webhook', URL_OF_TARGET, '--request', 'POST'];

/** Leaves out of a webhook what is the hub's: links, times and its uuid. */
async function kept(scene: CliScene, output: string) {
  const { consumer, provider, request, description, events } = await printed(scene, output);
  return { consumer, provider, request, description, events };
}

/** The two commands that make a webhook, which take the same options. */
const makers: readonly { readonly name: string; readonly words: (scene: CliScene) => string[] }[] =
  [
    { name: 'create-webhook', words: () => create },
    {
      name: 'create-or-update-webhook',
      words: (scene) => [
        ...[
          'create-or-update-webhook',
          URL_OF_TARGET,
          '--request',
          'POST',
          '--uuid',
          uuidOf(scene),
        ],
      ],
    },
  ];

const making: readonly CliCase[] = makers.flatMap(({ name, words }) => [
  {
    title: `${name}: for a pair, with everything`,
    prepare: published,
    run: (scene: CliScene) => [
      ...[...words(scene), '--consumer', scene.consumer, '--provider', scene.provider],
      ...['--description', 'A hook'],
      ...['--data', JSON.stringify({ version: TEMPLATE }), '--user', 'me:secret'],
      ...['--header', 'Content-Type: application/json', 'X-Team: a b'],
      ...events.map((event) => `--${event}`),
    ],
    leaves: async (scene: CliScene, { output }: { readonly output: string }) => {
      const { request, description, ...rest } = await kept(scene, output);
      const names = rest.events.map(({ name }: { readonly name: string }) => name).sort();
      return [
        { ...request, description, names, of: [rest.consumer.name, rest.provider.name] },
        {
          method: 'POST',
          url: URL_OF_TARGET,
          username: 'me',
          password: '**********',
          headers: { 'content-type': 'application/json', 'x-team': 'a b' },
          body: { version: TEMPLATE },
          description: 'A hook',
          names: events.map((event) => event.replaceAll('-', '_')).sort(),
          of: [scene.consumer, scene.provider],
        },
      ] as const;
    },
  },
  {
    title: `${name}: for labels`,
    run: (scene: CliScene) => [
      ...[...words(scene), '--consumer-label', scene.consumer],
      ...['--provider-label', scene.provider],
      '--contract-published',
    ],
    leaves: async (scene: CliScene, { output }: { readonly output: string }) => {
      const { consumer, provider } = await kept(scene, output);
      return [
        [consumer.label, provider.label],
        [scene.consumer, scene.provider],
      ] as const;
    },
  },
  {
    title: `${name}: a team of another product's is no obstacle`,
    prepare: published,
    run: (scene: CliScene) => [
      ...[...words(scene), '--consumer', scene.consumer, '--contract-published'],
      ...['--team-uuid', '11111111-2222-4333-8444-555555555555'],
    ],
    leaves: async (scene: CliScene, { output }: { readonly output: string }) =>
      [(await kept(scene, output)).consumer.name, scene.consumer] as const,
  },
]);

const creating: readonly CliCase[] = [
  ...(['consumer', 'provider'] as const).map((side) => ({
    title: `create-webhook: for a ${side}`,
    prepare: published,
    run: (scene: CliScene) => [...create, `--${side}`, scene[side], '--contract-published'],
    leaves: async (scene: CliScene, { output }: { readonly output: string }) =>
      [(await kept(scene, output))[side].name, scene[side]] as const,
  })),
  ...[
    {
      title: 'a pair of which one does not exist',
      prepare: published,
      options: ({ provider }: CliScene) => ['--consumer', 'nobody', '--provider', provider],
      says: '404',
    },
    {
      title: 'a consumer that does not exist',
      options: () => ['--consumer', 'nobody'],
      says: 'consumer.name: does not match an existing pacticipant',
    },
    {
      title: 'a method that is not allowed',
      options: () => ['--request', 'GET'],
      says: 'request.method: must be POST',
    },
    { title: 'no method', options: () => [], says: 'request.method: must be filled' },
  ].map(({ title, options, says, ...rest }) => ({
    ...rest,
    title: `create-webhook: ${title} is refused`,
    run: (scene: CliScene) => [
      ...['create-webhook', URL_OF_TARGET, '--contract-published', ...options(scene)],
      ...(title.includes('method') ? [] : ['--request', 'POST']),
    ],
    code: 1,
    says: () => [says],
  })),
  {
    title: 'create-webhook: a scheme that is not allowed is refused',
    run: () => ['create-webhook', 'ftp://example.org', '-X', 'POST', '--contract-published'],
    code: 1,
    says: () => ['request.url: scheme must be'],
  },
];

const update = (scene: CliScene): readonly string[] => [
  ...['create-or-update-webhook', URL_OF_TARGET, '-X', 'POST', '--uuid', uuidOf(scene)],
  ...['--consumer', scene.consumer, '--contract-published'],
];

async function exists(scene: CliScene): Promise<void> {
  await published(scene);
  await scene.cli([...update(scene), '--description', 'before']);
}

const managing: readonly CliCase[] = [
  {
    title: 'create-or-update-webhook: under a uuid of one’s own',
    prepare: published,
    run: (scene) => [...update(scene), '--description', 'mine'],
    leaves: async (scene) => [
      (await scene.ask(`GET /webhooks/${uuidOf(scene)}`)).body.description,
      'mine',
    ],
  },
  {
    title: 'create-or-update-webhook: again, with other content',
    prepare: exists,
    run: (scene) => [...update(scene), '--description', 'after', '--provider', scene.provider],
    leaves: async (scene) => {
      const { description, provider } = (await scene.ask(`GET /webhooks/${uuidOf(scene)}`)).body;
      return [
        [description, provider.name],
        ['after', scene.provider],
      ];
    },
  },
  {
    title: 'create-or-update-webhook: a uuid that is too short is refused',
    run: () => [
      ...['create-or-update-webhook', URL_OF_TARGET, '-X', 'POST', '--uuid', 'x'],
      '--contract-published',
    ],
    code: 1,
    says: () => ['uuid: can only contain'],
  },
  {
    title: 'test-webhook: it is sent, and what happened is said',
    prepare: exists,
    run: (scene) => ['test-webhook', '--uuid', uuidOf(scene)],
    says: () => ['Executing webhook at', 'ECONNREFUSED'],
  },
  {
    title: 'test-webhook: one that does not exist',
    run: (scene) => ['test-webhook', '--uuid', uuidOf(scene)],
    code: 1,
    says: () => ['404'],
  },
  {
    title: 'delete-webhook: it is gone',
    prepare: exists,
    run: (scene) => ['delete-webhook', '--uuid', uuidOf(scene)],
    says: () => ['successfully deleted'],
    leaves: async (scene) => [(await scene.ask(`GET /webhooks/${uuidOf(scene)}`)).status, 404],
  },
  {
    title: 'delete-webhook: one that does not exist',
    run: (scene) => ['delete-webhook', '--uuid', uuidOf(scene)],
    says: () => ['was not found'],
  },
];

/** The commands on webhooks. */
export const webhookCases: readonly CliCase[] = [...making, ...creating, ...managing];
