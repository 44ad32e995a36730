import type { SpanTree } from './span-tree.ts';

/** A piece of time in which the whole trace waited for one span itself. */
export interface PathPiece {
  readonly row: number;
  /** Microseconds since 1970. */
  readonly from: number;
  readonly to: number;
}

interface Frame {
  readonly row: number;
  readonly from: number;
  readonly until: number;
  readonly children: readonly number[];
  /** Everything after it is already explained. */
  cursor: number;
  next: number;
}

/**
 * What the longest root waited for, earliest first: from its end backwards, always the child that finished last before.
 * Receivers of messages are left out, nobody waits for them; children are cut to their parent's time.
 */
export function criticalPath(tree: SpanTree): PathPiece[] {
  const root = longestRoot(tree);
  if (root < 0) return [];
  const childrenOf = childrenByEnd(tree);
  const pieces: PathPiece[] = [];
  const enter = (row: number, from: number, to: number): Frame => ({
    row,
    from,
    until: to,
    cursor: to,
    children: childrenOf.get(row) ?? [],
    next: 0,
  });
  const stack = [enter(root, startOf(tree, root), endOf(tree, root))];
  for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
    const child = nextChild(tree, frame);
    if (child === undefined) {
      addPiece(pieces, { row: frame.row, from: frame.from, to: frame.cursor });
      stack.pop();
      continue;
    }
    addPiece(pieces, { row: frame.row, from: child.to, to: frame.cursor });
    frame.cursor = child.from;
    stack.push(enter(child.row, child.from, child.to));
  }
  return pieces.reverse();
}

/** The pieces of each row that has any. */
export function piecesByRow(pieces: readonly PathPiece[]): ReadonlyMap<number, PathPiece[]> {
  const byRow = new Map<number, PathPiece[]>();
  for (const piece of pieces) {
    const known = byRow.get(piece.row);
    if (known === undefined) byRow.set(piece.row, [piece]);
    else known.push(piece);
  }
  return byRow;
}

function longestRoot(tree: SpanTree): number {
  let best = -1;
  let longest = -1;
  tree.spans.forEach((span, row) => {
    if ((tree.parent[row] ?? -1) >= 0 || span.duration <= longest) return;
    best = row;
    longest = span.duration;
  });
  return best;
}

function childrenByEnd(tree: SpanTree): Map<number, number[]> {
  const children = new Map<number, number[]>();
  tree.spans.forEach((span, row) => {
    const above = tree.parent[row] ?? -1;
    if (above < 0 || span.kind === 'consumer') return;
    const known = children.get(above);
    if (known === undefined) children.set(above, [row]);
    else known.push(row);
  });
  for (const rows of children.values()) rows.sort((a, b) => endOf(tree, b) - endOf(tree, a));
  return children;
}

/** The last child that had finished when the rest of the frame began; ones that ran beside a later child explain nothing. */
function nextChild(tree: SpanTree, frame: Frame): PathPiece | undefined {
  while (frame.next < frame.children.length) {
    const row = frame.children[frame.next] ?? -1;
    frame.next += 1;
    const from = Math.max(frame.from, startOf(tree, row));
    const to = Math.min(frame.until, endOf(tree, row));
    if (from < to && to <= frame.cursor) return { row, from, to };
  }
  return undefined;
}

function addPiece(pieces: PathPiece[], piece: PathPiece): void {
  if (piece.to > piece.from) pieces.push(piece);
}

function startOf(tree: SpanTree, row: number): number {
  return tree.spans[row]?.start ?? 0;
}

function endOf(tree: SpanTree, row: number): number {
  const span = tree.spans[row];
  return span === undefined ? 0 : span.start + span.duration;
}
