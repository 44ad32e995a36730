import { parseJson as readJson } from '@concordat/domain';
import { LineCounter } from 'yaml';
import {
  type DocumentEntry,
  type DocumentText,
  locatorOf,
  MAXIMUM_DEPTH,
  type ParsedDocument,
  pointerStep,
  repeatedKeys,
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
  const places: DocumentText = { entries: () => entries(text), positionAt: positionsOf(text) };
  return { kind: 'parsed', value, locate: locatorOf(places), defects: repeatedKeys(places) };
}

/** Line starts are counted when the first position is asked for: a document without defects never needs them. */
function positionsOf(text: string): DocumentText['positionAt'] {
  let lines: LineCounter | undefined;
  return (offset) => {
    lines ??= countLines(text);
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
}

function countLines(text: string): LineCounter {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (const { index } of text.matchAll(/\n/g)) lines.addNewLine(index + 1);
  return lines;
}

interface Frame {
  /** Undefined in a list. */
  readonly keys: Set<string> | undefined;
  readonly pointer: string;
  index: number;
  key: string;
}

/** A text with a colon behind it is a key. */
const TOKEN = /("(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"|[{}[\],]|[^\s{}[\],:"]+/g;

/** Every place of a JSON text that is known to be well-formed, without recursion. */
function* entries(text: string): Generator<DocumentEntry> {
  const frames: Frame[] = [];
  for (const { 0: token, 1: quotedKey, index: offset } of text.matchAll(TOKEN)) {
    if (quotedKey !== undefined) yield enterMember(frames, quotedKey, offset);
    else {
      if (isItem(token, frames)) {
        yield { pointer: pointerHere(frames), offset, repeatedKey: undefined };
      }
      step(frames, token);
    }
  }
}

function enterMember(frames: readonly Frame[], quotedKey: string, offset: number): DocumentEntry {
  const key: string = JSON.parse(quotedKey);
  const frame = frames.at(-1);
  const repeatedKey = frame?.keys?.has(key) === true ? key : undefined;
  frame?.keys?.add(key);
  if (frame !== undefined) frame.key = key;
  return { pointer: pointerHere(frames), offset, repeatedKey };
}

/** True for the value of the whole text and for items of lists. */
function isItem(token: string, frames: readonly Frame[]): boolean {
  return !/[}\],]/.test(token[0] ?? '') && frames.at(-1)?.keys === undefined;
}

function step(frames: Frame[], token: string): void {
  switch (token) {
    case '{':
      frames.push({ keys: new Set(), pointer: pointerHere(frames), index: 0, key: '' });
      break;
    case '[':
      frames.push({ keys: undefined, pointer: pointerHere(frames), index: 0, key: '' });
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

function advance(frame: Frame | undefined): void {
  if (frame !== undefined) frame.index += 1;
}

function pointerHere(frames: readonly Frame[]): string {
  const frame = frames.at(-1);
  if (frame === undefined) return '';
  return frame.pointer + pointerStep(frame.keys === undefined ? frame.index : frame.key);
}
