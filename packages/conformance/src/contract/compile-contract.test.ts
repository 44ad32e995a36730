import { describe, expect, test } from 'vitest';
import { compileContract } from './compile-contract.ts';
import type { Judgement } from './contract.ts';
import type { Profile } from './mismatch.ts';
import type { HttpSample, MessageSample, SampleBody } from './sample.ts';

const JSON_TYPE = { 'Content-Type': 'application/json' };

const ORDER = {
  description: 'an order',
  providerStates: [{ name: 'order 42 exists' }],
  request: { method: 'GET', path: '/orders/42', headers: { Accept: 'application/json' } },
  response: {
    status: 200,
    headers: JSON_TYPE,
    body: { id: 42, state: 'paid', items: [{ sku: 'A-1', price: 9.5 }] },
    matchingRules: { body: { '$.state': { matchers: [{ match: 'regex', regex: 'paid|open' }] } } },
  },
};

const NO_ORDER = {
  description: 'no such order',
  request: { method: 'GET', path: '/orders/42' },
  response: { status: 404, headers: JSON_TYPE, body: { error: 'unknown' } },
};

const PLACE = {
  description: 'placing an order',
  request: { method: 'POST', path: '/orders', headers: JSON_TYPE, body: { sku: 'A-1', count: 1 } },
  response: { status: 201 },
};

function contractOf(interactions: readonly unknown[], profile: Profile = 'live') {
  return compileContract(JSON.stringify({ interactions }), profile);
}

function body(value: unknown, contentType = 'application/json'): SampleBody {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return { contentType, content: Buffer.from(text) };
}

function getOrder(path: string, status: number, answer: unknown): HttpSample {
  return {
    request: {
      method: 'GET',
      path,
      query: '',
      headers: { accept: '*/*' },
      body: { contentType: undefined, content: new Uint8Array() },
    },
    response: { status, headers: { 'content-type': 'application/json' }, body: body(answer) },
  };
}

const REAL = {
  id: 7,
  state: 'open',
  items: [
    { sku: 'B', price: 1 },
    { sku: 'C', price: 2.5 },
  ],
  x: 1,
};

function pointers({ mismatches }: Judgement): readonly string[] {
  return mismatches.map(({ part, pointer, rule, kind }) => `${part} ${pointer} ${rule} ${kind}`);
}

