import { describe, expect, test } from 'vitest';
import { tracePact } from './trace-pact.ts';

function sequence(): (bytes: number) => string {
  let next = 0;
  return (bytes) => {
    next += 1;
    return next.toString(16).padStart(bytes * 2, '0');
  };
}

const first = { trace: '00000000000000000000000000000001', span: '0000000000000002' };

function trace(pact: unknown, size = 50): ReturnType<typeof tracePact> {
  const text = typeof pact === 'string' ? pact : JSON.stringify(pact);
  return tracePact(text, { size, randomHex: sequence() });
}

describe('tracing a pact', () => {
  test.each([
    { version: '2.0.0', header: `00-${first.trace}-${first.span}-01` },
    { version: '3.0.0', header: `00-${first.trace}-${first.span}-01` },
    { version: '4.0', header: [`00-${first.trace}-${first.span}-01`] },
  ])(
    'a pact of version $version carries its traceparent in the form of its headers',
    ({ version, header }) => {
      const [shard] = trace({
        consumer: { name: 'web' },
        interactions: [
          {
            _id: 'abc',
            description: 'an order is read',
            providerStates: [{ name: 'it exists' }, {}],
            request: { method: 'GET', path: '/', headers: { TraceParent: 'own', accept: 'x' } },
          },
        ],
        metadata: { pactSpecification: { version } },
        _links: { self: { href: 'http://hub' } },
        createdAt: 'now',
      });
      expect(JSON.parse(shard?.text ?? '')).toEqual({
        consumer: { name: 'web' },
        interactions: [
          {
            _id: 'interactions-0',
            description: 'an order is read',
            providerStates: [{ name: 'it exists' }, {}],
            request: { method: 'GET', path: '/', headers: { accept: 'x', traceparent: header } },
          },
        ],
        metadata: { pactSpecification: { version } },
      });
      expect(shard?.interactions).toEqual([
        {
          key: 'interactions-0',
          id: 'abc',
          description: 'an order is read',
          providerStates: ['it exists'],
          transport: 'http',
          traceId: first.trace,
          traceparent: `00-${first.trace}-${first.span}-01`,
        },
      ]);
    },
  );

  test('messages keep their content and get a trace of their own', () => {
    const message = { description: 'order placed', contents: { id: 1 } };
    const [v3] = trace({ messages: [message] });
    expect(JSON.parse(v3?.text ?? '')).toEqual({ messages: [{ ...message, _id: 'messages-0' }] });
    expect(v3?.interactions[0]).toMatchObject({ transport: 'message', id: undefined });
    const v4 = { ...message, type: 'Asynchronous/Messages', request: {} };
    const [shard] = trace({
      interactions: [v4],
      metadata: { pactSpecification: { version: '4.0' } },
    });
    expect(shard?.interactions[0]).toMatchObject({ transport: 'message' });
    expect(JSON.parse(shard?.text ?? '').interactions[0].request).toEqual({});
  });

  test('numbers keep their spelling', () => {
    const text =
      '{"interactions":[{"description":"a","response":{"body":{"total":1.0,"id":12345678901234567890}}}]}';
    expect(trace(text)[0]?.text).toContain('{"total":1.0,"id":12345678901234567890}');
  });

  test('a large pact is cut into shards that hold every interaction once', () => {
    const interactions = [1, 2, 3, 4, 5].map((number) => ({ description: `number ${number}` }));
    const shards = trace({ interactions }, 2);
    expect(shards.map((shard) => shard.interactions.map(({ description }) => description))).toEqual(
      [['number 1', 'number 2'], ['number 3', 'number 4'], ['number 5']],
    );
    expect(shards.map((shard) => JSON.parse(shard.text).interactions.length)).toEqual([2, 2, 1]);
  });

  test('the old single provider state and the old version key are understood', () => {
    const interactions = [
      { description: 'a', providerState: 'x' },
      { description: 'b', provider_state: 'y' },
      {},
    ];
    const [shard] = trace({
      interactions,
      metadata: { 'pact-specification': { version: '1.0.0' } },
    });
    expect(shard?.interactions.map(({ providerStates }) => providerStates)).toEqual([
      ['x'],
      ['y'],
      [],
    ]);
  });

  test('a pact without interactions has nothing to replay', () => {
    expect(trace({ consumer: { name: 'web' }, metadata: { pactSpecification: 'x' } })).toEqual([]);
  });

  test.each(['[]', '{"a":', 'null'])('%s is no pact', (text) => {
    expect(() => trace(text)).toThrow('no JSON object');
  });
});
