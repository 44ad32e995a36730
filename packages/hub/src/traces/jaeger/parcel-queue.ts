import type { EncodedSpans } from './encode-parcel.ts';

/** Requests that go out as one. */
export interface Parcel {
  readonly pieces: readonly Buffer[];
  readonly bytes: number;
  readonly spans: number;
}

/** What a waiting piece costs beside its own bytes. */
const pieceBytes = 200;

/** Parcels in the order they came; small pieces are put together while they wait. */
export class ParcelQueue {
  readonly #parcels: { pieces: Buffer[]; bytes: number; spans: number }[] = [];
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  get isEmpty(): boolean {
    return this.#parcels.length === 0;
  }

  /** Joins the youngest parcel while that stays within `maxParcelBytes`. */
  add({ body, spans }: EncodedSpans, maxParcelBytes: number): void {
    const bytes = body.length + pieceBytes;
    this.#bytes += bytes;
    const last = this.#parcels.at(-1);
    if (last === undefined || last.bytes + bytes > maxParcelBytes) {
      this.#parcels.push({ pieces: [body], bytes, spans });
      return;
    }
    last.pieces.push(body);
    last.bytes += bytes;
    last.spans += spans;
  }

  /** The oldest. */
  shift(): Parcel | undefined {
    const parcel = this.#parcels.shift();
    if (parcel !== undefined) this.#bytes -= parcel.bytes;
    return parcel;
  }

  /** Before all others, each a parcel of its own. */
  putFirst(parts: readonly EncodedSpans[]): void {
    const parcels = parts.map(({ body, spans }) => ({
      pieces: [body],
      bytes: body.length + pieceBytes,
      spans,
    }));
    for (const { bytes } of parcels) this.#bytes += bytes;
    this.#parcels.unshift(...parcels);
  }
}