describe('real HTTP traffic', () => {
  const contract = contractOf([ORDER, NO_ORDER, PLACE]);

  test('keeps a promise with other values of the same types, more items and more members', () => {
    const judgement = contract.judgeHttp(getOrder('/orders/7', 200, REAL));
    expect(judgement).toMatchObject({
      verdict: 'kept',
      profile: 'live',
      mismatches: [],
      interaction: { description: 'an order' },
    });
  });

  test.each<readonly [string, unknown, readonly string[]]>([
    [
      'a member is gone',
      { ...REAL, items: [{ sku: 'B' }] },
      ['body /items/0/price required missing'],
    ],
    ['a type is another', { ...REAL, id: '7' }, ['body /id type type']],
    ['a rule is not obeyed', { ...REAL, state: 'lost' }, ['body /state regex value']],
    ['an object became a list', { ...REAL, items: [[]] }, ['body /items/0 type type']],
    ['the body is no JSON', '{', ['body  equality type']],
  ])('breaks it when %s', (_caption, answer, found) => {
    const judgement = contract.judgeHttp(getOrder('/orders/7', 200, answer));
    expect(judgement.verdict).toBe('broken');
    expect(judgement.interaction?.description).toBe('an order');
    expect(pointers(judgement)).toEqual(found);
  });

  test('is held against the interaction with its status, whatever the state', () => {
    const judgement = contract.judgeHttp(getOrder('/orders/7', 404, { error: 'gone' }));
    expect(judgement).toMatchObject({ verdict: 'kept', interaction: { status: 404 } });
  });

  test('with a status nobody promised is uncovered and says so', () => {
    const judgement = contract.judgeHttp(getOrder('/orders/7', 500, {}));
    expect(judgement.verdict).toBe('uncovered');
    expect(judgement.mismatches).toMatchObject([{ part: 'status' }]);
  });

  test('with a path nobody promised is uncovered', () => {
    expect(contract.judgeHttp(getOrder('/customers', 200, {}))).toEqual({
      verdict: 'uncovered',
      profile: 'live',
      interaction: undefined,
      mismatches: [],
    });
  });

  test('unmodified since is the promised success', () => {
    const sample = getOrder('/orders/7', 304, '');
    const { request } = sample;
    const response = { status: 304, headers: undefined, body: undefined };
    expect(contract.judgeHttp({ request, response }).verdict).toBe('kept');
  });

  test.each([
    ['with more than was promised', { sku: 'Z', count: 3, gift: true }, 'kept'],
    ['without what was promised', { sku: 'Z' }, 'broken'],
  ])('a request %s is %s', (_caption, sent, verdict) => {
    const request = {
      method: 'post',
      path: '/orders',
      query: 'trace=1',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: body(sent),
    };
    expect(contract.judgeHttp({ request, response: undefined }).verdict).toBe(verdict);
  });

  test('bodies and headers that were not captured are not judged', () => {
    const request = {
      method: 'GET',
      path: '/orders/7',
      query: '',
      headers: undefined,
      body: undefined,
    };
    const response = { status: 200, headers: undefined, body: undefined };
    expect(contract.judgeHttp({ request, response }).verdict).toBe('kept');
  });

  test('a header that was promised has to come, with any value', () => {
    const sample = getOrder('/orders/7', 200, REAL);
    const request = { ...sample.request, headers: {} };
    const judgement = contract.judgeHttp({ ...sample, request });
    expect(pointers(judgement)).toEqual(['header Accept required missing']);
  });
});

describe('a test', () => {
  const contract = contractOf([ORDER, NO_ORDER, PLACE], 'strict');

  test('is held to examples where no rule is written', () => {
    const judgement = contract.judgeHttp(
      getOrder('/orders/42', 200, { ...ORDER.response.body, id: 43 }),
    );
    expect(judgement).toMatchObject({ verdict: 'broken', profile: 'strict' });
    expect(judgement.mismatches.map(({ text }) => text)).toContain(
      'Expected 43 (Integer) to be equal to 42 (Integer)',
    );
  });

  test('of another path is no test of this interaction', () => {
    expect(contract.judgeHttp(getOrder('/orders/43', 200, {})).verdict).toBe('uncovered');
  });
});

const EVENT = {
  type: 'Asynchronous/Messages',
  description: 'an order was placed',
  contents: { content: { id: 42, total: 9.5 }, contentType: 'application/json', encoded: false },
  metadata: { routingKey: 'order.placed', priority: 1, contentType: 'application/json' },
};

const RPC = {
  type: 'Synchronous/Messages',
  description: 'a price',
  request: { contents: { content: { sku: 'A' } }, metadata: { topic: 'price.asked' } },
  response: [{ contents: { content: { price: 1.5 } } }],
};

function message(event: string | undefined, contents: unknown, metadata = {}): MessageSample {
  return { system: 'rabbitmq', destination: 'shop', event, metadata, body: body(contents) };
}

describe('real messages', () => {
  const contract = contractOf([EVENT, RPC]);

  test.each<readonly [string, MessageSample, Judgement['verdict']]>([
    ['as promised', message('order.placed', { id: 7, total: 1, more: [] }), 'kept'],
    ['with a text for a number', message('order.placed', { id: '7', total: 1 }), 'broken'],
    [
      'with metadata as texts',
      message('order.placed', { id: 7, total: 1 }, { priority: '4' }),
      'kept',
    ],
    ['without promised metadata', message('order.placed', { id: 7, total: 1 }, { x: 1 }), 'broken'],
    ['nobody promised', message('order.lost', { id: 7 }), 'uncovered'],
    ['without a name', message(undefined, { id: 7 }), 'undecided'],
    ['that asks', message('price.asked', { sku: 'B' }), 'kept'],
    ['that answers', message('price.asked', { price: 3 }), 'kept'],
    ['that is neither', message('price.asked', { total: 3 }), 'broken'],
    [
      'in another format',
      { ...message('order.placed', '<a/>'), body: body('<a/>', 'text/xml') },
      'broken',
    ],
  ])('%s: %s', (_caption, sample, verdict) => {
    expect(contract.judgeMessage(sample).verdict).toBe(verdict);
  });
});

