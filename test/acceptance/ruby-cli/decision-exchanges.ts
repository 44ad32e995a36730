import { expect } from 'vitest';
import { get, HAL, type RubyExchange, type RubyScene, sends } from './ruby-scene.ts';

const text = expect.any(String);
const link = { href: text };

/** `q[][pacticipant]=Foo&q[][version]=1` as the Ruby client writes it, in the order given. */
function matrix(query: string): ReturnType<typeof get> {
  const encoded = query.replaceAll('[', '%5B').replaceAll(']', '%5D');
  return get(`/matrix?${encoded}`, { Accept: 'application/hal+json, application/json' });
}

const verified = (scene: RubyScene) => scene.verified('Foo, Bar, 1.2.3', '4.5.6');

const row = {
  consumer: { name: 'Foo', version: { number: '1.2.3' } },
  provider: { name: 'Bar', version: { number: '4.5.6' } },
  verificationResult: { success: true, verifiedAt: text, _links: { self: link } },
  pact: { createdAt: text },
};
const yes = { summary: { deployable: true, reason: text, unknown: 0 }, matrix: [row] };

const FOO = 'q[][pacticipant]=Foo&q[][version]=1.2.3';
const BAR = 'q[][pacticipant]=Bar&q[][version]=4.5.6';

const answers: readonly RubyExchange[] = [
  {
    title: 'two versions',
    given: verified,
    request: () => matrix(`${FOO}&${BAR}&latestby=cvpv`),
    status: 200,
    reads: () => yes,
  },
  ...['Foo%20Thing', 'Foo+Thing'].map((name) => ({
    title: `a name with a space, as ${name}`,
    given: (scene: RubyScene) => scene.verified('Foo Thing, Bar, 1.2.3', '4.5.6'),
    request: () => matrix(`q[][pacticipant]=${name}&q[][version]=1.2.3&${BAR}&latestby=cvpv`),
    status: 200,
    reads: () => ({ summary: { deployable: true }, matrix: [{ consumer: { name: 'Foo Thing' } }] }),
  })),
  {
    title: 'one version and the latest of all others',
    given: verified,
    request: () => matrix(`${FOO}&latestby=cvp&latest=true`),
    status: 200,
    reads: () => yes,
  },
  {
    title: 'one version and the latest with a tag of all others',
    given: async (scene) => {
      await verified(scene);
      await scene.tag('Bar', '4.5.6', 'prod');
    },
    request: () => matrix(`${FOO}&latestby=cvp&latest=true&tag=prod`),
    status: 200,
    reads: () => yes,
  },
  ...['', '&q[][tag]=prod'].map((tag) => ({
    title: `one version and the latest of another${tag}`,
    given: async (scene: RubyScene) => {
      await verified(scene);
      await scene.tag('Bar', '4.5.6', 'prod');
    },
    request: () => matrix(`${FOO}&q[][pacticipant]=Bar&q[][latest]=true${tag}&latestby=cvpv`),
    status: 200,
    reads: () => yes,
  })),
  {
    title: 'two names',
    given: verified,
    request: () => matrix('q[][pacticipant]=Foo&q[][pacticipant]=Bar&latestby=cvpv'),
    status: 200,
    reads: () => ({ matrix: [row] }),
  },
  {
    title: 'two names and what went well only',
    given: async (scene) => {
      await verified(scene);
      await scene.verified('Foo, Bar, 2.0.0', '5.0.0', false);
    },
    request: () => matrix('q[][pacticipant]=Foo&q[][pacticipant]=Bar&latestby=cvpv&success[]=true'),
    status: 200,
    reads: () => ({ matrix: [row] }),
  },
  {
    title: 'a version that does not exist',
    given: verified,
    request: () => matrix(`${FOO}&q[][pacticipant]=Bar&q[][version]=9.9.9&latestby=cvpv`),
    status: 200,
    reads: () => ({ summary: { deployable: false, reason: expect.stringContaining('9.9.9') } }),
  },
  {
    title: 'pacticipants that do not exist',
    request: () =>
      matrix('q[][pacticipant]=Wiffle&q[][version]=1&q[][pacticipant]=Meep&latestby=cvpv'),
    status: 400,
    reads: () => ({ errors: [expect.stringContaining('Wiffle'), expect.anything()] }),
  },
  {
    title: 'a version that is ignored',
    given: async (scene) => {
      await verified(scene);
      await scene.verified('Foo, Bar, 3.4.5', '4.5.6', false);
      await scene.tag('Foo', '1.2.3', 'prod');
      await scene.tag('Foo', '3.4.5', 'prod');
    },
    request: () =>
      matrix(
        `${BAR}&q[][pacticipant]=Foo&q[][tag]=prod&latestby=cvpv&ignore[][pacticipant]=Foo&ignore[][version]=3.4.5`,
      ),
    status: 200,
    reads: () => ({
      summary: { deployable: true, ignored: 1 },
      notices: expect.arrayContaining([{ type: text, text }]),
      matrix: expect.arrayContaining([expect.objectContaining({ ignored: true })]),
    }),
  },
];

