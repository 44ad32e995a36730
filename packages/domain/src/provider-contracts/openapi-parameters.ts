import type { OpenDocument } from './open-document.ts';
import { child, isMapping, type Place } from './place.ts';

const LOCATIONS = ['path', 'query', 'header', 'cookie', 'querystring'];

/** A declared parameter; without name and location when it stands in another file. */
export type DeclaredParameter =
  | { readonly kind: 'here'; readonly name: string; readonly in: string; readonly place: Place }
  | { readonly kind: 'elsewhere' };

/** Reads a list of parameters, references followed; broken ones are reported and left out. */
export function readParameters(document: OpenDocument, list: Place): readonly DeclaredParameter[] {
  const declared = document
    .list(list, '"parameters"')
    .map((place) => readParameter(document, place))
    .filter((parameter) => parameter !== undefined);
  checkRepeated(document, declared);
  return declared;
}

function readParameter(document: OpenDocument, place: Place): DeclaredParameter | undefined {
  const target = document.follow(place);
  if (target === undefined) return { kind: 'elsewhere' };
  if (!isMapping(target.value)) {
    document.report(target, 'A parameter must be a mapping with "name" and "in".');
    return undefined;
  }
  const name = document.text(child(target, 'name'), '"name" of a parameter');
  const location = child(target, 'in');
  if (typeof location.value !== 'string' || !LOCATIONS.includes(location.value)) {
    const allowed = LOCATIONS.join(', ');
    const what = JSON.stringify(location.value) ?? 'missing';
    document.report(
      location,
      `"in" of parameter "${name ?? ''}" is ${what}; use one of ${allowed}.`,
    );
    return undefined;
  }
  return name === undefined ? undefined : { kind: 'here', name, in: location.value, place };
}

function checkRepeated(document: OpenDocument, declared: readonly DeclaredParameter[]): void {
  const seen = new Set<string>();
  for (const parameter of declared) {
    if (parameter.kind === 'elsewhere') continue;
    const identity = `${parameter.in} ${parameter.name}`;
    if (seen.has(identity)) {
      const what = `${parameter.in} parameter "${parameter.name}"`;
      document.report(parameter.place, `The ${what} is declared twice in one list; remove one.`);
    }
    seen.add(identity);
  }
}

interface ParameterCheck {
  readonly path: string;
  readonly declared: readonly DeclaredParameter[];
  /** Present when the list is an operation's: then the template must be covered too. */
  readonly operation?: {
    readonly place: Place;
    readonly key: string;
    readonly shared: readonly DeclaredParameter[];
  };
}

/** Compares the names in a path template with the declared path parameters, both ways. */
export function checkParameters(document: OpenDocument, check: ParameterCheck): void {
  const names = templateNames(check.path);
  for (const parameter of check.declared) {
    if (parameter.kind === 'here' && parameter.in === 'path' && !names.includes(parameter.name)) {
      const what = `path parameter "${parameter.name}"`;
      document.report(
        parameter.place,
        `The ${what} is not in the path "${check.path}"; add {${parameter.name}} or remove it.`,
      );
    }
  }
  if (check.operation !== undefined) checkCovered(document, check, check.operation);
}

function checkCovered(
  document: OpenDocument,
  check: ParameterCheck,
  operation: NonNullable<ParameterCheck['operation']>,
): void {
  const all = [...operation.shared, ...check.declared];
  if (all.some(({ kind }) => kind === 'elsewhere')) return;
  for (const name of templateNames(check.path)) {
    const found = all.some((one) => one.kind === 'here' && one.in === 'path' && one.name === name);
    if (!found) {
      const what = `Path parameter "${name}" of "${operation.key}"`;
      document.report(
        operation.place,
        `${what} is not declared; add it to "parameters", in: path.`,
      );
    }
  }
}

/** Names between braces: `/orders/{id}` has `id`. */
export function templateNames(template: string): readonly string[] {
  return [...template.matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => name);
}
