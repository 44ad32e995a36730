import type { SpanColumns } from '@concordat/domain';
import type { Origin } from './decode/received-span.ts';

/**
 * What every decoder makes of a body: the good spans in the order sent, without secrets, and why others were refused.
 * Nothing of it is decoded further than pairing, counting and storing need.
 */
export interface SpanBatch extends SpanColumns {
  /** Resource and scope by the index that `resourceOf` holds. */
  readonly origins: readonly Origin[];
  /** The span's own protobuf message; a view that lives as long as the batch. */
  raw(at: number): Buffer;
  /** Bytes of all `raw` together. */
  readonly rawBytes: number;
  /** Spans refused one by one, for ids that are none. */
  readonly rejected: number;
  /** One sentence a kind of fault, with its count. */
  readonly reasons: readonly string[];
}
