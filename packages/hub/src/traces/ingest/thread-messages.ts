import type { TransferListItem } from 'node:worker_threads';
import type { Log } from '../../log.ts';
import type { Receipt, SpanBody } from '../receive/span-intake.ts';
import type { TraceReader } from '../store/trace-reader.ts';
import type { EngineCounts, Observed } from './observed.ts';
import { type PackedCalls, packCalls, unpackCalls } from './pack-calls.ts';

/** Questions to the engine's thread, by name. */
export type Question = keyof TraceReader | 'drain' | 'close';

/** What the hub tells the engine's thread. */
export type ToEngine =
  | { readonly kind: 'body'; readonly id: number; readonly body: SpanBody }
  | {
      readonly kind: 'question';
      readonly id: number;
      readonly question: Question;
      readonly values: readonly unknown[];
    };

/** What the engine's thread tells the hub. */
export type FromEngine =
  | { readonly kind: 'ready'; readonly counts: EngineCounts }
  | {
      readonly kind: 'receipt';
      readonly id: number;
      readonly receipt: Receipt;
      /** What waits on the engine's side, to be counted by whoever sends more. */
      readonly queuedBytes: number;
    }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly error: Error }
  | { readonly kind: 'observed'; readonly observed: PackedObserved }
  | {
      readonly kind: 'log';
      readonly line: readonly [Parameters<Log>[0], string, Parameters<Log>[2]];
    };

export type PackedObserved = Omit<Observed, 'calls' | 'verdicts'> & {
  readonly calls: PackedCalls;
  readonly verdicts: PackedCalls;
};

export function packObserved(observed: Observed): PackedObserved {
  const { calls, verdicts } = observed;
  return { ...observed, calls: packCalls(calls), verdicts: packCalls(verdicts) };
}

export function unpackObserved(packed: PackedObserved): Observed {
  const { calls, verdicts } = packed;
  return { ...packed, calls: unpackCalls(calls), verdicts: unpackCalls(verdicts) };
}

/** The bytes' own buffer may change hands; a part of a shared one is copied instead. */
export function transferOf({ bytes }: SpanBody): TransferListItem[] {
  const { buffer } = bytes;
  const isWhole = bytes.byteLength === buffer.byteLength && bytes.byteLength > 0;
  return isWhole && buffer instanceof ArrayBuffer ? [buffer] : [];
}
