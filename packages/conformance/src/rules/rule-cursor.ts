import type { CompiledRule, CompiledRules } from './compiled-rule.ts';
import { type PathToken, weightOf } from './rule-path.ts';

/** A list of rules and the path it is written for. */
export interface PathRules {
  readonly tokens: readonly PathToken[];
  readonly rules: CompiledRules;
}

/** The rules that win at a place. `cascaded`: they are written for a place above it. */
export interface Winner {
  readonly rules: CompiledRules;
  readonly cascaded: boolean;
}

/** A rule path of which a part was walked; `product` of the weights so far. */
interface Walked {
  readonly path: PathRules;
  readonly product: number;
}

/** What competes at a place: higher score, then longer path, fewer stars, earlier concrete token, order of the file. */
interface Candidate extends Walked {
  readonly score: number;
}

/**
 * One place in a document, with the rules that speak there: the native library's selection by weights, walked step by step so that
 * a compiled body asks only once. Places that no rule can tell apart are the same cursor.
 */
export class RuleCursor {
  readonly winner: Winner | undefined;
  /** Rules written for exactly this place, whether they win or not. */
  readonly exact: readonly CompiledRule[];
  readonly #depth: number;
  readonly #walked: readonly Walked[];
  readonly #best: Candidate | undefined;
  readonly #children = new Map<string, RuleCursor>();

  private constructor(depth: number, walked: readonly Walked[], inherited: Candidate | undefined) {
    const finished = walked.filter(({ path }) => path.tokens.length === depth);
    this.#depth = depth;
    this.#walked = walked.filter(({ path }) => path.tokens.length > depth);
    this.#best = bestOf(finished, inherited);
    this.exact = finished.flatMap(({ path }) => path.rules.rules);
    this.winner = winnerOf(this.#best, depth);
  }

  static root(rules: readonly PathRules[]): RuleCursor {
    return new RuleCursor(
      0,
      rules.map((path) => ({ path, product: 2 })),
      undefined,
    );
  }

  /** The place one step below. */
  child(step: string | number): RuleCursor {
    const name = String(step);
    const key = this.#tellsApart(name) ? `=${name}` : kindOfStep(name);
    const known = this.#children.get(key);
    if (known !== undefined) {
      return known;
    }
    const walked: Walked[] = [];
    for (const { path, product } of this.#walked) {
      const token = path.tokens[this.#depth];
      const weight = token === undefined ? 0 : weightOf(token, name);
      if (weight > 0) {
        walked.push({ path, product: product * weight });
      }
    }
    const made = new RuleCursor(this.#depth + 1, walked, this.#best);
    this.#children.set(key, made);
    return made;
  }

  /** The same place when nothing but these rules speaks, and only for the members of it. */
  membersOnly(rules: readonly CompiledRule[]): RuleCursor {
    const tokens: readonly PathToken[] = Array.from({ length: this.#depth + 1 }, () => ({
      kind: 'star',
    }));
    const path = { tokens, rules: { rules, combine: 'and' as const } };
    return new RuleCursor(this.#depth, [{ path, product: 2 ** (this.#depth + 1) }], undefined);
  }

  /** No rule speaks here or below. */
  get isFree(): boolean {
    return this.winner === undefined && this.#walked.length === 0;
  }

  /** Some rule names a position from here on. */
  tellsIndexesApart(from: number): boolean {
    return this.#walked.some(({ path }) => {
      const token = path.tokens[this.#depth];
      return token !== undefined && 'name' in token && Number(token.name) >= from;
    });
  }

  #tellsApart(name: string): boolean {
    return this.#walked.some(({ path }) => {
      const token = path.tokens[this.#depth];
      return token !== undefined && 'name' in token && token.name === name;
    });
  }
}

function kindOfStep(name: string): 'index' | 'member' {
  return /^\d+$/.test(name) ? 'index' : 'member';
}

function bestOf(
  finished: readonly Walked[],
  inherited: Candidate | undefined,
): Candidate | undefined {
  let best = inherited;
  for (const walked of finished) {
    // The number of tokens counts the root.
    const score = walked.product * (walked.path.tokens.length + 1);
    if (best === undefined || isBetter({ ...walked, score }, best)) {
      best = { ...walked, score };
    }
  }
  return best;
}

function isBetter(left: Candidate, right: Candidate): boolean {
  if (left.score !== right.score) {
    return left.score > right.score;
  }
  const leftTokens = left.path.tokens;
  const rightTokens = right.path.tokens;
  if (leftTokens.length !== rightTokens.length) {
    return leftTokens.length > rightTokens.length;
  }
  const stars = starsIn(leftTokens) - starsIn(rightTokens);
  return stars === 0 ? firstStar(leftTokens) > firstStar(rightTokens) : stars < 0;
}

function isStar({ kind }: PathToken): boolean {
  return kind === 'star' || kind === 'star-index';
}

function starsIn(tokens: readonly PathToken[]): number {
  return tokens.filter(isStar).length;
}

function firstStar(tokens: readonly PathToken[]): number {
  const at = tokens.findIndex(isStar);
  return at < 0 ? tokens.length : at;
}

function winnerOf(best: Candidate | undefined, depth: number): Winner | undefined {
  return best === undefined
    ? undefined
    : { rules: best.path.rules, cascaded: best.path.tokens.length < depth };
}
