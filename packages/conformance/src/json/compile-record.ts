import { faultKind } from '../rules/body-rules.ts';
import type { CompiledRule } from '../rules/compiled-rule.ts';
import type { RuleCursor, Winner } from '../rules/rule-cursor.ts';
import { textFault } from '../rules/text-fault.ts';
import type { Below } from './compile-json.ts';
import { compileContainerRule } from './container-rule.ts';
import type { JsonCheck, JsonRun } from './json-run.ts';
import { jsonText, sortedKeys, valueAndType } from './json-text.ts';
import { isRecord, type Json, type JsonRecord, memberOf } from './json-value.ts';

type RecordCheck = (actual: JsonRecord, run: JsonRun) => void;

/** A promised object. That the actual value is one is asked before any rule. */
export function compileRecord(expected: JsonRecord, cursor: RuleCursor, below: Below): JsonCheck {
  const compare = comparison(expected, cursor, below);
  return (actual, run) => {
    if (isRecord(actual)) {
      compare(actual, run);
    } else {
      run.report({ rule: 'type', kind: 'type' }, typeMismatch(expected, actual));
    }
  };
}

export function typeMismatch(expected: Json, actual: Json): string {
  return `Type mismatch: Expected ${valueAndType(actual)} to be the same type as ${valueAndType(expected)}`;
}

function comparison(expected: JsonRecord, cursor: RuleCursor, below: Below): RecordCheck {
  const compare = byRules(expected, cursor, below);
  const emptyOnly = !below.settings.allowUnexpected && Object.keys(expected).length === 0;
  return emptyOnly ? whenEmpty(compare) : compare;
}

/** Whatever the rules say: where a request promises nothing in an object, nothing may be in it. */
function whenEmpty(compare: RecordCheck): RecordCheck {
  return (actual, run) => {
    if (Object.keys(actual).length === 0) {
      compare(actual, run);
    } else {
      run.report(
        { rule: 'unexpected', kind: 'unexpected' },
        `Expected an empty Map but received ${jsonText(actual)}`,
      );
    }
  };
}

function byRules(expected: JsonRecord, cursor: RuleCursor, below: Below): RecordCheck {
  const { winner } = cursor;
  if (winner === undefined) {
    return promisedMembers(expected, cursor, below);
  }
  // With `or`, too, every rule counts: the native library combines them for lists and scalars only.
  const checks = winner.rules.rules.map((rule) =>
    underRule(rule, winner, { expected, cursor, below }),
  );
  return (actual, run) => {
    for (const check of checks) {
      check(actual, run);
    }
  };
}

interface Promised {
  readonly expected: JsonRecord;
  readonly cursor: RuleCursor;
  readonly below: Below;
}

function underRule(rule: CompiledRule, winner: Winner, promised: Promised): RecordCheck {
  const { expected, cursor, below } = promised;
  const { kind } = rule;
  if (!winner.cascaded && (kind === 'values' || kind === 'eachValue' || kind === 'arrayContains')) {
    return everyMember(kind === 'eachValue' ? cursor.membersOnly(rule.inner) : cursor, promised);
  }
  const test = compileContainerRule(rule, expected, winner.cascaded);
  const members = promisedMembers(expected, cursor, below);
  const fault = {
    rule: rule.source.match,
    kind: kind === 'type' ? ('length' as const) : faultKind(rule),
  };
  return (actual, run) => {
    const text = test(actual);
    if (text !== undefined) {
      run.report(fault, text);
    }
    members(actual, run);
  };
}

