import { type DocumentDefect, type Locate, parseJson as readJson } from '@concordat/domain';
import {
  MAXIMUM_DEPTH,
  type ParsedDocument,
  parentOf,
  pointerStep,
  positionAt,
} from './parsed-document.ts';

/** Reads JSON with the place of every value; a key that stands twice in one object is a defect. */
export function parseJson(text: string): ParsedDocument {
  const checked = readJson(text, MAXIMUM_DEPTH);
  if (!checked.ok) {
    const { message, line, column } = checked.defect;
    const defect = { pointer: '', position: { line, column }, message: `JSON: ${message}.` };
    return { kind: 'unreadable', defects: [defect] };
  }
  const value: unknown = JSON.parse(text);
  return { kind: 'parsed', value, locate: jsonLocator(text), defects: duplicateKeys(text) };
}

function duplicateKeys(text: string): readonly DocumentDefect[] {
  const defects: DocumentDefect[] = [];
  for (const entry of entries(text)) {
    if (!entry.isDuplicate) continue;
    defects.push({
      pointer: entry.pointer(),
      position: positionAt(text, entry.offset),
      message: `Key ${JSON.stringify(entry.key)} stands twice in one object; remove one.`,
    });
  }
  return defects;
}

/** The index of places is built when the first is asked for: a document without defects never needs it. */
function jsonLocator(text: string): Locate {
  let offsets: Map<string, number> | undefined;
  return (pointer) => {
    offsets ??= new Map(Array.from(entries(text), (entry) => [entry.pointer(), entry.offset]));
    for (let at: string | undefined = pointer; at !== undefined; at = parentOf(at)) {
      const offset = offsets.get(at);
      if (offset !== undefined) return positionAt(text, offset);
    }
    return undefined;
  };
}

interface Frame {
  /** Undefined in a list. */
  readonly keys: Set<string> | undefined;
  key: string | number;
}

interface Entry {
  readonly pointer: () => string;
  readonly key: string | number;
  readonly offset: number;
  readonly isDuplicate: boolean;
}

/** A text with a colon behind it is a key. */
const TOKEN = /("(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"|[{}[\],]|[^\s{}[\],:"]+/g;

/** Every value of a JSON text that is known to be well-formed, without recursion; a member's place is its key. */
function* entries(text: string): Generator<Entry> {
  const frames: Frame[] = [];
  for (const { 0: token, 1: quotedKey, index: offset } of text.matchAll(TOKEN)) {
    if (quotedKey === undefined) {
      if (isItem(token, frames)) yield entryAt(frames, offset, false);
      step(frames, token);
    } else {
      yield enterMember(frames, quotedKey, offset);
    }
  }
}

/** True for the value of the whole text and for items of lists. */
function isItem(token: string, frames: readonly Frame[]): boolean {
  return !/[}\],]/.test(token[0] ?? '') && frames.at(-1)?.keys === undefined;
}

function step(frames: Frame[], token: string): void {
  switch (token) {
    case '{':
      frames.push({ keys: new Set(), key: '' });
      break;
    case '[':
      frames.push({ keys: undefined, key: 0 });
      break;
    case '}':
    case ']':
      frames.pop();
      break;
    case ',':
      advance(frames.at(-1));
      break;
    default:
  }
}

function enterMember(frames: readonly Frame[], quotedKey: string, offset: number): Entry {
  const key: string = JSON.parse(quotedKey);
  const frame = frames.at(-1);
  const isDuplicate = frame?.keys?.has(key) === true;
  frame?.keys?.add(key);
  if (frame !== undefined) frame.key = key;
  return entryAt(frames, offset, isDuplicate);
}

function advance(frame: Frame | undefined): void {
  if (frame !== undefined && typeof frame.key === 'number') frame.key += 1;
}

function entryAt(frames: readonly Frame[], offset: number, isDuplicate: boolean): Entry {
  return {
    pointer: () => frames.map((frame) => pointerStep(frame.key)).join(''),
    key: frames.at(-1)?.key ?? '',
    offset,
    isDuplicate,
  };
}
