import { faultKind } from '../rules/body-rules.ts';
import type { CompiledRule } from '../rules/compiled-rule.ts';
import type { RuleCursor, Winner } from '../rules/rule-cursor.ts';
import { pathText } from '../rules/rule-path.ts';
import { containsVariants } from './array-contains.ts';
import type { Below } from './compile-json.ts';
import { typeMismatch } from './compile-record.ts';
import { compileContainerRule } from './container-rule.ts';
import { type JsonCheck, type JsonRun, passes } from './json-run.ts';
import { jsonText, sortedKeys } from './json-text.ts';
import { isList, isNumber, isRecord, type Json } from './json-value.ts';

type List = readonly Json[];
type ListCheck = (actual: List, run: JsonRun) => void;

/** A promised list. That the actual value is one is asked before any rule. */
export function compileList(expected: List, cursor: RuleCursor, below: Below): JsonCheck {
  const compare = comparison(expected, cursor, below);
  return (actual, run) => {
    if (isList(actual)) {
      compare(actual, run);
    } else {
      run.report({ rule: 'type', kind: 'type' }, typeMismatch(expected, actual));
    }
  };
}

function comparison(expected: List, cursor: RuleCursor, below: Below): ListCheck {
  const { winner } = cursor;
  if (winner === undefined) {
    return below.settings.live
      ? eachLikeSome(expected, cursor, below)
      : itemByItem(expected, cursor, below);
  }
  if (winner.rules.rules.length === 0) {
    return noRule;
  }
  // Without an example there is nothing to compare with, and the native library leaves out lengths, too.
  if (expected.length === 0) {
    return () => undefined;
  }
  const checks = winner.rules.rules.map((rule) =>
    underRule(rule, winner, { expected, cursor, below }),
  );
  return winner.rules.combine === 'or' && checks.length > 1 ? anyOf(checks) : allOf(checks);
}

/** An eachValue without rules allows no list, as it allows no other value. */
function noRule(_actual: List, run: JsonRun): void {
  run.report(
    { rule: 'eachValue', kind: 'value' },
    `No matcher found for path '${pathText(run.steps)}'`,
  );
}

function allOf(checks: readonly ListCheck[]): ListCheck {
  return (actual, run) => {
    for (const check of checks) {
      check(actual, run);
    }
  };
}

function anyOf(checks: readonly ListCheck[]): ListCheck {
  const all = allOf(checks);
  return (actual, run) => {
    if (!checks.some((check) => passes(check, actual, run))) {
      all(actual, run);
    }
  };
}

/** No rule: the same items at the same places, and as many. */
function itemByItem(expected: List, cursor: RuleCursor, below: Below): ListCheck {
  const checks = expected.map((item, at) => below.compile(item, cursor.child(at), below.settings));
  return (actual, run) => {
    if (checks.length === 0 && actual.length > 0) {
      const text = `Expected an empty List but received ${jsonText(actual)}`;
      run.report({ rule: 'unexpected', kind: 'unexpected' }, text);
      return;
    }
    for (const [at, check] of checks.entries()) {
      compareItem({ check, actual, at }, run);
    }
    reportMissing({ expected, actual, cursor }, run);
    if (actual.length !== checks.length) {
      const text = `Expected a List with ${checks.length} elements but received ${actual.length} elements`;
      run.report(
        { rule: actual.length > checks.length ? 'unexpected' : 'required', kind: 'length' },
        text,
      );
    }
  };
}

function compareItem(
  { check, actual, at }: { readonly check: JsonCheck; readonly actual: List; readonly at: number },
  run: JsonRun,
): void {
  const item = actual[at];
  if (item !== undefined) {
    run.steps.push(at);
    check(item, run);
    run.steps.pop();
  }
}

/** An item that does not come is only missed where no rule speaks for its place. */
function reportMissing(
  {
    expected,
    actual,
    cursor,
  }: { readonly expected: List; readonly actual: List; readonly cursor: RuleCursor },
  run: JsonRun,
): void {
  for (let at = actual.length; at < expected.length; at += 1) {
    if (cursor.child(at).winner === undefined) {
      const item = expected[at] ?? null;
      const text = `Expected ${typeof item === 'string' ? item : jsonText(item)} but was missing`;
      run.reportMember(at, { rule: 'required', kind: 'missing' }, text);
    }
  }
}

