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
  readonly #segments: Map<number, Segment>;
  #current: number;
  #openedMicros: number | undefined;

  constructor(segments: Map<number, Segment>, bounds: SegmentBounds) {
    this.#segments = segments;
    this.#bounds = bounds;
    this.#current = Math.max(0, ...segments.keys()) + 1;
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

/** What the index knows at the start. Spans that come now begin a new segment. */
export async function readSegments(
  connection: IndexConnection,
  bounds: SegmentBounds,
): Promise<{
  readonly segments: Segments;
  readonly next: { readonly block: number; readonly operation: number; readonly origin: number };
  readonly recentTraces: number;
}> {
  const rows = await connection.rows(
    'SELECT segment, sum(bytes), max(received_micros) FROM blocks GROUP BY segment ORDER BY segment',
  );
  const [next = []] = await connection.rows(`SELECT
    (SELECT coalesce(max(id), 0) + 1 FROM blocks), (SELECT coalesce(max(id), 0) + 1 FROM operations),
    (SELECT coalesce(max(id), 0) + 1 FROM origins), (SELECT count(*) FROM recent_traces)`);
  const [block, operation, origin, recentTraces] = next.map(Number);
  return {
    segments: new Segments(
      new Map(
        rows.map(([segment, bytes, received]) => [
          Number(segment),
          { bytes: Number(bytes), receivedMicros: Number(received) },
        ]),
      ),
      bounds,
    ),
    next: { block: block ?? 1, operation: operation ?? 1, origin: origin ?? 1 },
    recentTraces: recentTraces ?? 0,
  };
}
