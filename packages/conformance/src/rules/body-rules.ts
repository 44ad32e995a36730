import type { PathSteps, TextRules, WinningRules } from '../bodies/body-comparison.ts';
import type { Mismatch } from '../contract/mismatch.ts';
import type { RuleList } from '../pact/pact-model.ts';
import {
  type CompiledRule,
  type CompiledRules,
  compileRules,
  type RuleNotes,
} from './compiled-rule.ts';
import { type PathRules, RuleCursor } from './rule-cursor.ts';
import type { RuleKind } from './rule-kind.ts';
import { parseRulePath, pathText, pointerTo, weightOf } from './rule-path.ts';
import { textFault } from './text-fault.ts';

/** Rules by path expression, as one category of a pact has them. */
export type RulesByPath = ReadonlyMap<string, RuleList>;

/** The rules of one body or of a message's metadata: for JSON as a cursor, for bodies that are texts place by place. */
export class BodyRules implements TextRules {
  readonly cursor: RuleCursor;
  readonly #paths: readonly PathRules[];

  constructor(paths: readonly PathRules[]) {
    this.cursor = RuleCursor.root(paths);
    this.#paths = paths;
  }

  static compile(rules: RulesByPath, notes: RuleNotes): BodyRules {
    return new BodyRules(compilePathRules(rules, notes));
  }

  applyAt(
    path: PathSteps,
    texts: { readonly expected: string; readonly actual: string },
  ): readonly Mismatch[] | undefined {
    const { winner } = this.#at(path);
    return winner === undefined
      ? undefined
      : textMismatches(winner.rules, {
          ...texts,
          cascaded: winner.cascaded,
          place: { part: 'body', pointer: pointerTo(path), path: pathText(path) },
        });
  }

  someRule(test: (rule: CompiledRule) => boolean): boolean {
    return this.#paths.some(({ rules }) => rules.rules.some(test));
  }

  hasRuleAt(path: PathSteps): boolean {
    return this.#at(path).winner !== undefined;
  }

  hasTypeRuleAt(path: PathSteps): boolean {
    return this.#wayTo(path).some(({ exact }) => exact.some(({ kind }) => kind === 'type'));
  }

  hasOwnRuleAt(path: PathSteps): boolean {
    return this.#at(path).exact.length > 0;
  }

  winningAt(path: PathSteps): WinningRules | undefined {
    const { winner } = this.#at(path);
    return winner === undefined
      ? undefined
      : {
          rules: winner.rules.rules.map(({ source }) => source),
          combine: winner.rules.combine,
          cascaded: winner.cascaded,
        };
  }

  /** What is written for places above, or with stars for this one, does not reach into it. */
  under(path: PathSteps): BodyRules {
    const inside = this.#paths.filter(
      ({ tokens }) =>
        tokens.length >= path.length &&
        path.every((step, at) => {
          const token = tokens[at];
          return token !== undefined && weightOf(token, String(step)) === 2;
        }),
    );
    return new BodyRules(
      inside.map(({ tokens, rules }) => ({ tokens: tokens.slice(path.length), rules })),
    );
  }

  #at(path: PathSteps): RuleCursor {
    let cursor = this.cursor;
    for (const step of path) {
      cursor = cursor.child(step);
    }
    return cursor;
  }

  #wayTo(path: PathSteps): readonly RuleCursor[] {
    const way = [this.cursor];
    for (const step of path) {
      way.push((way.at(-1) ?? this.cursor).child(step));
    }
    return way;
  }
}

/** Two spellings of one path are one path: their rules are joined, as the native library joins them. */
export function compilePathRules(rules: RulesByPath, notes: RuleNotes): readonly PathRules[] {
  const paths = new Map<string, PathRules>();
  for (const [expression, list] of rules) {
    const tokens = parseRulePath(expression);
    if (tokens === undefined) {
      notes.unjudged.push(`The path "${expression}" of a matching rule cannot be read.`);
      continue;
    }
    const compiled = compileRules(list, notes);
    const key = JSON.stringify(tokens);
    const known = paths.get(key);
    paths.set(key, { tokens, rules: known === undefined ? compiled : joined(known, compiled) });
  }
  return [...paths.values()].filter(({ rules: { rules: list } }) => list.length > 0);
}

function joined({ rules }: PathRules, more: CompiledRules): CompiledRules {
  return { rules: [...rules.rules, ...more.rules], combine: rules.combine };
}

/** Where in a part a text stands. */
export type Place = Pick<Mismatch, 'part' | 'pointer' | 'path'>;

/** What the rules find wrong with a text; with `or` nothing as long as one of them is content. */
export function textMismatches(
  { rules, combine }: CompiledRules,
  texts: {
    readonly expected: string;
    readonly actual: string;
    readonly cascaded: boolean;
    readonly place: Place;
  },
): readonly Mismatch[] {
  const found: Mismatch[] = [];
  for (const rule of rules) {
    const text = textFault(rule, texts);
    if (text !== undefined) {
      found.push({ ...texts.place, rule: rule.source.match, kind: faultKind(rule), text });
    } else if (combine === 'or') {
      return [];
    }
  }
  return found;
}

const TYPE_KINDS: ReadonlySet<RuleKind> = new Set<RuleKind>([
  'type',
  'number',
  'integer',
  'decimal',
  'boolean',
  'null',
]);

/** What is wrong when a rule of this kind is not obeyed. */
export function faultKind({ kind }: CompiledRule): Mismatch['kind'] {
  return TYPE_KINDS.has(kind) ? 'type' : 'value';
}