describe('what cannot be judged', () => {
  test.each([
    [
      'a plugin is needed',
      { ...ORDER, pluginConfiguration: { protobuf: {} } },
      'plugin "protobuf"',
    ],
    ['a transport is a plugin’s', { ...ORDER, transport: 'grpc' }, 'plugin "grpc"'],
    ['a rule is unknown', withRule({ match: 'telepathy' }), '"telepathy" is unknown'],
    ['a path cannot be read', withRule({ match: 'type' }, '$..a'), '"$..a"'],
    ['a pattern is beyond JavaScript', withRule({ match: 'regex', regex: '(?(1)a|b)' }), 'lacks'],
  ])('is undecided and named when %s', (_caption, interaction, words) => {
    const contract = contractOf([interaction, NO_ORDER]);
    expect(contract.defects.join()).toContain(words);
    expect(contract.judgeHttp(getOrder('/orders/42', 200, {})).verdict).toBe('undecided');
    expect(contract.judgeHttp(getOrder('/orders/42', 404, { error: '' })).verdict).toBe('kept');
  });

  test('does not hide another interaction that is kept', () => {
    const contract = contractOf([{ ...ORDER, transport: 'grpc' }, ORDER]);
    expect(contract.judgeHttp(getOrder('/orders/42', 200, REAL)).verdict).toBe('kept');
    expect(contract.judgeHttp(getOrder('/orders/42', 200, {})).verdict).toBe('undecided');
  });

  test('a message that needs a plugin is undecided', () => {
    const contract = contractOf([{ ...EVENT, transport: 'grpc' }]);
    expect(contract.judgeMessage(message('order.placed', {})).verdict).toBe('undecided');
  });

  test.each(['', '{', '[]', '{"interactions":7}', '{"interactions":[null,{"request":7}]}'])(
    'no pact at all (%j) promises nothing and is no error',
    (content) => {
      const contract = compileContract(content, 'live');
      expect(contract.judgeHttp(getOrder('/x', 200, {})).verdict).toBe('uncovered');
      expect(contract.judgeMessage(message('x', {})).verdict).toBe('uncovered');
    },
  );

  test('an example deeper than any library reads is answered, not thrown', () => {
    const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`;
    const content = `{"interactions":[{"response":{"body":${deep}}}]}`;
    expect(compileContract(content, 'live').defects).toHaveLength(1);
    const contract = contractOf([ORDER]);
    expect(contract.judgeHttp(getOrder('/orders/1', 200, deep)).verdict).toBe('broken');
    const inside = `{"id":1,"state":${deep},"items":${deep}}`;
    expect(contract.judgeHttp(getOrder('/orders/1', 200, inside)).verdict).toBe('broken');
  });
});

function withRule(rule: unknown, path = '$.state'): unknown {
  const matchingRules = { body: { [path]: { matchers: [rule] } } };
  return { ...ORDER, response: { ...ORDER.response, matchingRules } };
}

describe('the fields of an interaction', () => {
  test('are those of the answer or the event', () => {
    const contract = contractOf([ORDER, PLACE, EVENT]);
    const [order, place, event] = contract.interactions;
    expect(order && contract.fieldsOf(order)).toEqual([
      '/id',
      '/items',
      '/items/*/price',
      '/items/*/sku',
      '/state',
    ]);
    expect(place && contract.fieldsOf(place)).toEqual([]);
    expect(event && contract.fieldsOf({ ...event })).toEqual(['/id', '/total']);
    expect(order && contract.fieldsOf({ ...order, description: 'another' })).toEqual([]);
  });
});
