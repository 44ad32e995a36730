import type { Contract, Judgement, Mismatch } from '@concordat/conformance';
import { compilePact } from '@concordat/conformance';
import { describe, expect, test } from 'vitest';
import type { HeldPact } from '../contracts/held-pact.ts';
import { guardMismatches, mismatchText } from './guard-mismatches.ts';
import { fieldsOf, fieldsOfBody } from './json-fields.ts';
import { PeerJudge } from './judge-peers.ts';
import { withoutData } from './pointer-names.ts';
import { ProviderNames } from './provider-names.ts';
import { withoutUnknownMetadata } from './unknown-metadata.ts';

const mismatch: Mismatch = {
  ...{ part: 'body', pointer: '/total', path: '$.total', rule: 'type', kind: 'type' },
  text: 'Expected 4711 to be a string',
};

function aJudgement(
  verdict: Judgement['verdict'],
  mismatches: readonly Mismatch[] = [],
): Judgement {
  return { verdict, profile: 'live', interaction: undefined, mismatches };
}

describe('the places that differ', () => {
  test('are told by part, rule and pointer, without any value', () => {
    const found = guardMismatches([
      mismatch,
      mismatch,
      { ...mismatch, part: 'body-type', pointer: '', rule: 'content  type' },
      { ...mismatch, part: 'header', pointer: 'X-Rate', rule: ' ' },
      { ...mismatch, pointer: '/accounts/ada@example.com/0/id', rule: 'unexpected' },
    ]);
    expect(found.map(mismatchText)).toEqual([
      'body type /total',
      'body content-type ',
      'header equality X-Rate',
      'body unexpected /accounts/*/0/id',
    ]);
    expect(JSON.stringify(found)).not.toContain('4711');
  });

  test('are bounded in number and length', () => {
    const many = Array.from({ length: 50 }, (_, index) => ({ ...mismatch, pointer: `/a${index}` }));
    expect(guardMismatches(many)).toHaveLength(8);
    const [long] = guardMismatches([{ ...mismatch, part: 'query', pointer: 'x'.repeat(1_000) }]);
    expect(long?.pointer).toHaveLength(200);
  });
});

test.each([
  { pointer: '', told: '' },
  { pointer: '/items/0/sku', told: '/items/0/sku' },
  { pointer: '/items/*/sku', told: '/items/*/sku' },
  { pointer: '/4111111111111111/a', told: '/*/a' },
  { pointer: '/6f9619ff-8b86-4d01-b42d-00cf4fc964ff', told: '/*' },
  { pointer: '/deadbeefcafe', told: '/*' },
  { pointer: '/Ada Lovelace', told: '/*' },
  { pointer: '/a~1b', told: '/*' },
  { pointer: '/@type/$ref/x-rate.limit', told: '/@type/$ref/x-rate.limit' },
])('a pointer does not tell data: $pointer', ({ pointer, told }) => {
  expect(withoutData(pointer)).toBe(told);
});

describe('the fields of a body', () => {
  test('are the pointers of all its members', () => {
    const body = {
      id: 1,
      items: [{ sku: 'a' }, { sku: 'b', tags: ['x'] }],
      by: { 'ada@b.c': { n: 1 } },
    };
    const expected = ['/id', '/items', '/items/*/sku', '/items/*/tags', '/by', '/by/*/n'];
    expect(fieldsOf(body)).toEqual(expected);
    const content = Buffer.from(JSON.stringify(body));
    expect(fieldsOfBody({ contentType: 'application/hal+json; charset=utf-8', content })).toEqual(
      expected,
    );
  });

  test.each([
    { what: 'no body', body: undefined },
    { what: 'no JSON', body: { contentType: 'text/plain', content: Buffer.from('{"a":1}') } },
    { what: 'no type', body: { contentType: undefined, content: Buffer.from('{"a":1}') } },
    {
      what: 'broken JSON',
      body: { contentType: 'application/json', content: Buffer.from('{"a"') },
    },
    { what: 'a scalar', body: { contentType: 'application/json', content: Buffer.from('7') } },
  ])('are none of $what', ({ body }) => {
    expect(fieldsOfBody(body)).toEqual([]);
  });

  test('are bounded', () => {
    const letters = Array.from('abcdefghijklmnopqrst');
    const wide = Object.fromEntries(letters.flatMap((a) => letters.map((b) => [a + b, 1])));
    expect(fieldsOf(wide)).toHaveLength(100);
    let deep: object = {};
    for (let index = 0; index < 1_000; index += 1) deep = { a: deep };
    expect(fieldsOf(deep).length).toBeLessThan(20);
    const list = Array.from({ length: 100_000 }, () => ({ a: [1, 2, 3] }));
    expect(fieldsOf(list)).toEqual(['/*/a']);
  });
});

