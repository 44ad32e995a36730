import { describe, expect, test } from 'vitest';
import { parseJson } from '../json/parse-json.ts';
import { describeInteractions } from './describe-interactions.ts';
import type { DescribedInteraction } from './described-interaction.ts';
import { interactionLines } from './interaction-lines.ts';

function described(pact: string | object): readonly DescribedInteraction[] {
  const text = typeof pact === 'string' ? pact : JSON.stringify(pact);
  const result = parseJson(text);
  if (!result.ok) throw new Error(result.defect.message);
  return describeInteractions(result.value);
}

function only(pact: string | object): DescribedInteraction {
  const [first] = described(pact);
  if (first === undefined) throw new Error('no interaction was described');
  return first;
}

const version2 = `{"interactions":[{"_id":"a1","description":"an order","providerState":"order 1 exists",
  "request":{"method":"get","path":"/orders/1","query":"full=true","headers":{"Accept":"application/json"}},
  "response":{"status":200,"headers":{"Content-Type":"application/json; charset=utf-8"},
    "body":{"id":1.0,"items":[{"sku":"a/b~c"}],"none":null},
    "matchingRules":{"$.body.id":{"match":"type"},"$.headers.Content-Type":{"match":"regex","regex":"application/json.*"},"$.body.items":{"min":1,"match":"type"}}}}]}`;

const grpc = {
  interactions: [
    {
      type: 'Synchronous/Messages',
      key: 'k',
      description: 'a route',
      transport: 'grpc',
      pending: true,
      comments: {
        text: ['why', 7],
        testname: 'test_route',
        empty: '',
        nothing: null,
        own: { a: 1 },
      },
      providerStates: [
        { name: 'a feature', params: { id: 7 } },
        { name: 'no parameters', params: {} },
      ],
      pluginConfiguration: { protobuf: { service: 'RouteGuide/GetFeature' } },
      interactionMarkup: {
        markup: '```protobuf\nmessage Feature {}\n```',
        markupType: 'COMMON_MARK',
      },
      request: {
        contents: {
          content: 'CgA=',
          contentType: 'application/protobuf;message=Point',
          encoded: 'base64',
        },
        metadata: { contentType: 'application/protobuf' },
        matchingRules: {
          body: { '$.latitude': { combine: 'AND', matchers: [{ match: 'number' }] } },
        },
      },
      response: [
        { contents: { content: 'CgI=', contentType: 'application/protobuf', encoded: true } },
        { status: 'NOT_FOUND' },
      ],
    },
  ],
  metadata: { plugins: [{ name: 'protobuf', version: '0.3.4' }, { name: 7 }] },
};

describe('an interaction of version 2', () => {
  const interaction = only(version2);

  test('says who sends what', () => {
    expect(interaction).toMatchObject({
      position: 0,
      id: 'a1',
      kind: 'http',
      description: 'an order',
      summary: 'GET /orders/1?full=true → 200',
      providerStates: [{ name: 'order 1 exists', parameters: undefined }],
      isPending: false,
      transport: undefined,
      comments: [],
      plugins: [],
      markup: undefined,
    });
    expect(interaction.parts[0]).toMatchObject({
      name: 'request',
      headline: 'GET /orders/1?full=true',
      headers: [{ name: 'Accept', value: 'application/json' }],
      body: undefined,
    });
  });

  test('keeps the spelling of numbers in its body', () => {
    expect(interaction.parts[1]?.body).toEqual({
      form: 'json',
      mediaType: 'application/json',
      text: '{\n  "id": 1.0,\n  "items": [\n    {\n      "sku": "a/b~c"\n    }\n  ],\n  "none": null\n}',
    });
  });

  test('shows a rule by its place', () => {
    expect(interaction.parts[1]?.rules).toEqual([
      { place: 'body $.id', text: 'type' },
      { place: 'headers $.Content-Type', text: 'regex application/json.*' },
      { place: 'body $.items', text: 'type, min 1' },
    ]);
  });

  test('is found by each of its facts, fields by their pointer', () => {
    expect(interactionLines(interaction)).toEqual([
      'description an order',
      'given order 1 exists',
      'request GET /orders/1?full=true',
      'request header Accept: application/json',
      'response 200',
      'response header Content-Type: application/json; charset=utf-8',
      'response body type application/json',
      'response body /id = 1.0',
      'response body /items/0/sku = a/b~c',
      'response body /none = null',
      'response rule body $.id: type',
      'response rule headers $.Content-Type: regex application/json.*',
      'response rule body $.items: type, min 1',
    ]);
  });
});

