import { peerNames } from './peer-names.ts';

/** A name under which calls were seen, and that no pacticipant has. */
export interface UnknownService {
  readonly service: string;
  readonly calls: number;
  /** Microseconds since the epoch. */
  readonly lastSeen: number;
  /** It sends no spans: the name is what others call it. */
  readonly virtual: boolean;
}

export interface AliasSuggestion extends UnknownService {
  readonly pacticipant: string;
  /** 0 to 1: how sure it is. */
  readonly score: number;
  /** How the two names differ, in words. */
  readonly reasons: readonly string[];
  /** Others that are as near; then the suggestion is a weak one. */
  readonly alternatives: readonly string[];
}

interface Variant {
  readonly key: string;
  readonly score: number;
  readonly reasons: readonly string[];
}

interface NamedVariant extends Variant {
  readonly pacticipant: string;
}

interface Candidate {
  readonly pacticipant: string;
  readonly score: number;
  readonly reasons: readonly string[];
}

const KINDS = new Set(['service', 'svc', 'api', 'app', 'server', 'backend', 'provider']);
const ENVIRONMENTS = new Set(
  'prod production live staging stage stg test testing qa uat dev development preview'.split(' '),
);
const SAME_WORDS = 'only case, plural or separators differ';
/** As likely to be wrong as right. */
const UNSURE = 0.5;

/** For each service the pacticipant whose name is nearest, the surest first. Names of pacticipants and of aliases get none. */
export function suggestAliases(
  services: readonly UnknownService[],
  pacticipants: readonly string[],
  aliases: ReadonlySet<string>,
): readonly AliasSuggestion[] {
  const known = new Set(pacticipants);
  const byKey = new Map<string, NamedVariant[]>();
  for (const pacticipant of pacticipants) {
    for (const variant of variantsOf(pacticipant)) {
      const named = byKey.get(variant.key) ?? [];
      byKey.set(variant.key, named);
      named.push({ ...variant, pacticipant });
    }
  }
  return services
    .filter(({ service }) => !known.has(service) && !aliases.has(service))
    .flatMap((service) => suggestionFor(service, byKey) ?? [])
    .sort(
      (left, right) =>
        right.score - left.score ||
        right.calls - left.calls ||
        left.service.localeCompare(right.service),
    );
}

function suggestionFor(
  unknown: UnknownService,
  byKey: ReadonlyMap<string, readonly NamedVariant[]>,
): AliasSuggestion | undefined {
  const best = new Map<string, Candidate>();
  for (const own of variantsOfPeer(unknown)) {
    for (const { pacticipant, score, reasons } of byKey.get(own.key) ?? []) {
      const both = own.score * score;
      if (both > (best.get(pacticipant)?.score ?? 0)) {
        best.set(pacticipant, { pacticipant, score: both, reasons: [...own.reasons, ...reasons] });
      }
    }
  }
  const [first, ...others] = [...best.values()].sort(
    (left, right) => right.score - left.score || left.pacticipant.localeCompare(right.pacticipant),
  );
  if (first === undefined) return undefined;
  const alternatives = others
    .filter(({ score }) => score >= first.score)
    .map(({ pacticipant }) => pacticipant);
  const { pacticipant, score, reasons } = first;
  return {
    ...unknown,
    pacticipant,
    score: rounded(alternatives.length === 0 ? score : score * UNSURE),
    reasons: reasons.length === 0 ? [SAME_WORDS] : reasons,
    alternatives,
  };
}

function rounded(score: number): number {
  return Math.round(score * 100) / 100;
}

/** The address of a peer may hold its name. */
function variantsOfPeer({ service, virtual }: UnknownService): readonly Variant[] {
  const named = (virtual ? peerNames(service) : []).flatMap((name) =>
    weakened(variantsOf(name), 0.95, `the address "${service}" names it`),
  );
  return [...variantsOf(service), ...named];
}

function weakened(variants: readonly Variant[], by: number, reason: string): readonly Variant[] {
  return variants.map(({ key, score, reasons }) => ({
    key,
    score: score * by,
    reasons: [reason, ...reasons],
  }));
}

/** The ways to read a name: as it is, without its namespace, without an environment or a kind of program at its end. */
function variantsOf(name: string): readonly Variant[] {
  const segments = name.split(/[./:]+/).filter((segment) => segment !== '');
  const last = segments.at(-1) ?? '';
  const whole = readingsOf(wordsOf(name));
  if (segments.length < 2) return whole;
  const namespace = name.slice(0, name.length - last.length);
  return [
    ...whole,
    ...weakened(readingsOf(wordsOf(last)), 0.8, `the namespace "${namespace}" is left out`),
  ];
}

function readingsOf(words: readonly string[]): readonly Variant[] {
  const plain = variant(words, 0.95, []);
  const bare = [plain, ...withoutEnding(words, ENVIRONMENTS, 0.8)];
  return bare.flatMap((one) => [
    one,
    ...withoutEnding(one.words, KINDS, 0.9).map((shorter) => ({
      ...shorter,
      score: one.score * (shorter.score / 0.95),
      reasons: [...one.reasons, ...shorter.reasons],
    })),
  ]);
}

function withoutEnding(words: readonly string[], endings: ReadonlySet<string>, score: number) {
  const ending = words.at(-1) ?? '';
  if (words.length < 2 || !endings.has(ending)) return [];
  return [variant(words.slice(0, -1), score, [`the ending "${ending}" is left out`])];
}

function variant(words: readonly string[], score: number, reasons: readonly string[]) {
  return { words, key: words.map((word) => word.replace(/s$/, '')).join(''), score, reasons };
}

/** `OrderAPI`, `order-api` and `order_api` have the same. */
function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z\d])([A-Z])|([A-Z]+)([A-Z][a-z])/g, '$1$3 $2$4')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}
