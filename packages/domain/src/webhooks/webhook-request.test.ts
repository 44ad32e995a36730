import { describe, expect, test } from 'vitest';
import { readWebhookRequest, type WebhookRules } from './webhook-request.ts';

const rules: WebhookRules = {
  isPacticipant: (name) => name === 'web',
  methodDefects: (method) => (method === 'POST' ? [] : ['must be POST']),
  urlDefects: (url) => (url.startsWith('https://') ? [] : ['is not allowed']),
};
const request = { method: 'POST', url: 'https://ci.example' };

function defectsOf(body: Readonly<Record<string, unknown>>): unknown {
  const reading = readWebhookRequest(body, rules);
  return reading.ok ? {} : reading.defects;
}

describe('a webhook as a client describes it', () => {
  test('needs a method and a URL only', () => {
    expect(readWebhookRequest({ request }, rules)).toEqual({
      ok: true,
      webhook: {
        description: undefined,
        consumer: { kind: 'all' },
        provider: { kind: 'all' },
        enabled: true,
        events: ['contract_content_changed'],
        call: {
          ...request,
          headers: {},
          body: undefined,
          username: undefined,
          password: undefined,
        },
      },
    });
  });

  test('is read with everything it may say', () => {
    const reading = readWebhookRequest(
      {
        description: 'tell CI',
        consumer: { name: 'web' },
        provider: { label: 'shops' },
        enabled: false,
        events: [{ name: 'contract_published' }, { name: 'contract_published' }],
        request: {
          method: 'POST',
          url: 'https://ci.example',
          headers: { 'X-One': 'a' },
          body: { b: 1 },
          username: 'u',
          password: 'p',
        },
      },
      rules,
    );
    expect(reading).toEqual({
      ok: true,
      webhook: {
        description: 'tell CI',
        consumer: { kind: 'name', name: 'web' },
        provider: { kind: 'label', label: 'shops' },
        enabled: false,
        events: ['contract_published'],
        call: {
          method: 'POST',
          url: 'https://ci.example',
          headers: { 'x-one': 'a' },
          body: { b: 1 },
          username: 'u',
          password: 'p',
        },
      },
    });
  });

  test('null says the same as nothing', () => {
    const body = {
      description: null,
      consumer: null,
      provider: null,
      enabled: null,
      events: null,
      request: { ...request, headers: null, body: null, username: null, password: null },
    };
    expect(readWebhookRequest(body, rules)).toEqual(readWebhookRequest({ request }, rules));
  });

  const unknownEvent =
    'name must be one of: contract_published, contract_content_changed, provider_verification_published, provider_verification_succeeded, provider_verification_failed, contract_requiring_verification_published (at index 1)';
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
      { request: { ...request, username: 1, password: [] } },
      { 'request.username': ['must be a string'], 'request.password': ['must be a string'] },
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
