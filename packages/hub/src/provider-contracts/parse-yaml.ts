import type { DocumentDefect, Locate } from '@concordat/domain';
import {
  Composer,
  type CST,
  type Document,
  isCollection,
  isNode,
  isPair,
  isScalar,
  Lexer,
  LineCounter,
  Parser,
  visit,
  type YAMLMap,
  YAMLParseError,
} from 'yaml';
import {
  DocumentTooDeep,
  MAXIMUM_DEPTH,
  type ParsedDocument,
  parentOf,
  pointerStep,
} from './parsed-document.ts';

/** How often anchors may be used in all before a document is taken for an attack on memory. */
const MAXIMUM_ALIASES = 1000;

/** Reads YAML 1.2 (with merge keys) with the place of every value; keys that stand twice are defects. */
export function parseYaml(text: string): ParsedDocument {
  const lines = new LineCounter();
  try {
    const document = compose(text, lines);
    if (document.errors.length > 0) return unreadable(document, lines);
    const value: unknown = document.toJS({ maxAliasCount: MAXIMUM_ALIASES });
    const locate = yamlLocator(document, lines);
    return { kind: 'parsed', value, locate, defects: duplicateKeys(document, lines) };
  } catch (error) {
    return { kind: 'unreadable', defects: [defectOf(error)] };
  }
}

function compose(text: string, lines: LineCounter): Document.Parsed {
  const composer = new Composer({
    logLevel: 'silent',
    merge: true,
    prettyErrors: false,
    stringKeys: true,
    // The package's own check compares every key with every other; ours reads each key once.
    uniqueKeys: false,
  });
  const [document, second] = composer.compose(tokens(text, lines), true, text.length);
  if (document === undefined) throw new Error('The composer was told to answer a document.');
  if (second !== undefined) {
    const place: [number, number] = [second.range[0], second.range[0]];
    const message = 'Several documents in one file; publish each by itself.';
    document.errors.push(new YAMLParseError(place, 'MULTIPLE_DOCS', message));
  }
  return document;
}

/**
 * What the package's `parseDocument` composes, with the depth watched: beyond about a thousand levels the composer
 * exhausts the stack, and V8 then ends the whole process instead of throwing.
 */
function* tokens(text: string, lines: LineCounter): Generator<CST.Token> {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    if (parser.stack.length > MAXIMUM_DEPTH) {
      throw new DocumentTooDeep(positionOf(lines, parser.offset));
    }
  }
  yield* parser.end();
}

function unreadable(document: Document.Parsed, lines: LineCounter): ParsedDocument {
  const defects = document.errors.map(({ message, pos: [offset] }) => ({
    pointer: '',
    position: positionOf(lines, offset),
    message: `YAML: ${message}.`.replace(/\.\.$/, '.'),
  }));
  return { kind: 'unreadable', defects };
}

function defectOf(error: unknown): DocumentDefect {
  if (error instanceof DocumentTooDeep) return error.defect;
  if (!(error instanceof ReferenceError)) throw error;
  const message = `YAML: ${error.message}; use anchors at most ${MAXIMUM_ALIASES} times.`;
  return { pointer: '', position: undefined, message };
}

function positionOf(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

function duplicateKeys(document: Document.Parsed, lines: LineCounter): readonly DocumentDefect[] {
  const defects: DocumentDefect[] = [];
  visit(document, {
    Map(_, map, path) {
      for (const { key, offset } of repeatedKeys(map)) {
        const message = `Key ${JSON.stringify(key)} stands twice in one mapping; remove one.`;
        const pointer = `${pointerTo([...path, map])}${pointerStep(key)}`;
        defects.push({ pointer, position: positionOf(lines, offset), message });
      }
    },
  });
  return defects;
}

function repeatedKeys(map: YAMLMap): readonly { key: string; offset: number }[] {
  const seen = new Set<string>();
  const repeated: { key: string; offset: number }[] = [];
  for (const { key } of map.items) {
    if (!isScalar(key)) continue;
    const name = String(key.value);
    if (name === '<<') continue;
    if (seen.has(name)) repeated.push({ key: name, offset: key.range?.[0] ?? 0 });
    seen.add(name);
  }
  return repeated;
}

/** `visit` hands over the nodes above, pairs among them: a pair is a step by key, an item of a list one by index. */
function pointerTo(path: readonly unknown[]): string {
  return path
    .map((node, index) => {
      if (isPair(node)) return pointerStep(isScalar(node.key) ? String(node.key.value) : '');
      const above = path[index - 1];
      if (!isCollection(above)) return '';
      return pointerStep((above.items as readonly unknown[]).indexOf(node));
    })
    .join('');
}

/** Aliases are not followed: a place behind one is that of the alias. */
function yamlLocator(document: Document.Parsed, lines: LineCounter): Locate {
  return (pointer) => {
    for (let at: string | undefined = pointer; at !== undefined; at = parentOf(at)) {
      const offset = offsetOf(document, at);
      if (offset !== undefined) return positionOf(lines, offset);
    }
    return undefined;
  };
}

/** The key's place for a member of a mapping, the value's for everything else. */
function offsetOf(document: Document.Parsed, pointer: string): number | undefined {
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  let node: unknown = document.contents;
  let offset = isNode(node) ? node.range?.[0] : undefined;
  for (const step of steps) {
    if (!isCollection(node)) return undefined;
    const item = node.items.find(
      (one, index) => (isPair(one) ? keyOf(one.key) : String(index)) === step,
    );
    if (item === undefined) return undefined;
    node = isPair(item) ? item.value : item;
    const place = isPair(item) ? item.key : item;
    offset = isNode(place) ? place.range?.[0] : undefined;
  }
  return offset;
}

function keyOf(key: unknown): string | undefined {
  return isScalar(key) ? String(key.value) : undefined;
}