const CURRENTLY = '/deployed-versions/currently-deployed';
const VERSION = '/pacticipants/Foo/versions/1';
const environment = {
  name: 'test',
  displayName: 'The test',
  production: false,
  contacts: [{ name: 'Team', details: { emailAddress: 'a@b.c' } }],
};

async function placed(scene: RubyScene): Promise<void> {
  await scene.environment('test');
  await scene.tag('Foo', '1', 'dev');
}

async function deployed(scene: RubyScene): Promise<void> {
  await placed(scene);
  await scene.deployed('Foo', '1', 'test');
}

const environments: readonly RubyExchange[] = [
  {
    title: 'the environments',
    given: (scene) => scene.environment('test'),
    request: () => get('/environments'),
    status: 200,
    reads: (scene) => ({
      _embedded: { environments: [{ uuid: scene.uuid('test'), ...environment }] },
    }),
  },
  {
    title: 'an environment',
    given: (scene) => scene.environment('test'),
    request: (scene) => get(`/environments/${scene.uuid('test')}`),
    status: 200,
    reads: () => ({
      ...environment,
      _links: { 'pb:currently-deployed-deployed-versions': link },
    }),
  },
  {
    title: 'a new environment',
    request: () => sends('POST /environments', { ...environment, contacts: [] }),
    status: 201,
    reads: () => ({ uuid: text, name: 'test', displayName: 'The test', production: false }),
  },
  {
    title: 'what is deployed',
    given: deployed,
    request: (scene) => get(`/environments/${scene.uuid('test')}${CURRENTLY}?pacticipant=Foo`),
    status: 200,
    reads: () => ({
      _embedded: {
        deployedVersions: [{ applicationInstance: 'customer-1', _links: { self: link } }],
      },
    }),
  },
  {
    title: 'what is deployed no more',
    given: deployed,
    request: (scene) =>
      sends(
        `PATCH /deployed-versions/${scene.uuid('deployed')}`,
        { currentlyDeployed: false },
        { ...HAL, 'Content-Type': 'application/merge-patch+json' },
      ),
    status: 200,
    reads: () => ({ currentlyDeployed: false, _embedded: { version: { number: '1' } } }),
  },
  {
    title: 'a deployment',
    given: placed,
    request: (scene) =>
      sends(`POST ${VERSION}/deployed-versions/environment/${scene.uuid('test')}`, {
        applicationInstance: 'blue',
        target: 'blue',
      }),
    status: 201,
    reads: () => ({ target: 'blue' }),
  },
  {
    title: 'a release',
    given: placed,
    request: (scene) =>
      sends(`POST ${VERSION}/released-versions/environment/${scene.uuid('test')}`, {}),
    status: 201,
  },
];

/** Questions about deploying, and what runs where. */
export const decisionExchanges: readonly RubyExchange[] = [...answers, ...environments];
