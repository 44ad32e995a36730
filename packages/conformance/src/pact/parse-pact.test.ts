import { describe, expect, test } from 'vitest';
import { parsePact } from './parse-pact.ts';

describe('reading a pact', () => {
  test.each([
    ['cut JSON', '{"interactions":', 'The pact is no JSON'],
    ['a list', '[]', 'The pact is no JSON object.'],
    ['an interaction that is text', '{"interactions":["x"]}', 'An interaction is no JSON object'],
    ['a message that is text', '{"messages":["x"]}', 'A message is no JSON object'],
    ['an unknown type', '{"interactions":[{"type":"Telepathy"}]}', 'type "Telepathy" are unknown'],
    [
      'a rule without a kind',
      '{"interactions":[{"request":{"matchingRules":{"path":{"matchers":[{"of":1}]}}}}]}',
      'names no kind',
    ],
  ])('%s is named as a defect and never thrown', (_caption, content, words) => {
    expect(parsePact(content).defects.join()).toContain(words);
  });

  test('fills in what a pact may leave out', () => {
    const content = { consumer: { name: 'web' }, provider: { name: 'shop' }, interactions: [{}] };
    const pact = parsePact(JSON.stringify(content));
    expect(pact).toMatchObject({ consumer: 'web', provider: 'shop', defects: [] });
    expect(pact.interactions[0]).toMatchObject({
      method: 'GET',
      path: '/',
      status: 200,
      description: '',
    });
  });

  test.each([
    ['a list of objects', { providerStates: [{ name: 'a' }, { name: 'b' }] }, ['a', 'b']],
    ['a list of texts', { providerStates: ['a', 7] }, ['a']],
    ['one text', { providerState: 'a' }, ['a']],
    ['one text in the old spelling', { provider_state: 'a' }, ['a']],
    ['nothing', { providerState: '' }, []],
  ])('provider states as %s', (_caption, item, states) => {
    const [interaction] = parsePact(JSON.stringify({ interactions: [item] })).interactions;
    expect(interaction?.providerStates).toEqual(states);
  });

  test.each([
    ['of version 3', { messages: [{ contents: { type: 'a' }, metaData: { k: 'v' } }] }],
    [
      'of version 4',
      {
        interactions: [
          {
            type: 'Asynchronous/Messages',
            contents: { content: { type: 'a' } },
            metadata: { k: 'v' },
          },
        ],
      },
    ],
    [
      'in base64',
      {
        messages: [
          { contents: { content: 'eyJ0eXBlIjoiYSJ9', encoded: 'base64' }, metadata: { k: 'v' } },
        ],
      },
    ],
    [
      'as JSON text',
      {
        messages: [
          { contents: { content: '{"type":"a"}', encoded: 'JSON' }, metadata: { k: 'v' } },
        ],
      },
    ],
  ])('a message %s gives its contents and metadata', (_caption, pact) => {
    const [message] = parsePact(JSON.stringify(pact)).interactions;
    expect(message).toMatchObject({
      kind: 'message',
      contents: { type: 'a' },
      metadata: { k: 'v' },
    });
  });

  test('contents that are no JSON are left out', () => {
    const item = { contents: { content: 'AAEC', encoded: 'base64' } };
    const [message] = parsePact(JSON.stringify({ messages: [item] })).interactions;
    expect(message).toMatchObject({ kind: 'message', contents: undefined });
  });

  test.each([
    ['the flat form', { '$.path': { match: 'regex', regex: 'a' }, '$.body.x': { match: 'type' } }],
    ['categories', { path: { matchers: [{ regex: 'a' }] }, body: {} }],
    [
      'a nested list',
      { path: { $: { matchers: [{ match: 'regex', regex: 'a' }], combine: 'OR' } } },
    ],
  ])('rules for the path in %s', (_caption, matchingRules) => {
    const item = { request: { path: '/a', matchingRules } };
    const [interaction] = parsePact(JSON.stringify({ interactions: [item] })).interactions;
    expect(interaction).toMatchObject({ pathRules: { rules: [{ match: 'regex' }] } });
  });

  test.each([
    ['a list without matchers', { path: { matchers: [] }, query: { a: { matchers: [] } } }],
    ['something else', { path: 7, query: { a: 7 } }],
  ])('%s is no rule', (_caption, matchingRules) => {
    const item = { request: { path: '/a', matchingRules }, response: { status: 'odd' } };
    const [interaction] = parsePact(JSON.stringify({ interactions: [item] })).interactions;
    expect(interaction).toMatchObject({ pathRules: undefined, status: 200 });
  });

  test('rules for a parameter and a status in the flat form', () => {
    const item = {
      request: {
        query: 'a=1&a=2&b&&c=%zz+1',
        matchingRules: { "$.query['a'][0]": { match: 'type' } },
      },
      response: { matchingRules: { '$.status': { match: 'statusCode' } } },
    };
    const [interaction] = parsePact(JSON.stringify({ interactions: [item] })).interactions;
    expect(interaction).toMatchObject({ statusRules: { rules: [{ match: 'statusCode' }] } });
    expect(interaction?.kind === 'http' && [...interaction.query]).toEqual([
      ['a', ['1', '2']],
      ['b', [null]],
      ['c', ['%zz 1']],
    ]);
    expect(interaction?.kind === 'http' && [...interaction.queryRules.keys()]).toEqual(['a']);
  });

  test('query values that are no texts are taken as their JSON', () => {
    const item = { request: { query: { a: [1, null], b: 'x', c: undefined } } };
    const [interaction] = parsePact(JSON.stringify({ interactions: [item] })).interactions;
    expect(interaction?.kind === 'http' && [...interaction.query]).toEqual([
      ['a', ['1', null]],
      ['b', ['x']],
    ]);
  });
});
