import type { BodyPartContext } from '../bodies/body-comparison.ts';
import { compileBody } from '../bodies/compile-body.ts';
import type { Mismatch, Profile } from '../contract/mismatch.ts';
import { jsonBodies } from '../json/compile-json-body.ts';
import { BodyRules } from '../rules/body-rules.ts';

export type RuleOfCase = Readonly<{ match: string; [attribute: string]: unknown }>;

/** One rule by path, or several of which one is enough. */
export type RulesOfCase = Readonly<Record<string, RuleOfCase | readonly RuleOfCase[]>>;

export interface BodyCase {
  readonly expected: string | Uint8Array;
  readonly actual: string | Uint8Array;
  /** Of both; `actualType` where the real one is another. */
  readonly type: string | undefined;
  readonly actualType?: string | undefined;
  readonly rules?: RulesOfCase;
  readonly part?: 'request' | 'response' | 'message';
  readonly profile?: Profile;
  readonly accepts?: (contentType: string) => boolean;
}

export function contextOf(one: Omit<BodyCase, 'expected' | 'actual' | 'type'>): BodyPartContext {
  const notes = { defects: [], unjudged: [] };
  const part = one.part ?? 'response';
  const lists = Object.entries(one.rules ?? {}).map(([path, given]) => {
    const rules = [given].flat().map(({ match, ...attributes }) => ({ match, attributes }));
    return [
      path,
      { combine: rules.length > 1 ? ('or' as const) : ('and' as const), rules },
    ] as const;
  });
  return {
    rules: BodyRules.compile(new Map(lists), notes),
    allowUnexpected: part !== 'request',
    profile: one.profile ?? 'strict',
    part,
    compileJson: jsonBodies(notes),
    acceptsContentType: one.accepts,
  };
}

/** What is found between a promised body and a real one. */
export function differences(one: BodyCase): readonly Mismatch[] {
  const { expected, actual, type } = one;
  const promised = { kind: 'present' as const, contentType: type, content: bytesOf(expected) };
  const contentType = 'actualType' in one ? one.actualType : type;
  return compileBody(promised, contextOf(one))({ contentType, content: bytesOf(actual) });
}

export function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? Buffer.from(content) : content;
}
