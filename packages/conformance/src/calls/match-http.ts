// Hot path: runs for every observed HTTP call against every pact in force of its edge. Promises are found by method and then by the
// segments of the path, in an index that looks at no promise which the path does not fit; only patterns that do not keep to segments
// are tried one after the other, after their literal start. Trying every promise of the method in turn took 250 µs with 5,000 of them.
import type { HttpExchange } from '@concordat/domain';
import { parseQueryText, type QueryValues } from '../pact/parse-query.ts';
import type { HttpPromise, QueryPromise } from './http-promise.ts';
import { PathIndex } from './path-index.ts';
import { decodePath, fitsTemplate, segmentsOf, templateOfRoute } from './path-segments.ts';

/** A promise whose request is the observed one; a higher rank is a closer likeness. */
export interface HttpCandidate {
  readonly promise: HttpPromise;
  readonly rank: number;
}

interface MethodPromises {
  readonly byPath: ReadonlyMap<string, readonly HttpPromise[]>;
  /** Those whose pattern keeps to segments. */
  readonly byRule: PathIndex;
  readonly byOtherRule: HeadIndex;
  readonly byExample: PathIndex;
  readonly byRoute: RouteIndex;
  readonly anything: readonly HttpPromise[];
}

/** Promises by the first two segments of their path, where those are fixed; the others have to be tried always. */
interface HeadIndex {
  readonly fixed: ReadonlyMap<string, readonly HttpPromise[]>;
  readonly open: readonly HttpPromise[];
}

const PATH_AS_PROMISED = 200_000;
const PATH_LIKE_EXAMPLE = 100_000;
const PATH_UNLIKE_EXAMPLE = 0;
const QUERY_AS_PROMISED = 20_000;
const QUERY_LIKE_EXAMPLE = 10_000;
const PER_PARAMETER = 10;

/** The lowest rank of a request that is as promised, rules and examples included. */
export const AS_PROMISED = PATH_AS_PROMISED + QUERY_AS_PROMISED;

export class HttpMatcher {
  readonly #methods: ReadonlyMap<string, MethodPromises>;

  constructor(promises: readonly HttpPromise[]) {
    const byMethod = groupBy(promises, ({ method }) => method);
    this.#methods = new Map([...byMethod].map(([method, list]) => [method, indexOf(list)]));
  }

  /**
   * Promises whose request this exchange is: method, path by its rules or like its example, and every promised query
   * parameter; parameters beyond those are let pass. With `queryKnown` false a missing query refuses nothing.
   */
  candidates(exchange: HttpExchange, queryKnown: boolean): readonly HttpCandidate[] {
    const { method } = exchange;
    const promises =
      this.#methods.get(method) ?? (method === 'HEAD' ? this.#methods.get('GET') : undefined);
    if (promises === undefined) {
      return [];
    }
    const found: HttpCandidate[] = [];
    const query = parseQueryText(exchange.query);
    for (const [promise, pathRank] of likePath(promises, exchange)) {
      const queryRank = rankOfQuery(promise.query, query, queryKnown);
      if (queryRank !== undefined) {
        found.push({ promise, rank: pathRank + queryRank });
      }
    }
    return found;
  }
}

function indexOf(promises: readonly HttpPromise[]): MethodPromises {
  const examples = promises.filter(({ pathPromise }) => pathPromise.kind !== 'rules');
  const ruled = promises.filter(({ pathPromise }) => pathPromise.kind === 'rules');
  return {
    byPath: groupBy(examples, ({ path }) => path),
    byRule: new PathIndex(ruled.filter(({ template }) => template.isSegmented)),
    byOtherRule: headIndex(
      ruled.filter(({ template }) => !template.isSegmented),
      ({ pathPromise }) =>
        pathPromise.kind === 'rules' ? headOfPrefix(pathPromise.prefix) : undefined,
    ),
    byExample: new PathIndex(examples),
    byRoute: new RouteIndex(examples),
    anything: promises.filter(({ pathPromise }) => pathPromise.kind === 'anything'),
  };
}

function headIndex(
  promises: readonly HttpPromise[],
  headOfPromise: (promise: HttpPromise) => string | undefined,
): HeadIndex {
  const heads = groupBy(promises, headOfPromise);
  const fixed = new Map<string, readonly HttpPromise[]>();
  for (const [head, list] of heads) {
    if (head !== undefined) {
      fixed.set(head, list);
    }
  }
  return { fixed, open: heads.get(undefined) ?? [] };
}

/** `/v1/orders/42` → `/v1/orders`; shorter paths are their own head. */
function headOf(path: string): string {
  const second = path.indexOf('/', 1);
  const third = second < 0 ? -1 : path.indexOf('/', second + 1);
  return third < 0 ? path : path.slice(0, third);
}

/** Only a prefix that reaches beyond the second segment fixes both. */
function headOfPrefix(prefix: string): string | undefined {
  const head = headOf(prefix);
  return head === prefix ? undefined : head;
}

function groupBy<K>(
  promises: readonly HttpPromise[],
  keyOf: (promise: HttpPromise) => K,
): ReadonlyMap<K, readonly HttpPromise[]> {
  const groups = new Map<K, HttpPromise[]>();
  for (const promise of promises) {
    const key = keyOf(promise);
    groups.set(key, [...(groups.get(key) ?? []), promise]);
  }
  return groups;
}

