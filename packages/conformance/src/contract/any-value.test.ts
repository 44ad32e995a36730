import { describe, expect, test } from 'vitest';
import { compileContract } from './compile-contract.ts';
import type { Contract } from './contract.ts';
import type { Profile } from './mismatch.ts';

const ROUNDS = 100;

type Random = (below: number) => number;

/** The same values in every run. */
function randomFrom(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * below);
  };
}

const SCALARS = [
  '1',
  '1.0',
  '-0',
  '1e3',
  '9007199254740993',
  '"a"',
  '""',
  'true',
  'null',
  '"é\\n😀"',
];
const KEYS = ['a', 'b', '0', 'constructor', '__proto__', 'toString', 'x y', '@id', ''];

/** JSON as a text, so that numbers keep their spelling. */
function randomJson(random: Random, depth: number): string {
  const kind = depth === 0 ? 0 : random(3);
  const size = random(4);
  if (kind === 0) {
    return SCALARS[random(SCALARS.length)] ?? 'null';
  }
  const values = Array.from({ length: size }, () => randomJson(random, depth - 1));
  if (kind === 1) {
    return `[${values.join(',')}]`;
  }
  const keys = KEYS.filter(() => random(2) === 0).slice(0, size);
  return `{${keys.map((key, at) => `${JSON.stringify(key)}:${values[at]}`).join(',')}}`;
}

const TYPES = { matchers: [{ match: 'type' }] };
const RULES = [
  {},
  { $: TYPES },
  { '$.*': TYPES, '$.*.*': TYPES },
  { '$.a': TYPES, '$[0]': TYPES, '$.*[*]': TYPES },
];
const ODD_RULES = [
  { $: { matchers: [{ match: 'eachValue', rules: [{ match: 'integer' }] }] } },
  { '$.a': { matchers: [{ match: 'eachKey', rules: [{ match: 'regex', regex: '(' }] }] } },
  { '$[*]': { matchers: [{ match: 'arrayContains', variants: [{ index: 9 }, 7, { rules: 7 }] }] } },
  { '$.*': { matchers: [{ match: 'type', min: 'x', max: -1 }], combine: 7 }, '$..': TYPES },
  { $: { matchers: [{ match: 'values' }, { match: 'null' }, {}, null] }, '': TYPES },
  { $: 7, '$.b': { matchers: [{ match: 'contentType' }, { match: 'date', format: "y'" }] } },
];

function contractFor(body: string, rules: unknown, profile: Profile): Contract {
  return compileContract(
    `{"interactions":[{"description":"any","response":{"headers":{"Content-Type":"application/json"},"body":${body},"matchingRules":{"body":${JSON.stringify(rules)}}}}]}`,
    profile,
  );
}

function judge(contract: Contract, body: string | Uint8Array) {
  return contract.judgeHttp({
    request: { method: 'GET', path: '/', query: '', headers: {}, body: undefined },
    response: {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: { contentType: undefined, content: Buffer.from(body) },
    },
  });
}

describe('any JSON', () => {
  test.each<Profile>(['strict', 'live'])(
    'keeps the %s contract it is the example of',
    (profile) => {
      const random = randomFrom(1);
      for (let round = 0; round < ROUNDS; round += 1) {
        // In a list: alone, null and the empty text say that there is no body.
        const body = `[${randomJson(random, 3)}]`;
        const rules = RULES[random(RULES.length)];
        const { verdict, mismatches } = judge(contractFor(body, rules, profile), body);
        expect({ body, rules, verdict, mismatches }).toMatchObject({ verdict: 'kept' });
      }
    },
  );

  test('that strictly keeps a contract keeps it in real traffic, too', () => {
    const random = randomFrom(2);
    let kept = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const body = randomJson(random, 1);
      const actual = randomJson(random, 1);
      const rules = RULES[random(RULES.length)];
      if (judge(contractFor(body, rules, 'strict'), actual).verdict === 'kept') {
        kept += 1;
        expect(judge(contractFor(body, rules, 'live'), actual).verdict).toBe('kept');
      }
    }
    expect(kept).toBeGreaterThan(3);
  });

  test('is answered by any contract, whatever its rules', () => {
    const random = randomFrom(3);
    for (let round = 0; round < ROUNDS; round += 1) {
      const body = randomJson(random, 3);
      const rules = ODD_RULES[random(ODD_RULES.length)];
      const contract = contractFor(body, rules, random(2) === 0 ? 'strict' : 'live');
      const actual = randomJson(random, 3);
      const { verdict, mismatches } = judge(contract, actual);
      expect(verdict === 'broken').toBe(mismatches.length > 0);
      expect(judge(contract, actual.slice(0, random(actual.length) + 1)).verdict).toBeDefined();
    }
  });

  test('bytes that are no UTF-8 break a promise of JSON', () => {
    expect(judge(contractFor('{}', {}, 'live'), Uint8Array.of(0x22, 0xff, 0x22)).verdict).toBe(
      'broken',
    );
  });
});