/** Real lists without a rule have any length; each item is like one of the examples, best like its namesake. */
function eachLikeSome(expected: List, cursor: RuleCursor, below: Below): ListCheck {
  if (expected.length === 0) {
    return () => undefined;
  }
  const check = itemsCheck(expected, cursor, below);
  const shapes = new Map(expected.map((item, at) => [shapeOf(item), check(at)] as const));
  // Rules may tell places apart that look alike.
  const examples = cursor.isFree ? [...shapes.values()] : expected.map((_item, at) => check(at));
  return (actual, run) => {
    for (let at = 0; at < actual.length; at += 1) {
      const before = run.found.length;
      compareItem({ check: check(at), actual, at }, run);
      if (run.found.length > before && examples.length > 1) {
        forgiveIfLikeAnother({ examples, actual, at, before }, run);
      }
    }
  };
}

/** Equal for examples that live traffic is compared with alike, where no rule speaks. */
function shapeOf(value: Json): string {
  if (isList(value)) {
    return `[${[...new Set(value.map(shapeOf))].sort().join()}]`;
  }
  if (isRecord(value)) {
    return `{${sortedKeys(value)
      .map((key) => `${JSON.stringify(key)}:${shapeOf(value[key] ?? null)}`)
      .join()}}`;
  }
  return value === null ? 'null' : typeof (isNumber(value) ? 0 : value);
}

function forgiveIfLikeAnother(
  tried: {
    readonly examples: readonly JsonCheck[];
    readonly actual: List;
    readonly at: number;
    readonly before: number;
  },
  run: JsonRun,
): void {
  const { examples, actual, at, before } = tried;
  const item = actual[at] ?? null;
  run.steps.push(at);
  if (examples.some((example) => passes(example, item, run))) {
    run.found.length = before;
  }
  run.steps.pop();
}

interface Promised {
  readonly expected: List;
  readonly cursor: RuleCursor;
  readonly below: Below;
}

function underRule(rule: CompiledRule, winner: Winner, promised: Promised): ListCheck {
  const { expected } = promised;
  if (rule.kind === 'arrayContains') {
    return containsVariants(rule, expected, promised.below);
  }
  if (rule.kind === 'eachValue') {
    return winner.cascaded
      ? () => undefined
      : paddedItems({ ...promised, cursor: promised.cursor.membersOnly(rule.inner) });
  }
  const test = compileContainerRule(rule, expected, winner.cascaded);
  const items = paddedItems(promised);
  const fault = {
    rule: rule.source.match,
    kind: rule.kind === 'type' ? ('length' as const) : faultKind(rule),
  };
  return (actual, run) => {
    const text = test(actual);
    if (text !== undefined) {
      run.report(fault, text);
    }
    items(actual, run);
  };
}

/** Every item that came, with the example at its place or the first one. */
function paddedItems({ expected, cursor, below }: Promised): ListCheck {
  const check = itemsCheck(expected, cursor, below);
  return (actual, run) => {
    for (let at = 0; at < actual.length; at += 1) {
      compareItem({ check: check(at), actual, at }, run);
    }
    reportMissing({ expected, actual, cursor }, run);
  };
}

/** The check for an item by its place. Places that no rule can tell apart share one, compiled when first needed. */
function itemsCheck(
  expected: List,
  cursor: RuleCursor,
  { settings, compile }: Below,
): (at: number) => JsonCheck {
  const own = expected.map((item, at) => compile(item, cursor.child(at), settings));
  const others = new Map<RuleCursor, JsonCheck>(
    own.slice(0, 1).map((check) => [cursor.child(0), check]),
  );
  const checkAt = (at: number): JsonCheck => {
    const place = cursor.child(at);
    const check = others.get(place) ?? compile(expected[0] ?? null, place, settings);
    others.set(place, check);
    return check;
  };
  const alike = !cursor.tellsIndexesApart(own.length);
  let shared: JsonCheck | undefined;
  return (at) => {
    const known = own[at];
    if (known !== undefined || !alike) {
      return known ?? checkAt(at);
    }
    shared ??= checkAt(at);
    return shared;
  };
}
