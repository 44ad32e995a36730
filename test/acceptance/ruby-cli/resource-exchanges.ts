import { expect } from 'vitest';
import { get, HAL, type RubyExchange, type RubyScene, sends } from './ruby-scene.ts';

const text = expect.any(String);
const link = { href: text };
const PAIR = '/pacts/provider/Pricing%20Service/consumer/Condor';

const condor = (scene: RubyScene) => scene.pact();
const foo = (scene: RubyScene) => scene.pacticipant('Foo');
const pricing = (scene: RubyScene) => scene.pacticipant('Pricing Service');

const pacts: readonly RubyExchange[] = [
  {
    title: 'the latest pact of every pair',
    given: condor,
    request: () => get('/pacts/latest', {}),
    status: 200,
    reads: () => ({
      _links: { self: link },
      pacts: [
        {
          _links: { self: [link, link] },
          _embedded: {
            consumer: { name: 'Condor', _embedded: { version: { number: '1.3.0' } } },
            provider: { name: 'Pricing Service' },
          },
        },
      ],
    }),
  },
  ...['', '/prod'].map((tag) => ({
    title: `the latest pacts of a provider${tag}`,
    given: (scene: RubyScene) => scene.pact('Condor, Pricing Service, 1.3.0', 'prod'),
    request: () => get(`/pacts/provider/Pricing%20Service/latest${tag}`),
    status: 200,
    reads: () => ({
      _links: {
        provider: { href: text, title: text },
        'pb:pacts': [{ href: expect.stringContaining('/version/1.3.0'), title: text, name: text }],
      },
    }),
  })),
  ...['version/1.3.0', 'latest', 'latest/prod'].flatMap((path) => [
    {
      title: `a pact by ${path}`,
      given: (scene: RubyScene) => scene.pact('Condor, Pricing Service, 1.3.0', 'prod'),
      request: () => get(`${PAIR}/${path}`, { Accept: 'application/hal+json, application/json' }),
      status: 200,
      reads: () => ({
        consumer: { name: 'Condor' },
        provider: { name: 'Pricing Service' },
        interactions: [{ description: text }],
      }),
    },
    {
      title: `no pact by ${path}`,
      request: () => get(`${PAIR}/${path}`),
      status: 404,
    },
  ]),
  {
    title: 'publishing all contracts of a version at once',
    request: () =>
      sends('POST /contracts/publish', {
        pacticipantName: 'Foo',
        pacticipantVersionNumber: '5556b8149bf8bac76bc30f50a8a2dd4c22c85f30',
        tags: ['dev'],
        branch: 'main',
        buildUrl: 'http://build',
        contracts: ['Bar', 'Baz'].map((providerName) => ({
          consumerName: 'Foo',
          providerName,
          specification: 'pact',
          contentType: 'application/json',
          content: Buffer.from('{"interactions":[]}').toString('base64'),
          writeMode: 'overwrite',
          onConflict: 'overwrite',
        })),
      }),
    status: 200,
    reads: () => ({
      _embedded: {
        pacticipant: { name: 'Foo' },
        version: { number: expect.stringMatching(/^5556/) },
      },
      logs: expect.arrayContaining([{ level: 'success', message: text, deprecationWarning: text }]),
      _links: {
        'pb:pacticipant-version-tags': [{ name: 'dev' }],
        'pb:contracts': [{ href: text }, { href: text }],
      },
    }),
  },
];