function likePath(promises: MethodPromises, exchange: HttpExchange): Map<HttpPromise, number> {
  const path = decodePath(exchange.path);
  const segments = segmentsOf(path);
  const found = new Map<HttpPromise, number>();
  for (const promise of promises.byPath.get(path) ?? NONE) {
    found.set(promise, PATH_AS_PROMISED);
  }
  addObeyed(found, promises, { raw: exchange.path, path, segments });
  const addLike = (promise: HttpPromise): void => {
    if (!found.has(promise)) found.set(promise, PATH_LIKE_EXAMPLE);
  };
  promises.byExample.find(segments, addLike);
  // The provider's own route knows better than a guess which segments vary, unless it names only a part of the path.
  if (exchange.route !== undefined) promises.byRoute.find(exchange.route, segments, addLike);
  for (const promise of promises.anything) {
    if (!found.has(promise)) {
      found.set(promise, PATH_UNLIKE_EXAMPLE);
    }
  }
  return found;
}

const NONE: readonly HttpPromise[] = [];

interface SeenPath {
  readonly raw: string;
  readonly path: string;
  readonly segments: readonly string[];
}

function addObeyed(
  found: Map<HttpPromise, number>,
  { byRule, byOtherRule }: MethodPromises,
  { raw, path, segments }: SeenPath,
): void {
  const add = (promise: HttpPromise): void => {
    if (obeysRules(promise, raw, path)) found.set(promise, PATH_AS_PROMISED);
  };
  byRule.find(segments, add);
  if (raw !== path) byRule.find(segmentsOf(raw), add);
  for (const promise of byOtherRule.fixed.get(headOf(path)) ?? NONE) add(promise);
  for (const promise of byOtherRule.open) add(promise);
}

function obeysRules(promise: HttpPromise, raw: string, decoded: string): boolean {
  const { pathPromise } = promise;
  if (pathPromise.kind !== 'rules') {
    return false;
  }
  const { prefix, test } = pathPromise;
  return (
    (raw.startsWith(prefix) && test(raw)) ||
    (raw !== decoded && decoded.startsWith(prefix) && test(decoded))
  );
}

const MOST_ROUTES = 10_000;

/** Promises by the provider's routes; which a route may mean is found out when it is seen first. */
class RouteIndex {
  readonly #promises: readonly HttpPromise[];
  readonly #known = new Map<string, KnownRoute>();

  constructor(promises: readonly HttpPromise[]) {
    this.#promises = promises;
  }

  find(route: string, segments: readonly string[], take: (promise: HttpPromise) => void): void {
    const { template, promises } = this.#known.get(route) ?? this.#learn(route);
    if (template !== undefined && promises.length > 0 && fitsTemplate(segments, template)) {
      for (const promise of promises) if (hasItsHead(promise, segments)) take(promise);
    }
  }

  #learn(route: string): KnownRoute {
    if (this.#known.size >= MOST_ROUTES) {
      this.#known.clear();
    }
    const text = templateOfRoute(route);
    const template = text === undefined ? undefined : segmentsOf(text);
    const promises =
      template === undefined
        ? NONE
        : this.#promises.filter((promise) => fitsTemplate(promise.segments, template));
    const known = { template, promises };
    this.#known.set(route, known);
    return known;
  }
}

/** A route whose first segments vary is a router's, not a resource's: fixed words of a promise there are meant. */
function hasItsHead({ template }: HttpPromise, segments: readonly string[]): boolean {
  const head = template.segments.slice(0, 2);
  return (
    head.some(({ kind }) => kind === 'variable') ||
    head.every((segment, at) => segment.kind === 'literal' && segment.text === segments[at])
  );
}

interface KnownRoute {
  readonly template: readonly string[] | undefined;
  readonly promises: readonly HttpPromise[];
}

function rankOfQuery(
  promised: readonly QueryPromise[],
  seen: QueryValues,
  queryKnown: boolean,
): number | undefined {
  let rank = QUERY_AS_PROMISED;
  for (const parameter of promised) {
    const values = seen.get(parameter.name);
    const likeness =
      values === undefined ? likenessOfMissing(queryKnown) : likenessOf(parameter, values);
    if (likeness === undefined) {
      return undefined;
    }
    rank = Math.min(rank, likeness);
  }
  return rank + promised.length * PER_PARAMETER;
}

function likenessOfMissing(queryKnown: boolean): number | undefined {
  return queryKnown ? undefined : 0;
}

function likenessOf(
  { values: examples, test }: QueryPromise,
  values: readonly (string | null)[],
): number | undefined {
  if (values.every(isRedacted)) {
    return QUERY_AS_PROMISED;
  }
  if (test !== undefined) {
    return values.every((value) => isRedacted(value) || test(value ?? ''))
      ? QUERY_AS_PROMISED
      : undefined;
  }
  const same =
    values.length === examples.length &&
    values.every((value, at) => (value ?? '') === examples[at]);
  return same ? QUERY_AS_PROMISED : QUERY_LIKE_EXAMPLE;
}

function isRedacted(value: string | null): boolean {
  return value === 'REDACTED' || value === '[REDACTED]' || value === '***';
}