/** What came is compared, whatever it is called: with its namesake, else with the first promised member. */
function everyMember(cursor: RuleCursor, { expected, below }: Promised): RecordCheck {
  const example = expected[sortedKeys(expected)[0] ?? ''];
  if (example === undefined) {
    return () => undefined;
  }
  const checks = new Map<string, JsonCheck>();
  for (const key of Object.keys(expected)) {
    checks.set(
      key,
      below.compile(memberOf(expected, key) ?? null, cursor.child(key), below.settings),
    );
  }
  const others = new Map<RuleCursor, JsonCheck>();
  const otherCheck = (key: string): JsonCheck => {
    const place = cursor.child(key);
    const check = others.get(place) ?? below.compile(example, place, below.settings);
    others.set(place, check);
    return check;
  };
  return (actual, run) => {
    for (const key of Object.keys(actual)) {
      run.steps.push(key);
      (checks.get(key) ?? otherCheck(key))(actual[key] ?? null, run);
      run.steps.pop();
    }
  };
}

interface Member {
  readonly key: string;
  /** The name of something that every JavaScript object inherits. */
  readonly inherited: boolean;
  readonly check: JsonCheck;
}

/** The promised members, each with its own check, and that they are all there. */
function promisedMembers(expected: JsonRecord, cursor: RuleCursor, below: Below): RecordCheck {
  const members: readonly Member[] = Object.keys(expected).map((key) => ({
    key,
    inherited: key in Object.prototype,
    check: below.compile(memberOf(expected, key) ?? null, cursor.child(key), below.settings),
  }));
  const keyRules = keyRulesOf(cursor);
  const anyKeys = cursor.exact.some(({ kind }) => FREES_KEYS.has(kind));
  const strict = !below.settings.allowUnexpected;
  return (actual, run) => {
    const missing = compareMembers(members, actual, run);
    if (!anyKeys && (missing > 0 || (strict && Object.keys(actual).length > members.length))) {
      reportKeys({ expected, actual, strict }, run);
    }
    if (keyRules.length > 0) {
      judgeKeys(keyRules, actual, run);
    }
  };
}

/** Returns how many of them did not come. */
function compareMembers(members: readonly Member[], actual: JsonRecord, run: JsonRun): number {
  let missing = 0;
  for (const { key, inherited, check } of members) {
    const value = inherited ? memberOf(actual, key) : actual[key];
    if (value === undefined) {
      missing += 1;
    } else {
      run.steps.push(key);
      check(value, run);
      run.steps.pop();
    }
  }
  return missing;
}

const FREES_KEYS: ReadonlySet<string> = new Set(['values', 'eachKey', 'eachValue']);

/** Rules for keys from above speak here, too, when any rule is written for this place: so the native library asks. */
function keyRulesOf({ exact, winner }: RuleCursor): readonly CompiledRule[] {
  if (exact.length === 0) {
    return [];
  }
  return (winner?.rules.rules ?? [])
    .filter(({ kind }) => kind === 'eachKey')
    .flatMap(({ inner }) => inner);
}

function reportKeys(
  {
    expected,
    actual,
    strict,
  }: { readonly expected: JsonRecord; readonly actual: JsonRecord; readonly strict: boolean },
  run: JsonRun,
): void {
  const promised = sortedKeys(expected);
  const missing = promised.filter((key) => !Object.hasOwn(actual, key));
  const text = strict
    ? `Expected a Map with keys [${promised.join(', ')}] but received one with keys [${sortedKeys(actual).join(', ')}]`
    : `Actual map is missing the following keys: ${missing.join(', ')}`;
  for (const key of missing) {
    run.reportMember(key, { rule: 'required', kind: 'missing' }, text);
  }
  if (strict) {
    for (const key of Object.keys(actual).filter((name) => !Object.hasOwn(expected, name))) {
      run.reportMember(key, { rule: 'unexpected', kind: 'unexpected' }, text);
    }
  }
}

function judgeKeys(rules: readonly CompiledRule[], actual: JsonRecord, run: JsonRun): void {
  for (const key of Object.keys(actual)) {
    for (const rule of rules) {
      const text = textFault(rule, { expected: '', actual: key, cascaded: false });
      if (text !== undefined) {
        run.steps.push(key);
        run.report({ rule: 'eachKey', kind: 'unexpected' }, text);
        run.steps.pop();
      }
    }
  }
}