describe('an interaction of a plugin', () => {
  const interaction = only(grpc);

  test('is described with its transport, its states and what the plugin says', () => {
    expect(interaction).toMatchObject({
      kind: 'synchronous-message',
      summary: 'grpc (application/protobuf;message=Point) → application/protobuf, NOT_FOUND',
      isPending: true,
      transport: 'grpc',
      comments: ['why', '7', 'testname: test_route', 'own: {"a":1}'],
      providerStates: [
        { name: 'a feature', parameters: '{"id":7}' },
        { name: 'no parameters', parameters: undefined },
      ],
      plugins: [
        {
          name: 'protobuf',
          version: '0.3.4',
          configuration: '{\n  "service": "RouteGuide/GetFeature"\n}',
        },
      ],
      markup: { text: '```protobuf\nmessage Feature {}\n```', type: 'COMMON_MARK' },
    });
  });

  test('shows binary contents as what they are', () => {
    expect(interaction.parts.map(({ name, body }) => [name, body?.form, body?.text])).toEqual([
      ['request', 'base64', 'CgA='],
      ['response', 'base64', 'CgI='],
      ['response', undefined, undefined],
    ]);
    expect(interaction.parts[0]?.rules).toEqual([{ place: 'body $.latitude', text: 'number' }]);
  });

  test('is found by its plugin, transport, state and comment', () => {
    const lines = interactionLines(interaction);
    expect(lines).toContain('transport grpc');
    expect(lines).toContain('plugin protobuf 0.3.4');
    expect(lines).toContain('given a feature {"id":7}');
    expect(lines).toContain('comment why');
    expect(lines).toContain('message Feature {}');
    expect(lines).toContain('request metadata contentType: application/protobuf');
  });
});

describe('messages', () => {
  test.each([
    ['version 3', { messages: [{ contents: { id: 1 }, metaData: { topic: 'orders' } }] }],
    [
      'version 4',
      {
        interactions: [
          {
            type: 'Asynchronous/Messages',
            contents: { content: { id: 1 }, contentType: 'application/json', encoded: false },
            metadata: { topic: 'orders' },
          },
        ],
      },
    ],
  ])('of %s have metadata and contents', (_version, pact) => {
    const message = only(pact);
    expect(message.kind).toBe('message');
    expect(message.parts).toMatchObject([
      { name: 'message', headline: '', headers: [{ name: 'topic', value: 'orders' }] },
    ]);
    expect(interactionLines(message)).toContain('message body /id = 1');
    expect(interactionLines(message)).toContain('message metadata topic: orders');
  });

  test.each([
    [{ messages: [{}] }, 'message (no contents)'],
    [{ messages: [{ contents: [] }] }, 'message (contents)'],
    [
      { messages: [{ contents: 'a', metadata: { 'Content-Type': 'text/plain' } }] },
      'message (text/plain)',
    ],
    [{ interactions: [{ type: 'Synchronous/Messages' }] }, 'message (no contents)'],
    [
      { interactions: [{ type: 'Synchronous/Messages', response: {} }] },
      'message (no contents) → answer',
    ],
    [{ interactions: [{ type: 'Carrier/Pigeon', request: {} }] }, 'Carrier/Pigeon (no contents)'],
    [{ interactions: [{}] }, 'GET / → 200'],
  ])('%j are summed up as %s', (pact, summary) => {
    expect(only(pact).summary).toBe(summary);
  });
});

describe('a query', () => {
  test.each([
    [{ a: ['1', '2'], b: [null] }, 'GET /?a=1&a=2&b → 200'],
    [{ a: 1, b: { c: true } }, 'GET /?a=1&b={"c":true} → 200'],
  ])('%j stands in the summary', (query, summary) => {
    expect(only({ interactions: [{ request: { query } }] }).summary).toBe(summary);
  });
});

