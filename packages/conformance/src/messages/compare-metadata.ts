import { isEventName } from '../calls/promised-event.ts';
import type { Mismatch } from '../contract/mismatch.ts';
import type { Compiling } from '../http/compile-part.ts';
import { sameWithParameters } from '../http/header-parameters.ts';
import { compileScalar } from '../json/compile-scalar.ts';
import { JsonRun } from '../json/json-run.ts';
import { jsonText } from '../json/json-text.ts';
import { type Json, sameJson } from '../json/json-value.ts';
import { equalityTest } from '../json/scalar-rule.ts';
import type { PromisedMessage } from '../pact/pact-parts.ts';
import { BodyRules } from '../rules/body-rules.ts';

type Metadata = Readonly<Record<string, unknown>>;
export type MetadataCheck = (actual: Metadata) => readonly Mismatch[];

/** The content type that metadata state, however they spell its name. */
export function contentTypeOf(metadata: Metadata): string | undefined {
  const name = Object.keys(metadata).find(isContentType);
  const value = name === undefined ? undefined : metadata[name];
  return typeof value === 'string' ? value : undefined;
}

function isContentType(name: string): boolean {
  return /^content[-_]?type$/i.test(name);
}

/** Only promised keys are looked at; their names in exactly this case, their values with their JSON types. */
export function compileMetadata(promised: PromisedMessage, compiling: Compiling): MetadataCheck {
  const live = compiling.profile === 'live';
  const rules = BodyRules.compile(promised.metadataRules, compiling.notes);
  const checks = Object.entries(promised.metadata)
    .filter(([name]) => !live || !(isEventName(name) || isContentType(name)))
    .map(([name, value]) => compileKey({ name, value: value as Json, rules }, compiling));
  return (actual) =>
    // Real messages of which no metadata were captured say nothing about them.
    live && Object.keys(actual).length === 0 ? [] : checks.flatMap((check) => check(actual));
}

interface PromisedKey {
  readonly name: string;
  readonly value: Json;
  readonly rules: BodyRules;
}

function compileKey({ name, value, rules }: PromisedKey, compiling: Compiling): MetadataCheck {
  const compare = compileValue({ name, value, rules }, compiling);
  const place = { part: 'metadata', pointer: `/${name}`, path: name } as const;
  return (metadata) => {
    const actual = Object.hasOwn(metadata, name) ? (metadata[name] as Json) : undefined;
    if (actual === undefined) {
      const text = `Expected metadata key '${name}' but was missing`;
      return [{ ...place, rule: 'required', kind: 'missing', text }];
    }
    return compare(actual).map((mismatch) => ({
      ...mismatch,
      ...place,
      text: `Expected metadata key '${name}' to have value '${jsonText(value)}' but was '${jsonText(actual)}' - ${mismatch.text}`,
    }));
  };
}

type Found = Pick<Mismatch, 'rule' | 'kind' | 'text'>;

function compileValue(
  { name, value, rules }: PromisedKey,
  { profile }: Compiling,
): (actual: Json) => readonly Found[] {
  const cursor = rules.cursor.child(name);
  if (profile === 'live' && cursor.winner === undefined) {
    return (actual) => likeExample(value, actual);
  }
  if (cursor.winner !== undefined) {
    const check = compileScalar(value, cursor, false);
    return (actual) => {
      const run = new JsonRun('metadata', name);
      check(actual, run);
      return run.found;
    };
  }
  const equality = equalityTest(value);
  return (actual) => {
    if (isContentType(name) && typeof value === 'string' && typeof actual === 'string') {
      return sameWithParameters(value, actual) ? [] : [unequal(equality(actual) ?? '')];
    }
    const text = equality(actual);
    return text === undefined ? [] : [unequal(text)];
  };
}

function unequal(text: string): Found {
  return { rule: 'equality', kind: 'value', text };
}

/** Brokers carry most metadata as texts, so the type of an example says little; an empty one says that it matters. */
function likeExample(expected: Json, actual: Json): readonly Found[] {
  const bothPlain = typeof expected !== 'object' && typeof actual !== 'object';
  return bothPlain || typeof expected === typeof actual || sameJson(expected, actual)
    ? []
    : [
        {
          rule: 'type',
          kind: 'type',
          text: `Expected ${jsonText(actual)} to be the same type as ${jsonText(expected)}`,
        },
      ];
}
