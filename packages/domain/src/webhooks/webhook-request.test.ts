import { describe, expect, test } from 'vitest';
import { parseJson } from '../json/parse-json.ts';
import { readWebhookRequest, type WebhookReading, type WebhookRules } from './webhook-request.ts';

const rules: WebhookRules = {
  isPacticipant: (name) => name === 'web',
  methodDefects: (method) => (method === 'POST' ? [] : ['must be POST']),
  urlDefects: (url) => (url.startsWith('https://') ? [] : ['is not allowed']),
};
const request = { method: 'POST', url: 'https://ci.example' };

function read(fields: Readonly<Record<string, unknown>>): WebhookReading {
  return readWebhookRequest({ fields, body: undefined }, rules);
}

function defectsOf(fields: Readonly<Record<string, unknown>>): unknown {
  const reading = read(fields);
  return reading.ok ? {} : reading.defects;
}

describe('a webhook as a client describes it', () => {
  test('needs a method and a URL only', () => {
    expect(read({ request })).toEqual({
      ok: true,
      webhook: {
        description: undefined,
        consumer: { kind: 'all' },
        provider: { kind: 'all' },
        consumerVersions: { branches: [], tags: [] },
        enabled: true,
        events: ['contract_content_changed'],
        call: {
          ...request,
          headers: {},
          body: undefined,
          username: undefined,
          password: undefined,
          signingSecret: undefined,
        },
      },
    });
  });

  test('is read with everything it may say', () => {
    const json = parseJson('{"b":1.0}');
    const body = json.ok ? json.value : undefined;
    const fields = {
      description: 'tell CI',
      consumer: { name: 'web' },
      provider: { label: 'shops' },
      consumerVersionBranches: ['main', 'main'],
      consumerVersionTags: ['rc-*'],
      enabled: false,
      events: [{ name: 'contract_published' }, { name: 'contract_published' }],
      request: {
        method: 'POST',
        url: 'https://ci.example',
        headers: { 'X-One': 'a' },
        body: { b: 1 },
        username: 'u',
        password: 'p',
        signingSecret: 's',
      },
    };
    expect(readWebhookRequest({ fields, body }, rules)).toEqual({
      ok: true,
      webhook: {
        description: 'tell CI',
        consumer: { kind: 'name', name: 'web' },
        provider: { kind: 'label', label: 'shops' },
        consumerVersions: { branches: ['main'], tags: ['rc-*'] },
        enabled: false,
        events: ['contract_published'],
        call: {
          method: 'POST',
          url: 'https://ci.example',
          headers: { 'x-one': 'a' },
          body,
          username: 'u',
          password: 'p',
          signingSecret: 's',
        },
      },
    });
  });

  test('null says the same as nothing', () => {
    const fields = {
      description: null,
      consumer: null,
      provider: null,
      enabled: null,
      events: null,
      consumerVersionBranches: null,
      consumerVersionTags: null,
      request: {
        ...request,
        headers: null,
        body: null,
        username: null,
        password: null,
        signingSecret: null,
      },
    };
    expect(readWebhookRequest({ fields, body: null }, rules)).toEqual(read({ request }));
  });

  const unknownEvent =
    'name must be one of: contract_published, contract_content_changed, provider_verification_published, provider_verification_succeeded, provider_verification_failed, contract_requiring_verification_published, version_deployed, version_released, version_tagged (at index 1)';
  test.each<[string, Readonly<Record<string, unknown>>, unknown]>([
    ['no request', {}, { request: ['is missing'] }],
    ['an empty request', { request: null }, { request: ['must be filled'] }],
    ['a request that is a text', { request: 'x' }, { request: ['must be a hash'] }],
    [
      'an empty object as request',
      { request: {} },
      { 'request.method': ['is missing'], 'request.url': ['is missing'] },
    ],
    [
      'empty method and URL',
      { request: { method: '', url: null } },
      { 'request.method': ['must be filled'], 'request.url': ['must be filled'] },
    ],
    [
      'method and URL of another kind',
      { request: { method: 1, url: {} } },
      { 'request.method': ['must be a string'], 'request.url': ['must be a string'] },
    ],
    [
      'method and URL that the rules refuse',
      { request: { method: 'GET', url: 'ftp://x' } },
      { 'request.method': ['must be POST'], 'request.url': ['is not allowed'] },
    ],
    [
      'headers that are no object',
      { request: { ...request, headers: [] } },
      { 'request.headers': ['must be a hash'] },
    ],
    [
      'headers that could not be sent',
      { request: { ...request, headers: { 'a b': 'x', c: 1, d: 'x\ny' } } },
      {
        'request.headers': [
          "'a b' is not a header name",
          'c must be a string',
          'd cannot contain multiple lines',
        ],
      },
    ],
    [
      'credentials of another kind',
      { request: { ...request, username: 1, password: [], signingSecret: true } },
      {
        'request.username': ['must be a string'],
        'request.password': ['must be a string'],
        'request.signingSecret': ['must be a string'],
      },
    ],
    [
      'branches that are no list and tags that are no names',
      { request, consumerVersionBranches: 'main', consumerVersionTags: ['a', ' ', 1] },
      {
        consumerVersionBranches: ['must be an array'],
        consumerVersionTags: ['cannot be blank (at index 1)', 'must be a string (at index 2)'],
      },
    ],
    [
      'a description of another kind',
      { request, description: 1 },
      { description: ['must be a string'] },
    ],
    ['a switch that is a text', { request, enabled: 'no' }, { enabled: ['must be boolean'] }],
    ['a consumer that is a text', { request, consumer: 'web' }, { consumer: ['must be a hash'] }],
    [
      'a consumer without anything',
      { request, consumer: {} },
      { 'consumer.name': ['cannot be blank'] },
    ],
    [
      'a consumer with name and label',
      { request, consumer: { name: 'web', label: 'x' } },
      { 'consumer.label': ['name and label cannot be provided at the same time'] },
    ],
    [
      'a blank label',
      { request, provider: { label: ' ' } },
      { 'provider.label': ['cannot be blank'] },
    ],
    [
      'a blank name',
      { request, provider: { name: ' ' } },
      { 'provider.name': ['cannot be blank'] },
    ],
    [
      'a name of another kind',
      { request, provider: { name: 1 } },
      { 'provider.name': ['must be a string'] },
    ],
    [
      'a name nobody has',
      { request, consumer: { name: 'Ghost' } },
      { 'consumer.name': ['does not match an existing pacticipant'] },
    ],
    ['events that are no list', { request, events: {} }, { events: ['must be an array'] }],
    ['no event', { request, events: [] }, { events: ['size cannot be less than 1'] }],
    [
      'events that are none',
      { request, events: ['x', { name: 'nope' }, {}] },
      {
        events: ['must be a hash (at index 0)', unknownEvent, 'name is missing (at index 2)'],
      },
    ],
  ])('is refused with %s', (_case, body, defects) => {
    expect(defectsOf(body)).toEqual(defects);
  });
});
