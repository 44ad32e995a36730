import { isUtf8 } from 'node:buffer';
import type { BodyComparison, CompileBody } from '../bodies/body-comparison.ts';
import type { Mismatch } from '../contract/mismatch.ts';
import { BodyRules } from '../rules/body-rules.ts';
import type { CompiledRule, RuleNotes } from '../rules/compiled-rule.ts';
import { RuleCursor } from '../rules/rule-cursor.ts';
import type { RuleKind } from '../rules/rule-kind.ts';
import { compileJson } from './compile-json.ts';
import { JsonRun } from './json-run.ts';
import { isList, isRecord, type Json } from './json-value.ts';
import { type JsonReading, readJson, readWithoutSpelling } from './read-json.ts';

/** How JSON bodies are compiled; what cannot be judged of their rules goes to the notes. */
export function jsonBodies(notes: RuleNotes): CompileBody {
  return ({ content }, { rules, allowUnexpected, profile }): BodyComparison => {
    const expected = shallow(readBytes(content, readJson));
    if (!expected.ok) {
      notes.unjudged.push(`The promised body is no JSON: ${expected.words}.`);
      return () => [unreadable('expected', expected.words)];
    }
    const cursor = rules instanceof BodyRules ? rules.cursor : RuleCursor.root([]);
    const live = profile === 'live';
    const spelled = !live || (rules instanceof BodyRules && rules.someRule(asksForSpelling));
    const read = spelled ? readJson : readWithoutSpelling;
    const check = compileJson(expected.value, cursor, { allowUnexpected, live, notes });
    return (actual) => {
      const reading = readBytes(actual, read);
      if (!reading.ok) {
        return [unreadable('actual', reading.words)];
      }
      const run = new JsonRun('body');
      check(reading.value, run);
      return run.found;
    };
  };
}

function shallow(reading: JsonReading): JsonReading {
  return reading.ok && isTooDeep(reading.value)
    ? { ok: false, words: 'recursion limit exceeded' }
    : reading;
}

/** Of real traffic only rules ask: an example is like any number. Rules within rules may ask, too. */
function asksForSpelling({ kind }: CompiledRule): boolean {
  return !DEAF_TO_SPELLING.has(kind);
}

const DEAF_TO_SPELLING: ReadonlySet<RuleKind> = new Set<RuleKind>([
  'type',
  'number',
  'boolean',
  'null',
  'notEmpty',
  'eachKey',
]);

function readBytes(bytes: Uint8Array, read: typeof readJson): JsonReading {
  return isUtf8(bytes)
    ? read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'))
    : { ok: false, words: 'invalid UTF-8' };
}

function unreadable(which: 'expected' | 'actual', words: string): Mismatch {
  const text = `Failed to parse the ${which} body: '${words}'`;
  return { part: 'body', pointer: '', path: '$', rule: 'equality', kind: 'type', text };
}

/** As deep as the native library reads; what is promised may not make compiling it endless. */
const DEEPEST = 127;

export function isTooDeep(value: Json, depth = 0): boolean {
  if (depth > DEEPEST) {
    return true;
  }
  if (isList(value)) {
    return value.some((item) => isTooDeep(item, depth + 1));
  }
  return isRecord(value) && Object.values(value).some((member) => isTooDeep(member, depth + 1));
}
