import type { HttpInteraction } from '../pact/pact-model.ts';
import { acceptsAnyText, compileTextRules, type TextTest } from '../rules/text-rule.ts';
import { decodePath, segmentsOf } from './path-segments.ts';
import { type PathTemplate, templateOf } from './path-template.ts';
import type { PromisedInteraction } from './promised-interaction.ts';

export interface QueryPromise {
  readonly name: string;
  readonly values: readonly string[];
  /** Test by a rule of the pact; undefined where only an example stands. */
  readonly test: TextTest | undefined;
}

/** How a path may be accepted beyond its example: by rules, by the example's template, or (a `type` rule) whatever it is. */
export type PathPromise =
  | { readonly kind: 'example' }
  | {
      readonly kind: 'rules';
      readonly test: TextTest;
      readonly prefix: string;
      /** The pattern, where one pattern is the whole rule. */
      readonly pattern: string | undefined;
    }
  | { readonly kind: 'anything' };

/** One HTTP interaction, compiled. */
export interface HttpPromise {
  readonly interaction: PromisedInteraction;
  readonly method: string;
  /** The example, decoded. */
  readonly path: string;
  readonly segments: readonly string[];
  readonly template: PathTemplate;
  readonly pathPromise: PathPromise;
  readonly query: readonly QueryPromise[];
  readonly status: number;
  readonly acceptsStatus: (status: number) => boolean;
}

export function compileHttpPromise(interaction: HttpInteraction, defects: string[]): HttpPromise {
  const template = templateOf(interaction.path, interaction.pathRules);
  const query = [...interaction.query].map(([name, values]) =>
    queryPromise(interaction, { name, values, defects }),
  );
  const operation = `${interaction.method} ${template.text}`;
  const path = decodePath(interaction.path);
  return {
    interaction: {
      description: interaction.description,
      providerStates: interaction.providerStates,
      transport: 'http',
      operation,
      status: interaction.status,
      shape: shapeOf(operation, query, interaction.status),
    },
    method: interaction.method,
    path,
    segments: segmentsOf(path),
    template,
    pathPromise: pathPromise(interaction, defects),
    query,
    status: interaction.status,
    acceptsStatus: statusTest(interaction, defects),
  };
}

function queryPromise(
  interaction: HttpInteraction,
  parameter: {
    readonly name: string;
    readonly values: readonly (string | null)[];
    readonly defects: string[];
  },
): QueryPromise {
  const { name, defects } = parameter;
  const values = parameter.values.map((value) => value ?? '');
  const rules = interaction.queryRules.get(name);
  return {
    name,
    values,
    test: rules === undefined ? undefined : compileTextRules(rules, values[0] ?? '', defects),
  };
}

function pathPromise(interaction: HttpInteraction, defects: string[]): PathPromise {
  const rules = interaction.pathRules;
  if (rules === undefined) {
    return { kind: 'example' };
  }
  if (acceptsAnyText(rules)) {
    return { kind: 'anything' };
  }
  const [rule] = rules.rules;
  const pattern =
    rules.rules.length === 1 && rule?.match === 'regex'
      ? String(rule.attributes.regex ?? '')
      : undefined;
  const prefix = pattern === undefined ? '' : literalPrefix(pattern);
  const test = compileTextRules(rules, interaction.path, defects);
  return { kind: 'rules', test, prefix, pattern };
}

/** The text every match of the pattern starts with: comparing it first spares most runs of the pattern. */
function literalPrefix(pattern: string): string {
  const body = pattern.replace(/^(?:\^|\\A)/, '').replaceAll('\\/', '/');
  if (body.includes('|')) {
    return '';
  }
  const prefix = /^[A-Za-z0-9/_-]*/.exec(body)?.[0] ?? '';
  // A quantifier after the last sign makes that sign optional.
  return /^[*?{]/.test(body.slice(prefix.length)) ? prefix.slice(0, -1) : prefix;
}

function statusTest(interaction: HttpInteraction, defects: string[]): (status: number) => boolean {
  const { status, statusRules } = interaction;
  if (statusRules === undefined) {
    return (seen) => seen === status;
  }
  const test = compileTextRules(statusRules, String(status), defects);
  return (seen) => test(String(seen));
}

function shapeOf(operation: string, query: readonly QueryPromise[], status: number): string {
  const search = query
    .map(({ name, values, test }) => (test === undefined ? `${name}=${values.join(',')}` : name))
    .sort()
    .join('&');
  return boundedShape(`${operation}${search === '' ? '' : `?${search}`} ${status}`);
}

const LONGEST_SHAPE = 200;

/** Shapes are keys of tables: long ones keep their start and a checksum (FNV-1a) of the whole. */
export function boundedShape(shape: string): string {
  if (shape.length <= LONGEST_SHAPE) {
    return shape;
  }
  let sum = 0x811c9dc5;
  for (let at = 0; at < shape.length; at += 1) {
    sum = Math.imul(sum ^ shape.charCodeAt(at), 0x01000193) >>> 0;
  }
  return `${shape.slice(0, LONGEST_SHAPE - 10)}#${sum.toString(16)}`;
}
