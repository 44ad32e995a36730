import type { RuleList } from '../pact/pact-model.ts';
import { compilePattern } from '../rules/pact-regex.ts';
import { decodePath, looksLikeId, segmentsOf } from './path-segments.ts';

/** One step of a promised path: fixed text, or a place that varies with the test on what may stand there. */
export type TemplateSegment =
  | { readonly kind: 'literal'; readonly text: string }
  | {
      readonly kind: 'variable';
      /** Equal for places that accept the same segments; empty where the example made it a guess. */
      readonly pattern: string;
      readonly accepts: (segment: string) => boolean;
    };

export interface PathTemplate {
  /** `/v1/orders/{id}` */
  readonly text: string;
  readonly segments: readonly TemplateSegment[];
  /** True when a pattern told which segments vary; else the example was looked at. */
  readonly byPattern: boolean;
  /** True when the segments, each by itself, accept just what the pattern accepts. */
  readonly isSegmented: boolean;
}

/**
 * What a promised path says about the addresses it means. A pattern tells which segments vary when it has as many segments
 * as the example; otherwise segments of the example that look like ids are taken to vary.
 */
export function templateOf(path: string, rules: RuleList | undefined): PathTemplate {
  const example = segmentsOf(decodePath(path));
  const patterns = patternSegments(rules);
  const byPattern = patterns !== undefined && patterns.length === example.length;
  const segments = byPattern
    ? example.map((segment, at) => segmentOfPattern(segment, patterns[at] ?? ''))
    : example.map(segmentOfExample);
  const isSegmented = byPattern && patterns.every(keepsToItself) && segments.every(isTold);
  return { text: textOfSegments(segments), segments, byPattern, isSegmented };
}

/** No choice outside of a group, no quantifier that belongs to the slash before, nothing that accepts a slash. */
function keepsToItself(pattern: string): boolean {
  const plain = pattern.replaceAll(/\\[^SDW]/g, '/');
  return !/^[*+?{]|\[\^(?!\/)|\\[SDW]|\.|\|/.test(plain);
}

/** A pattern that is no valid one has become a guess. */
function isTold(segment: TemplateSegment): boolean {
  return segment.kind === 'literal' || segment.pattern !== '';
}

function textOfSegments(segments: readonly TemplateSegment[]): string {
  return `/${segments.map((segment) => (segment.kind === 'literal' ? segment.text : '{id}')).join('/')}`;
}

function segmentOfExample(segment: string): TemplateSegment {
  return looksLikeId(segment)
    ? { kind: 'variable', pattern: '', accepts: looksLikeId }
    : { kind: 'literal', text: segment };
}

function segmentOfPattern(segment: string, pattern: string): TemplateSegment {
  if (unescaped(pattern) === segment) {
    return { kind: 'literal', text: segment };
  }
  const accepts = compilePattern(pattern);
  return accepts === undefined
    ? { kind: 'variable', pattern: '', accepts: looksLikeId }
    : { kind: 'variable', pattern, accepts };
}

/** The text that a pattern without any operator stands for. */
function unescaped(pattern: string): string | undefined {
  const text = pattern.replaceAll(/\\([^A-Za-z0-9])/g, '$1');
  return /(?<!\\)[.*+?()[\]{}|^$]/.test(pattern.replaceAll(/(?<=\w)\.(?=\w)/g, ''))
    ? undefined
    : text;
}

function patternSegments(rules: RuleList | undefined): readonly string[] | undefined {
  const [rule, second] = rules?.rules ?? [];
  if (rule === undefined || second !== undefined || rule.match !== 'regex') {
    return undefined;
  }
  const pattern = String(rule.attributes.regex ?? '')
    .replace(/^(?:\^|\\A)/, '')
    .replace(/(?<!\\)\$$|\\[zZ]$/, '')
    .replaceAll('\\/', '/');
  return splitOutsideBrackets(pattern).slice(1);
}

/** Splits at the slashes that stand outside of classes, groups and counts. */
function splitOutsideBrackets(pattern: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern.charAt(at);
    if (char === '\\') {
      at += 1;
    } else if ('[({'.includes(char)) {
      depth += 1;
    } else if ('])}'.includes(char)) {
      depth -= 1;
    } else if (char === '/' && depth === 0) {
      parts.push(pattern.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(pattern.slice(start));
  return parts;
}
