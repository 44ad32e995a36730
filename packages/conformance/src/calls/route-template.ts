import type { HttpOperation } from '@concordat/domain';
import { compilePattern } from '../rules/pact-regex.ts';
import type { HttpPromise } from './http-promise.ts';
import { decodePath, looksLikeId, segmentsOf } from './path-segments.ts';
import type { TemplateSegment } from './path-template.ts';
import { literalPattern } from './re2-pattern.ts';

/** One segment of a route, decoded. The kinds are in the order in which they are tried. */
export type RouteStep =
  | { readonly kind: 'literal'; readonly text: string }
  /** What a pattern accepts, of a pact's path rule or of a template's segment with fixed text around its name. */
  | {
      readonly kind: 'constrained';
      readonly pattern: string;
      readonly accepts: (segment: string) => boolean;
      /** The pattern for the segment as it stands in a path, where that is known to be another. */
      readonly escaped?: string;
    }
  /** An example's segment that looked like an id; so may others. */
  | { readonly kind: 'guessed' }
  /** Anything but nothing. */
  | { readonly kind: 'free' };

export interface RouteTemplate {
  readonly method: string;
  /** `/v1/orders/{id}` */
  readonly text: string;
  readonly steps: readonly RouteStep[];
  /** Where it stands. Of routes that differ in the names of their variables alone the pacts' name goes for all. */
  readonly source: 'pact' | 'provider-contract';
}

/** A path rule that does not keep to segments, such as `/files/.*`. */
export interface RouteRule {
  readonly method: string;
  readonly text: string;
  readonly prefix: string;
  readonly test: (path: string) => boolean;
  /** Undefined where it is more than one pattern. */
  readonly pattern: string | undefined;
}

/** A trailing slash makes no other route: it is left out here, as it is when a path is looked up. */
export function routeSegments(path: string): readonly string[] {
  const segments = segmentsOf(path);
  return segments.length > 1 && segments.at(-1) === '' ? segments.slice(0, -1) : segments;
}

export function templateOfPromise({ method, template }: HttpPromise): RouteTemplate {
  const { segments } = template;
  const kept = segments.length > 1 && isEmpty(segments.at(-1)) ? segments.slice(0, -1) : segments;
  return { method, text: template.text, steps: kept.map(stepOfSegment), source: 'pact' };
}

function isEmpty(segment: TemplateSegment | undefined): boolean {
  return segment?.kind === 'literal' && segment.text === '';
}

function stepOfSegment(segment: TemplateSegment): RouteStep {
  if (segment.kind === 'literal') {
    return segment;
  }
  if (segment.pattern === '') {
    return { kind: 'guessed' };
  }
  return acceptsAnything(segment.pattern)
    ? { kind: 'free' }
    : { kind: 'constrained', pattern: segment.pattern, accepts: segment.accepts };
}

function acceptsAnything(pattern: string): boolean {
  return /^\(?(?:\?:)?(?:\.|\\S|\[\^\/[?#&]*\])[+*]\??\)?$/.test(pattern);
}

/** The rule of a promise whose pattern does not tell which segments vary, or accepts more of them than its example has. */
export function ruleOfPromise(promise: HttpPromise): RouteRule | undefined {
  const { method, template, pathPromise } = promise;
  if (pathPromise.kind !== 'rules') {
    return undefined;
  }
  const { prefix, test, pattern } = pathPromise;
  if (template.byPattern && !crossesSlashes(pattern ?? '')) {
    return undefined;
  }
  return { method, text: template.text, prefix, test, pattern };
}

function crossesSlashes(pattern: string): boolean {
  return /\[\^(?!\/)|\\[SDW]|\./.test(pattern.replaceAll(/\\[^SDW]/g, '/'));
}

/** As written, and behind each base path of its servers: a proxy in between may have taken that off. */
export function templatesOfOperation(operation: HttpOperation): readonly RouteTemplate[] {
  const { method, path, basePaths } = operation;
  return [...(basePaths ?? []), ''].map((base) => {
    const text = `${base}${path}`;
    const steps = routeSegments(decodePath(text)).map(stepOfTemplate);
    return { method, text, steps, source: 'provider-contract' };
  });
}

function stepOfTemplate(segment: string): RouteStep {
  if (/^\{[^{}]*\}$/.test(segment)) {
    return { kind: 'free' };
  }
  if (!/\{[^{}]*\}/.test(segment)) {
    return { kind: 'literal', text: segment };
  }
  const texts = segment.split(/\{[^{}]*\}/);
  const pattern = texts
    .map((text) => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&'))
    .join('[^/]+');
  return {
    ...{ kind: 'constrained', pattern, accepts: compilePattern(pattern) ?? looksLikeId },
    escaped: texts.map(literalPattern).join('[^/]+'),
  };
}

/** Equal for templates that differ in the names of their variables alone. */
export function shapeOfTemplate(text: string): string {
  return text.replaceAll(/\{[^{}]*\}/g, '{}').replace(/(?<=.)\/$/, '');
}