describe('providers behind addresses', () => {
  test('are those that were told, else those that were learned first', () => {
    const names = new ProviderNames({ 'orders:80': 'orders', payments: 'payments' });
    names.learn('10.0.0.1:80', 'inventory');
    names.learn('10.0.0.1:80', 'other');
    names.learn('orders:80', 'other');
    expect(
      ['orders:80', 'payments:8080', '10.0.0.1:80', '10.0.0.2:80'].map((one) => names.nameOf(one)),
    ).toEqual(['orders', 'payments', 'inventory', undefined]);
  });

  test('are bounded in number', () => {
    const names = new ProviderNames({});
    for (let index = 0; index < 1_100; index += 1) names.learn(`host-${index}`, 'a');
    expect([names.nameOf('host-999'), names.nameOf('host-1000')]).toEqual(['a', undefined]);
  });
});

describe('metadata of a message', () => {
  const missing: Mismatch = { ...mismatch, part: 'metadata', pointer: '/topic', kind: 'missing' };
  test.each([
    {
      what: 'that is not there cannot be judged',
      given: aJudgement('broken', [missing]),
      verdict: 'undecided',
      left: 0,
    },
    {
      what: 'that is not there hides nothing else',
      given: aJudgement('broken', [missing, mismatch]),
      verdict: 'broken',
      left: 1,
    },
    {
      what: 'that differs is broken',
      given: aJudgement('broken', [{ ...missing, kind: 'value' }]),
      verdict: 'broken',
      left: 1,
    },
    {
      what: 'of a kept promise does not matter',
      given: aJudgement('kept'),
      verdict: 'kept',
      left: 0,
    },
  ])('$what', ({ given, verdict, left }) => {
    const found = withoutUnknownMetadata(given);
    expect([found.verdict, found.mismatches.length]).toEqual([verdict, left]);
  });
});

describe('judging with many pacts', () => {
  const compiled = compilePact('{}');

  function aPact(verdict: Judgement['verdict'], over: Partial<HeldPact> = {}): HeldPact {
    const contract: Contract = {
      ...{ interactions: [], defects: [], fieldsOf: () => [] },
      judgeHttp: () => aJudgement(verdict),
      judgeMessage: () => aJudgement(verdict),
    };
    const names = { consumer: 'web', provider: 'orders', sha: verdict, consumerVersions: ['1'] };
    return { ...names, contract, compiled, risk: 'none', ...over };
  }

  const request = { ...{ method: 'GET', path: '/', query: '' }, headers: {}, body: undefined };
  const question = {
    ...{ peer: undefined, version: undefined, bytes: 0, onSlow: () => undefined },
    judge: (contract: Contract) => contract.judgeHttp({ request, response: undefined }),
  };
  const verdictsOf = (judge: PeerJudge, over: object) =>
    judge
      .judge({ ...question, peers: new Map(), ...over })
      .map(({ peer, judgement }) => `${peer} ${judgement.verdict}`);

  test('says for each peer the best that one of its versions says', () => {
    const peers = new Map([
      ['web', [aPact('broken'), aPact('kept')]],
      ['app', [aPact('uncovered'), aPact('broken')]],
      ['cron', [aPact('uncovered'), aPact('undecided')]],
    ]);
    const judge = new PeerJudge(() => 0);
    expect(verdictsOf(judge, { peers })).toEqual(['web kept', 'app broken', 'cron undecided']);
    expect(verdictsOf(judge, { peers, peer: 'app' })).toEqual(['app broken']);
    expect(verdictsOf(judge, { peers, peer: 'none' })).toEqual([]);
  });

  test('lets the version that asks speak alone, where it is known', () => {
    const peers = new Map([['web', [aPact('broken'), aPact('kept', { consumerVersions: ['2'] })]]]);
    const judge = new PeerJudge(() => 0);
    expect(['1', '2', '3'].flatMap((version) => verdictsOf(judge, { peers, version }))).toEqual([
      'web broken',
      'web kept',
      'web kept',
    ]);
  });

  test('ends when all together take too long', () => {
    let now = 0;
    const judge = new PeerJudge(() => {
      now += 30;
      return now;
    });
    const peers = new Map(['a', 'b', 'c', 'd'].map((name) => [name, [aPact('broken')]]));
    expect(verdictsOf(judge, { peers }).length).toBeLessThan(3);
  });

  test.each([
    { risk: 'unbounded' as const, bytes: 10 },
    { risk: 'quadratic' as const, bytes: 10_000 },
  ])(
    'gives up on an expression that backtracks for ever, and on its pact: $risk',
    ({ risk, bytes }) => {
      let calls = 0;
      const hostile = aPact('kept', { risk });
      const contract = {
        ...hostile.contract,
        judgeHttp: () => {
          calls += 1;
          return /^(?=(a+)+$)/.test(`${'a'.repeat(60)}b`)
            ? aJudgement('kept')
            : aJudgement('broken');
        },
      };
      const slow: string[] = [];
      const judge = new PeerJudge(() => 0);
      const peers = new Map([
        ['web', [{ ...hostile, contract }]],
        ['app', [aPact('kept')]],
      ]);
      const asked = { peers, bytes, onSlow: () => slow.push('slow') };
      for (let index = 0; index < 5; index += 1) {
        expect(verdictsOf(judge, asked)).toEqual(['app kept']);
      }
      // On a busy machine the time may be up before the work has begun.
      expect(calls).toBeLessThanOrEqual(3);
      expect(slow).toHaveLength(5);
    },
  );
});
