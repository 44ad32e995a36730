import { failedOnList } from '../bodies/list-rules.ts';
import type { Mismatch, Profile } from '../contract/mismatch.ts';
import type { SampleHeaders } from '../contract/sample.ts';
import type { PromisedHeader } from '../pact/pact-parts.ts';
import { headerValues } from '../pact/read-headers.ts';
import { type Place, textMismatches } from '../rules/body-rules.ts';
import { type CompiledRules, compileRules, type RuleNotes } from '../rules/compiled-rule.ts';
import { sameHeaderValue } from './header-parameters.ts';

export type ActualHeaders = ReadonlyMap<string, readonly string[]>;
export type HeaderCheck = (actual: ActualHeaders) => readonly Mismatch[];

/** Headers by name in lower case, their values split where commas make lists. */
export function actualHeaders(headers: SampleHeaders): ActualHeaders {
  const found = new Map<string, readonly string[]>();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) {
      const lines = typeof value === 'string' ? [value] : value;
      found.set(
        name.toLowerCase(),
        lines.flatMap((line) => headerValues(name, line)),
      );
    }
  }
  return found;
}

/** Compiles the promised headers; further ones are let pass in both directions. */
export function compileHeaders(
  headers: readonly PromisedHeader[],
  profile: Profile,
  notes: RuleNotes,
): HeaderCheck {
  const checks = headers.map((header) => compileHeader(header, profile, notes));
  return (actual) => checks.flatMap((check) => check(actual));
}

function compileHeader(header: PromisedHeader, profile: Profile, notes: RuleNotes): HeaderCheck {
  const { name, values } = header;
  const rules = header.rules === undefined ? undefined : compileRules(header.rules, notes);
  const place: Place = { part: 'header', pointer: name, path: name };
  const key = name.toLowerCase();
  return (actual) => {
    const found = actual.get(key);
    if (found === undefined) {
      const text = `Expected a header '${name}' but was missing`;
      return [{ ...place, rule: 'required', kind: 'missing', text }];
    }
    const pair = { place, name, expected: values, actual: found };
    if (rules !== undefined) {
      return underRules(rules, pair);
    }
    return profile === 'live' ? likeExample(pair) : asExample(pair);
  };
}

interface HeaderPair {
  readonly place: Place;
  readonly name: string;
  readonly expected: readonly string[];
  readonly actual: readonly string[];
}

function underRules(rules: CompiledRules, pair: HeaderPair): readonly Mismatch[] {
  const { place, name, expected, actual } = pair;
  const single = expected.length === 1 && actual.length === 1;
  const together = single ? [] : togetherMismatches(rules, pair);
  const eachAlone = actual.flatMap((value, at) =>
    textMismatches(rules, {
      expected: (expected[at] ?? expected[0] ?? '').trim(),
      actual: value.trim(),
      cascaded: false,
      place,
    }).map((mismatch) => ({
      ...mismatch,
      text: `Mismatch with header '${name}': ${mismatch.text}${
        single ? '' : ` for value at index ${expected.length > at ? at : 0}`
      }`,
    })),
  );
  return [...together, ...eachAlone];
}

/** Several values are a list, which rules can limit or want to be the same. */
function togetherMismatches(
  { rules, combine }: CompiledRules,
  { place, name, expected, actual }: HeaderPair,
): readonly Mismatch[] {
  const winning = { rules: rules.map(({ source }) => source), combine, cascaded: false };
  return failedOnList(winning, expected, actual).map(({ rule, text }) => ({
    ...place,
    rule,
    kind: 'length',
    text: `Mismatch with header '${name}': ${text}`,
  }));
}

/** Real headers vary as their senders like; only what a content type says of the body is held to the example. */
function likeExample(pair: HeaderPair): readonly Mismatch[] {
  if (pair.name.toLowerCase() !== 'content-type') {
    return [];
  }
  const [expected = '', actual = ''] = [pair.expected[0], pair.actual[0]];
  return mainTypeOf(expected) === mainTypeOf(actual) ? [] : [unequal(pair, [expected, actual])];
}

function mainTypeOf(value: string): string {
  return (value.split(';')[0] ?? '').trim().toLowerCase();
}

function asExample(pair: HeaderPair): readonly Mismatch[] {
  const { name, expected, actual } = pair;
  if (expected.length === 1 && actual.length === 1) {
    const [promised = '', came = ''] = [expected[0], actual[0]];
    return sameHeaderValue(name, promised, came) ? [] : [unequal(pair, [promised, came])];
  }
  const found: Mismatch[] = [];
  for (let at = 0; at < Math.max(expected.length, actual.length); at += 1) {
    found.push(...valueAt(pair, at));
  }
  return found;
}

function unequal(
  { place, name }: HeaderPair,
  [expected, actual]: readonly [string, string],
): Mismatch {
  const parameterised = /^(?:accept|content-type)$/i.test(name);
  const words = parameterised
    ? `Expected header '${name}' to have value '${expected}' but was '${actual}'`
    : `Expected '${actual.trim()}' to be equal to '${expected.trim()}'`;
  const text = `Mismatch with header '${name}': ${words}`;
  return { ...place, rule: 'equality', kind: 'value', text };
}

/** A value beyond those promised is compared with the empty text. */
function valueAt({ place, name, expected, actual }: HeaderPair, at: number): readonly Mismatch[] {
  const value = actual[at];
  const promised = expected[at] ?? '';
  if (value === undefined) {
    const text = `Mismatch with header '${name}': Expected value '${promised}' at index ${at} but was missing (actual has ${actual.length} value(s))`;
    return [{ ...place, rule: 'required', kind: 'missing', text }];
  }
  if (sameHeaderValue(name, promised, value)) {
    return [];
  }
  const text = `Mismatch with header '${name}': Expected '${value}' to be equal to '${promised}' for value at index ${at}`;
  return [{ ...place, rule: 'equality', kind: 'value', text }];
}
