import type { FuzzRules, Steps } from './fuzz-rules.ts';

/**
 * Two rule paths that weigh the same for one place: the native library takes either, as its hash map comes, so it has no verdict of
 * its own. Own words for the weights on purpose, so that the engine is not asked about itself.
 */
export function hasTie(rules: FuzzRules, places: readonly Steps[]): boolean {
  const paths = Object.keys(rules).map(tokensOf);
  return places.some((place) => {
    const scores = paths.map((path) => scoreOf(path, place)).filter((score) => score > 0);
    const best = Math.max(...scores);
    return scores.filter((score) => score === best).length > 1;
  });
}

function tokensOf(path: string): readonly string[] {
  return [...path.slice(1).matchAll(/\.([^.[]+)|\['([^']*)'\]|\[([^\]]+)\]/g)].map(
    // A quoted star is the name of a member.
    ([, dotted, quoted, index]) =>
      dotted === '*' ? '.*' : (dotted ?? quoted ?? (index === '*' ? '[*]' : (index ?? ''))),
  );
}

function scoreOf(path: readonly string[], place: Steps): number {
  if (path.length > place.length) {
    return 0;
  }
  let score = 2;
  for (const [at, token] of path.entries()) {
    score *= weightOf(token, String(place[at]));
  }
  return score * (path.length + 1);
}

function weightOf(token: string, step: string): number {
  if (token === '.*') {
    return 1;
  }
  if (token === '[*]') {
    return /^\d+$/.test(step) ? 1 : 0;
  }
  return token === step ? 2 : 0;
}
