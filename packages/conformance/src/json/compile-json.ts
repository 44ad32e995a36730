// Hot path: runs over every checked body. What a place promises is decided here once, so that a check only looks at values; a body of
// 2 KB takes some 10 µs, most of it JSON.parse. Asking for the rules of each place at run time took 20 times as long.
import type { RuleNotes } from '../rules/compiled-rule.ts';
import type { RuleCursor } from '../rules/rule-cursor.ts';
import { compileList } from './compile-list.ts';
import { compileRecord } from './compile-record.ts';
import { compileScalar } from './compile-scalar.ts';
import type { JsonCheck } from './json-run.ts';
import { isList, isRecord, type Json } from './json-value.ts';

export interface JsonSettings {
  readonly allowUnexpected: boolean;
  /** Examples without rules are compared by type, lists without rules have any length. */
  readonly live: boolean;
  readonly notes: RuleNotes;
}

/** Compiles a promised value with the rules of its place. The value must not nest deeper than the native library reads. */
export function compileJson(expected: Json, cursor: RuleCursor, settings: JsonSettings): JsonCheck {
  if (isRecord(expected)) {
    return compileRecord(expected, cursor, { settings, compile: compileJson });
  }
  return isList(expected)
    ? compileList(expected, cursor, { settings, compile: compileJson })
    : compileScalar(expected, cursor, settings.live);
}

/** What compiling a container needs to go on below. */
export interface Below {
  readonly settings: JsonSettings;
  readonly compile: typeof compileJson;
}
