import { expect } from 'vitest';
import { type RubyExchange, type RubyScene, sends } from './ruby-scene.ts';

const text = expect.any(String);
const UUID = '696c5f93-1b7f-44bc-8d03-59440fcaa9a0';
const PAIR = '/webhooks/provider/Pricing%20Service/consumer/Condor';

const request = {
  url: 'https://webhook',
  method: 'POST',
  headers: { Foo: 'bar', Bar: 'foo' },
  body: { some: 'body' },
  username: 'username',
  password: 'password',
};

const webhook = {
  description: 'a webhook',
  events: [{ name: 'contract_content_changed' }],
  request,
};

const made = {
  description: 'a webhook',
  request: { url: 'https://webhook', method: 'POST' },
  _links: { self: { href: text, title: 'a webhook' } },
};

async function pair(scene: RubyScene): Promise<void> {
  await scene.pacticipant('Condor');
  await scene.pacticipant('Pricing Service');
}

const events = [
  'contract_content_changed',
  'contract_published',
  'provider_verification_published',
  'provider_verification_succeeded',
  'provider_verification_failed',
  'contract_requiring_verification_published',
].map((name) => ({ name }));

const global: readonly RubyExchange[] = [
  ...[
    { title: 'for everything', sides: {} },
    { title: 'for a consumer', sides: { consumer: { name: 'Condor' } } },
    { title: 'for a provider', sides: { provider: { name: 'Pricing Service' } } },
    {
      title: 'for labels',
      sides: { consumer: { label: 'team-a' }, provider: { label: 'team-b' } },
    },
  ].map(({ title, sides }) => ({
    title: `a webhook ${title}`,
    given: pair,
    request: () => sends('POST /webhooks', { ...webhook, ...sides }),
    status: 201,
    reads: () => ({ ...made, ...sides }),
  })),
  {
    title: 'a webhook for a consumer that does not exist',
    request: () => sends('POST /webhooks', { ...webhook, consumer: { name: 'Condor' } }),
    status: 400,
    reads: () => ({ errors: { 'consumer.name': [text] } }),
  },
];

const paired: readonly RubyExchange[] = [
  ...[
    { title: 'with a JSON body', changes: {} },
    { title: 'with an XML body', changes: { request: { ...request, body: '<xml></xml>' } } },
    { title: 'with every event', changes: { events } },
  ].map(({ title, changes }) => ({
    title: `a webhook of a pair ${title}`,
    given: pair,
    request: () => sends(`POST ${PAIR}`, { ...webhook, ...changes }),
    status: 201,
    reads: () => made,
  })),
  {
    title: 'a webhook without a URL',
    given: pair,
    request: () =>
      sends(`POST ${PAIR}`, { ...webhook, request: { method: 'POST', headers: {}, body: null } }),
    status: 400,
    reads: () => ({ errors: { 'request.url': [text] } }),
  },
  {
    title: 'a webhook of a pair that does not exist',
    request: () => sends(`POST ${PAIR}`, webhook),
    status: 404,
  },
];

const named: readonly RubyExchange[] = [
  {
    title: 'a webhook under a uuid',
    given: pair,
    request: () => sends(`PUT /webhooks/${UUID}`, webhook),
    status: 201,
    reads: () => made,
  },
  {
    title: 'a webhook under a uuid again',
    given: (scene) => scene.send(sends(`PUT /webhooks/${UUID}`, webhook)),
    request: () => sends(`PUT /webhooks/${UUID}`, webhook),
    status: 200,
    reads: () => made,
  },
];

/** Webhooks. */
export const webhookExchanges: readonly RubyExchange[] = [...global, ...paired, ...named];
