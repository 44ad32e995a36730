import type { DocumentDefect, Locate, Position } from '@concordat/domain';

/** A document's value and where its parts stand, or what keeps it from being read at all. */
export type ParsedDocument =
  | {
      readonly kind: 'parsed';
      readonly value: unknown;
      readonly locate: Locate;
      /** Mistakes that leave the value readable, such as keys that stand twice. */
      readonly defects: readonly DocumentDefect[];
    }
  | { readonly kind: 'unreadable'; readonly defects: readonly DocumentDefect[] };

/** Deeper documents are refused before anything walks them by recursion; real ones stay below 40. */
export const MAXIMUM_DEPTH = 200;

/** Thrown while reading, so that reading stops there. */
export class DocumentTooDeep extends Error {
  readonly defect: DocumentDefect;

  constructor(position: Position) {
    const message = `The document is nested deeper than ${MAXIMUM_DEPTH} levels; flatten it.`;
    super(message);
    this.defect = { pointer: '', position, message };
  }
}

/** Line and column of a character, both from 1. */
export function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - lineStart + 1 };
}

/** The pointer one step up; undefined for the whole document. */
export function parentOf(pointer: string): string | undefined {
  return pointer === '' ? undefined : pointer.slice(0, pointer.lastIndexOf('/'));
}

/** One step of a JSON pointer, escaped. */
export function pointerStep(key: string | number): string {
  return `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