const pacticipants: readonly RubyExchange[] = [
  {
    title: 'the pacticipants',
    given: condor,
    request: () => get('/pacticipants', {}),
    status: 200,
    reads: () => ({
      _links: { pacticipants: [{ href: text, title: text }, link] },
      pacticipants: [
        {
          name: 'Condor',
          _links: { self: link },
          _embedded: { 'latest-version': { number: '1.3.0' } },
        },
        { name: 'Pricing Service' },
      ],
    }),
  },
  {
    title: 'a pacticipant',
    given: async (scene) => {
      await pricing(scene);
      await scene.tag('Pricing Service', '1.3.0', 'prod');
    },
    request: () => get('/pacticipants/Pricing%20Service'),
    status: 200,
    reads: () => ({
      name: 'Pricing Service',
      repositoryUrl: text,
      _links: { self: link, versions: link },
      _embedded: { 'latest-version': { number: '1.3.0' } },
    }),
  },
  {
    title: 'a pacticipant that does not exist',
    request: () => get('/pacticipants/Pricing%20Service'),
    status: 404,
  },
  ...[pricing, undefined].map((given) => ({
    title: `the URL of a repository in snake case, of ${given ? 'one that exists' : 'a new one'}`,
    ...(given === undefined ? {} : { given }),
    request: () =>
      sends(
        'PATCH /pacticipants/Pricing%20Service',
        { repository_url: 'git@git.example:pricing.git' },
        { Accept: '*/*', 'Content-Type': 'application/json' },
      ),
    status: given === undefined ? 201 : 200,
  })),
  {
    title: 'a new pacticipant',
    request: () => sends('POST /pacticipants', { name: 'Foo', repositoryUrl: 'http://foo' }),
    status: 201,
    reads: () => ({ name: 'Foo', repositoryUrl: 'http://foo', _links: { self: link } }),
  },
  {
    title: 'a pacticipant that changes',
    given: foo,
    request: () => sends('PATCH /pacticipants/Foo', { name: 'Foo', repositoryUrl: 'http://bar' }),
    status: 200,
    reads: () => ({ name: 'Foo', repositoryUrl: 'http://bar', _links: { self: link } }),
  },
];

const versions: readonly RubyExchange[] = [
  ...['', '/production'].map((tag) => ({
    title: `the latest version${tag}`,
    given: (scene: RubyScene) => scene.tag('Condor', '1.2.3', 'production'),
    request: () => get(`/pacticipants/Condor/latest-version${tag}`),
    status: 200,
    reads: () => ({ number: '1.2.3', _links: { self: link } }),
  })),
  {
    title: 'a version and where it can be deployed and released',
    given: async (scene) => {
      await scene.environment('test');
      await scene.tag('Foo', '1', 'dev');
    },
    request: () => get('/pacticipants/Foo/versions/1'),
    status: 200,
    reads: () => ({
      _links: {
        'pb:record-deployment': [{ name: 'test', href: text }],
        'pb:record-release': [{ name: 'test', href: text }],
      },
    }),
  },
  ...[
    { title: 'of a new pacticipant', status: 201 },
    {
      title: 'of one that exists',
      given: (scene: RubyScene) => scene.pacticipant('Condor'),
      status: 201,
    },
    {
      title: 'that is there',
      given: (scene: RubyScene) => scene.tag('Condor', '1.3.0', 'prod'),
      status: 200,
    },
  ].map((each) => ({
    ...each,
    title: `a tag ${each.title}`,
    request: () => sends('PUT /pacticipants/Condor/versions/1.3.0/tags/prod', {}),
    reads: () => ({ _links: { self: link } }),
  })),
  {
    title: 'a tag without a body but with its type',
    request: () => ({
      method: 'PUT',
      path: '/pacticipants/Condor/versions/1.3.0/tags/prod',
      headers: { 'Content-Type': 'application/json', 'Content-Length': '0' },
    }),
    status: 201,
  },
  {
    title: 'a branch without a body but with its type',
    request: () => ({
      method: 'PUT',
      path: '/pacticipants/Condor/branches/feat%2Fx/versions/1.3.0',
      headers: { 'Content-Type': 'application/json', 'Content-Length': '0' },
    }),
    status: 201,
  },
  {
    title: 'a branch that goes',
    given: (scene) => scene.send(sends('PUT /pacticipants/Foo/branches/main/versions/1', {})),
    request: () => ({ method: 'DELETE', path: '/pacticipants/Foo/branches/main', headers: HAL }),
    status: 204,
  },
];

/** Pacts, pacticipants and versions. */
export const resourceExchanges: readonly RubyExchange[] = [...pacts, ...pacticipants, ...versions];
