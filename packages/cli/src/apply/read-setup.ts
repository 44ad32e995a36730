import { isMap, isNode, isPair, isScalar, LineCounter, parseDocument } from 'yaml';
import { configSchema, type HubSetup } from './config-schema.ts';

/** What is wrong with a file, and where. */
export interface SetupDefect {
  readonly line: number;
  readonly message: string;
}

export type SetupReading =
  | {
      readonly ok: true;
      readonly setup: HubSetup;
      /** Values that came from the environment: never to be shown. */
      readonly secrets: ReadonlySet<string>;
    }
  | { readonly ok: false; readonly defects: readonly SetupDefect[] };

type Path = readonly PropertyKey[];
type Variables = Readonly<Record<string, string | undefined>>;

const REFERENCE = /\$\{env:([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** Reads YAML (or JSON) with `${env:NAME}` for values of the environment; refuses it with all its defects at once. */
export function readSetup(text: string, variables: Variables): SetupReading {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  if (document.errors.length > 0) {
    const defects = document.errors.map(({ message, pos }) => ({ line: lineAt(pos[0]), message }));
    return { ok: false, defects };
  }
  const lineOf = (path: Path): number => lineAt(offsetOf(document, path));
  const filled = new Filling(variables);
  const value = filled.fill(document.toJS() ?? {}, []);
  const parsed = configSchema.safeParse(value);
  const issues = parsed.success ? [] : parsed.error.issues;
  const defects = [
    ...filled.missing.map(({ path, name }) => ({
      line: lineOf(path),
      message: `the variable ${name} is not set`,
    })),
    ...issues.flatMap((issue) => describe(issue, lineOf)),
    ...(parsed.success ? repeated(parsed.data, lineOf) : []),
  ];
  if (defects.length > 0 || !parsed.success) {
    return { ok: false, defects: defects.toSorted((left, right) => left.line - right.line) };
  }
  return { ok: true, setup: parsed.data, secrets: filled.secrets };
}

/** Puts values of the environment into texts, wherever they stand. */
class Filling {
  readonly secrets = new Set<string>();
  readonly missing: { readonly path: Path; readonly name: string }[] = [];
  readonly #variables: Variables;

  constructor(variables: Variables) {
    this.#variables = variables;
  }

  fill(value: unknown, path: Path): unknown {
    if (typeof value === 'string') return this.#text(value, path);
    if (Array.isArray(value)) return value.map((item, index) => this.fill(item, [...path, index]));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, this.fill(item, [...path, key])]),
    );
  }

  #text(text: string, path: Path): string {
    return text.replaceAll(REFERENCE, (reference, name: string) => {
      const value = this.#variables[name];
      if (value === undefined || value === '') {
        this.missing.push({ path, name });
        return reference;
      }
      this.secrets.add(value);
      return value;
    });
  }
}

/** Where the thing of a path stands, or the nearest thing around it. */
function offsetOf(document: ReturnType<typeof parseDocument>, path: Path): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range)
      return keyOffset(document, path.slice(0, length)) ?? node.range[0];
  }
  return 0;
}

/** A member stands where its name does. */
function keyOffset(document: ReturnType<typeof parseDocument>, path: Path): number | undefined {
  const parent = document.getIn(path.slice(0, -1), true);
  if (path.length === 0 || !isMap(parent)) return undefined;
  const pair = parent.items.find(
    (item) => isPair(item) && isScalar(item.key) && item.key.value === path.at(-1),
  );
  return isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
}

interface Issue {
  readonly code?: string | undefined;
  readonly path: Path;
  readonly message: string;
  readonly keys?: readonly string[];
}

function describe(issue: Issue, lineOf: (path: Path) => number): readonly SetupDefect[] {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys' && issue.keys !== undefined) {
    return issue.keys.map((key) => ({
      line: lineOf([...path, key]),
      message: `${spell([...path, key])} is not known here`,
    }));
  }
  return [{ line: lineOf(path), message: `${spell(path) || 'the file'}: ${issue.message}` }];
}

/** Two of one name would undo each other's work. */
function repeated(setup: HubSetup, lineOf: (path: Path) => number): readonly SetupDefect[] {
  const sections = {
    environments: setup.environments?.map(({ name }) => name),
    pacticipants: setup.pacticipants?.map(({ name }) => name),
    webhooks: setup.webhooks?.map(({ uuid, description }) => uuid ?? description),
    tokens: setup.tokens?.map(({ description }) => description),
  };
  return Object.entries(sections).flatMap(([section, names = []]) =>
    names.flatMap((name, index) => {
      if (names.indexOf(name) === index) return [];
      const path = [section, index];
      return [{ line: lineOf(path), message: `${spell(path)}: '${name}' stands here twice` }];
    }),
  );
}

function spell(path: Path): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');
}
