import type { DocumentDefect, Position } from '@concordat/domain';
import {
  Composer,
  type CST,
  type Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  Parser,
  type YAMLMap,
  YAMLParseError,
  type YAMLSeq,
} from 'yaml';
import {
  type DocumentEntry,
  type DocumentText,
  DocumentTooDeep,
  locatorOf,
  MAXIMUM_DEPTH,
  type ParsedDocument,
  pointerStep,
  repeatedKeys,
} from './parsed-document.ts';

const MERGE_KEY = '<<';

/** How often anchors may be used in all before a document is taken for an attack on memory. */
const MAXIMUM_ALIASES = 1000;

/** Reads YAML 1.2 (with merge keys) with the place of every value; keys that stand twice are defects. */
export function parseYaml(text: string): ParsedDocument {
  const lines = new LineCounter();
  try {
    const document = compose(text, lines);
    if (document.errors.length > 0) return unreadable(document, lines);
    const value: unknown = document.toJS({ maxAliasCount: MAXIMUM_ALIASES });
    const places: DocumentText = {
      entries: () => entries(document),
      positionAt: (offset) => positionOf(lines, offset),
    };
    return { kind: 'parsed', value, locate: locatorOf(places), defects: repeatedKeys(places) };
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

function positionOf(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

/** Aliases are not followed: a place behind one is that of the alias. */
function entries(document: Document.Parsed): readonly DocumentEntry[] {
  const found: DocumentEntry[] = [];
  const root = document.contents;
  found.push({ pointer: '', offset: root?.range[0] ?? 0, repeatedKey: undefined });
  gather(root, '', found);
  return found;
}

/** Recursion is safe: the depth was watched while reading. */
function gather(node: unknown, pointer: string, found: DocumentEntry[]): void {
  if (isMap(node)) gatherMembers(node, pointer, found);
  if (isSeq(node)) gatherItems(node, pointer, found);
}

function gatherMembers(map: YAMLMap, pointer: string, found: DocumentEntry[]): void {
  const seen = new Set<string>();
  for (const { key, value } of map.items) {
    const name = isScalar(key) ? String(key.value) : '';
    const at = pointer + pointerStep(name);
    const repeatedKey = seen.has(name) && name !== MERGE_KEY ? name : undefined;
    found.push({ pointer: at, offset: offsetOf(key), repeatedKey });
    seen.add(name);
    gather(value, at, found);
  }
}

function gatherItems(list: YAMLSeq, pointer: string, found: DocumentEntry[]): void {
  for (const [index, item] of list.items.entries()) {
    const at = pointer + pointerStep(index);
    found.push({ pointer: at, offset: offsetOf(item), repeatedKey: undefined });
    gather(item, at, found);
  }
}

function offsetOf(node: unknown): number {
  return (isNode(node) ? node.range?.[0] : undefined) ?? 0;
}
