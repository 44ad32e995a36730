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

/** A place in the text that a pointer names. */
export interface DocumentEntry {
  readonly pointer: string;
  readonly offset: number;
  /** Set when the key already stands in the same mapping. */
  readonly repeatedKey: string | undefined;
}

/** What a reader of one syntax tells about its text. */
export interface DocumentText {
  /** Every mapping member (at its key), list item and the whole document. */
  readonly entries: () => Iterable<DocumentEntry>;
  readonly positionAt: (offset: number) => Position;
}

/** Answers the place of a pointer, of its nearest parent when it is missing; indexes the text on the first question. */
export function locatorOf(text: DocumentText): Locate {
  let offsets: Map<string, number> | undefined;
  return (pointer) => {
    offsets ??= new Map(Array.from(text.entries(), ({ pointer: at, offset }) => [at, offset]));
    for (let at: string | undefined = pointer; at !== undefined; at = parentOf(at)) {
      const offset = offsets.get(at);
      if (offset !== undefined) return text.positionAt(offset);
    }
    return undefined;
  };
}

/** One defect for every key that stands twice, at its second place. */
export function repeatedKeys(text: DocumentText): readonly DocumentDefect[] {
  const defects: DocumentDefect[] = [];
  for (const { pointer, offset, repeatedKey } of text.entries()) {
    if (repeatedKey === undefined) continue;
    const message = `Key ${JSON.stringify(repeatedKey)} stands twice in one mapping; remove one.`;
    defects.push({ pointer, position: text.positionAt(offset), message });
  }
  return defects;
}

/** One step of a JSON pointer, escaped. */
export function pointerStep(key: string | number): string {
  return `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

function parentOf(pointer: string): string | undefined {
  return pointer === '' ? undefined : pointer.slice(0, pointer.lastIndexOf('/'));
}
