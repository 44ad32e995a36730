import { BlockDirectory } from './block-directory.ts';
import type { IndexConnection } from './span-index.ts';

interface Segment {
  bytes: number;
  /** When the last span of it came in. */
  receivedMicros: number;
}

interface SegmentBounds {
  readonly retentionMicros: number;
  readonly retentionBytes: number;
}

/** A segment is closed at these shares of what is kept: so much is dropped at once, and so many files there are at most. */
const ageShare = 24;
const sizeShare = 32;

/** What lies on the disk, segment by segment, oldest first; the last one is written. */
export class Segments {
  readonly #bounds: SegmentBounds;
  readonly #segments = new Map<number, Segment>();
  #current = 1;
  #openedMicros: number | undefined;

  constructor(bounds: SegmentBounds) {
    this.#bounds = bounds;
  }

  get ids(): ReadonlySet<number> {
    return new Set(this.#segments.keys());
  }

  get current(): number {
    return this.#current;
  }

  get bytes(): number {
    let sum = 0;
    for (const { bytes } of this.#segments.values()) sum += bytes;
    return sum;
  }

  bytesOf(segment: number): number {
    return this.#segments.get(segment)?.bytes ?? 0;
  }

  /** True when spans that come now belong to a new one. */
  isFull(nowMicros: number): boolean {
    this.#openedMicros ??= nowMicros;
    const { retentionMicros, retentionBytes } = this.#bounds;
    return (
      this.bytesOf(this.#current) >= retentionBytes / sizeShare ||
      nowMicros - this.#openedMicros >= retentionMicros / ageShare
    );
  }

  /** What is added from now on is of a segment after those that are there. */
  begin(): void {
    this.#current = Math.max(0, ...this.#segments.keys()) + 1;
  }

  turn(nowMicros: number): void {
    this.#current += 1;
    this.#openedMicros = nowMicros;
  }

  add(segment: number, bytes: number, receivedMicros: number): void {
    const known = this.#segments.get(segment);
    if (known === undefined) {
      this.#segments.set(segment, { bytes, receivedMicros });
      return;
    }
    known.bytes += bytes;
    known.receivedMicros = Math.max(known.receivedMicros, receivedMicros);
  }

  remove(segment: number): void {
    this.#segments.delete(segment);
    if (segment === this.#current) this.#openedMicros = undefined;
  }

  olderThan(beforeMicros: number): readonly number[] {
    return [...this.#segments]
      .filter(([, { receivedMicros }]) => receivedMicros < beforeMicros)
      .map(([segment]) => segment);
  }

  /** The oldest that must go for the rest to fit, each with its share of the index; never the one that is written. */
  beyond(maxBytes: number, indexBytes: number): readonly number[] {
    const { bytes } = this;
    const share = bytes === 0 ? 1 : 1 + indexBytes / bytes;
    let excess = bytes * share - maxBytes;
    const dropped: number[] = [];
    for (const [segment, own] of this.#segments) {
      if (excess <= 0 || segment === this.#current) break;
      dropped.push(segment);
      excess -= own.bytes * share;
    }
    return dropped;
  }
}

/** Where the numbers of a hub's next blocks, operations and origins begin. */
export interface NextNumbers {
  readonly block: number;
  readonly operation: number;
  readonly origin: number;
}

/** What the index knows at the start. Spans that come now begin a new segment. */
export async function readSegments(
  connection: IndexConnection,
  bounds: SegmentBounds,
): Promise<{
  readonly segments: Segments;
  readonly directory: BlockDirectory;
  readonly next: NextNumbers;
}> {
  const directory = new BlockDirectory();
  const segments = new Segments(bounds);
  await connection.visit(
    `SELECT id, segment, position, bytes, received_micros, oldest_micros, newest_micros
     FROM blocks ORDER BY id`,
    (columns) => {
      const at = (column: number, row: number): number => columns[column]?.[row] ?? 0;
      for (let row = 0; row < (columns[0]?.length ?? 0); row += 1) {
        const [id, segment, bytes, receivedMicros] = [
          at(0, row),
          at(1, row),
          at(3, row),
          at(4, row),
        ];
        const times = { receivedMicros, oldestMicros: at(5, row), newestMicros: at(6, row) };
        directory.add({ id, segment, position: at(2, row), bytes, ...times });
        segments.add(segment, bytes, receivedMicros);
      }
    },
  );
  segments.begin();
  const [last = []] = await connection.rows(
    `SELECT (SELECT coalesce(max(id), 0) FROM operations),
       (SELECT coalesce(max(id), 0) FROM origins)`,
  );
  const [operation = 0, origin = 0] = last.map(Number);
  const block = Math.max(1, directory.end);
  return { segments, directory, next: { block, operation: operation + 1, origin: origin + 1 } };
}