describe('a body', () => {
  const bodyOf = (body: unknown, type?: unknown) =>
    only({
      interactions: [
        { request: { body, ...(type === undefined ? {} : { headers: { 'content-type': type } }) } },
      ],
    }).parts[0]?.body;

  test.each([
    ['hello', 'text/plain', { form: 'text', text: 'hello', mediaType: 'text/plain' }],
    ['hello', undefined, { form: 'text', text: 'hello', mediaType: undefined }],
    [
      '{"a":1.0}',
      ['application/hal+json'],
      { form: 'json', text: '{\n  "a": 1.0\n}', mediaType: 'application/hal+json' },
    ],
    ['{', 'application/json', { form: 'text', text: '{', mediaType: 'application/json' }],
    [
      { content: 'a\nb', contentType: 'text/csv' },
      undefined,
      { form: 'text', text: 'a\nb', mediaType: 'text/csv' },
    ],
    [
      { content: { a: 1 }, encoded: 'base64' },
      undefined,
      { form: 'json', text: '{\n  "a": 1\n}', mediaType: undefined },
    ],
    [
      { contentType: 'a/b' },
      undefined,
      { form: 'json', text: '{\n  "contentType": "a/b"\n}', mediaType: undefined },
    ],
    [{ content: null }, undefined, { form: 'json', text: 'null', mediaType: undefined }],
  ])('%j of type %j is shown in its form', (body, type, shown) => {
    expect(bodyOf(body, type)).toEqual(shown);
  });

  test.each([null, undefined])('that is %s promises nothing', (body) => {
    expect(bodyOf(body)).toBeUndefined();
  });

  test('of text is found line by line, a scalar at the root, and no more than some hundred fields', () => {
    const linesOf = (body: unknown): readonly string[] =>
      interactionLines(only({ interactions: [{ request: { body } }] })).filter((line) =>
        line.startsWith('request body'),
      );
    expect(linesOf('one\n\ntwo')).toEqual(['request body one', 'request body', 'request body two']);
    expect(linesOf(7)).toEqual(['request body / = 7']);
    expect(linesOf({ 'a/b~c': true })).toEqual(['request body /a~1b~0c = true']);
    expect(linesOf(Array.from({ length: 600 }, (_, index) => index))).toHaveLength(500);
    expect(linesOf({ long: 'x'.repeat(1000) })[0]).toHaveLength(200);
  });
});

describe('rules and generators', () => {
  const responseOf = (response: object) => only({ interactions: [{ response }] }).parts[1];

  test('of version 3 and 4 are shown by category and path', () => {
    const rules = {
      status: { combine: 'AND', matchers: [{ match: 'statusCode', status: 'success' }] },
      header: { 'X-Id': [{ match: 'regex', regex: '\\d+' }] },
      body: {
        '$.a': { combine: 'OR', matchers: [{ match: 'type' }, { match: 'null' }] },
        '$.b': { matchers: [] },
        '$.c': { matchers: ['odd', { max: 3 }] },
        '$.d': { matchers: [{ match: 'arrayContains', variants: [{ index: 0 }] }] },
      },
    };
    expect(responseOf({ matchingRules: rules })?.rules).toEqual([
      { place: 'status', text: 'statusCode, status success' },
      { place: 'header X-Id', text: 'regex \\d+' },
      { place: 'body $.a', text: 'type or null' },
      { place: 'body $.b', text: 'matchers []' },
      { place: 'body $.c', text: '"odd" and max 3' },
      { place: 'body $.d', text: 'arrayContains, variants [{"index":0}]' },
    ]);
  });

  test('are shown with what is made up when the interaction is replayed', () => {
    const generators = {
      status: { type: 'RandomInt', min: 1, max: 2 },
      body: { '$.id': { type: 'Uuid' } },
      '$.old': { kept: { type: 'Date' } },
    };
    expect(responseOf({ generators })?.generators).toEqual([
      { place: 'status', text: 'RandomInt, min 1, max 2' },
      { place: 'body $.id', text: 'Uuid' },
      { place: '$.old', text: 'Date' },
    ]);
  });
});

test.each<[string, string]>([
  ['no object', '[1]'],
  ['without interactions', '{}'],
  ['with odd ones', '{"interactions":[1,null,"a"],"messages":{"a":1}}'],
])('a pact that is %s has nothing to describe', (_name, pact) => {
  expect(described(pact)).toEqual([]);
});

test('names that are no text, states without a name and empty markup are left out', () => {
  const interaction = only({
    interactions: [
      {
        _id: 7,
        description: 7,
        providerStates: [{}, '', 'given as text', 7],
        interactionMarkup: { markup: '' },
        request: { headers: { 'X-Many': ['a', 'b'], 'X-Odd': { a: 1 } } },
      },
    ],
  });
  expect(interaction).toMatchObject({ id: undefined, description: '', markup: undefined });
  expect(interaction.providerStates.map(({ name }) => name)).toEqual(['given as text']);
  expect(interaction.parts[0]?.headers).toEqual([
    { name: 'X-Many', value: 'a, b' },
    { name: 'X-Odd', value: '{"a":1}' },
  ]);
});

test('markup without a type is common mark, and a plugin that the pact does not list has no version', () => {
  const interaction = only({
    interactions: [{ interactionMarkup: { markup: 'x' }, pluginConfiguration: { csv: {} } }],
  });
  expect(interaction.markup).toEqual({ text: 'x', type: 'COMMON_MARK' });
  expect(interaction.plugins).toEqual([{ name: 'csv', version: undefined, configuration: '{}' }]);
  expect(interactionLines(interaction)).toContain('plugin csv');
});
