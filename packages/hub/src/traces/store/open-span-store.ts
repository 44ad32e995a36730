import { join } from 'node:path';
import type { Log } from '../../log.ts';
import type { SpanBatch } from '../span-batch.ts';
import { writeArchived } from './archive-trace.ts';
import type { BlockDirectory } from './block-directory.ts';
import { BlockReader } from './block-reader.ts';
import { listTraceHashes } from './query-index.ts';
import { readRecent } from './recent-spans.ts';
import { SegmentFiles } from './segment-files.ts';
import { SegmentReader } from './segment-reader.ts';
import { SegmentStore, type SegmentStoreOptions } from './segment-store.ts';
import { readSegments } from './segments.ts';
import { setAsideOldSpans } from './set-aside.ts';
import { openSpanIndex, type SpanIndex } from './span-index.ts';
import type { TraceReader } from './trace-reader.ts';
import { TraceRuns } from './trace-runs.ts';

/** The spans under one directory: who writes them, and who reads what was flushed. */
export interface OpenSpanStore {
  readonly store: SegmentStore;
  readonly reader: TraceReader;
  /**
   * Spans that came in since then, the newest of them, as if they came again: senders repeat what they did not hear an answer
   * to, also after a restart.
   */
  recent(sinceMicros: number): Promise<readonly SpanBatch[]>;
  /** Flushes and gives everything back. */
  close(): Promise<void>;
}

/** Opens the spans under `dataDir`, or begins them; what a killed process left is put right. */
export async function openSpanStore(
  dataDir: string,
  options: SegmentStoreOptions,
  log: Log,
): Promise<OpenSpanStore> {
  await setAsideOldSpans(dataDir, log);
  const path = join(dataDir, 'spans');
  const index = await openSpanIndex(join(path, 'index.duckdb'));
  const { segments, directory, next } = await readSegments(index.writer, options);
  const files = await SegmentFiles.open(path);
  await files.removeAllBut(segments.ids);
  const traces = await openTraces(path, index, directory);
  const store = new SegmentStore({ index, files, directory, segments, traces, next, log }, options);
  await store.measureIndex();
  const blocks = new BlockReader(files);
  const reader = new SegmentReader({ reader: index.reader, blocks, directory, traces, archive });

  async function archive(traceId: string): Promise<boolean> {
    return store.exclusively(async () => {
      const trace = await reader.trace(traceId);
      if (trace !== undefined) await writeArchived(index.writer, trace);
      return trace !== undefined;
    });
  }

  return {
    store,
    reader,
    recent: (sinceMicros) => readRecent(index.reader, blocks, sinceMicros),
    close: async () => {
      await store.close();
      await traces.close();
      await files.close();
      await index.reader.settled();
      index.close();
    },
  };
}

/** Blocks that are in no run are few: as many as are kept in memory. */
async function openTraces(
  path: string,
  index: SpanIndex,
  directory: BlockDirectory,
): Promise<TraceRuns> {
  const traces = await TraceRuns.open(path, directory.first);
  for (const { id, hashes } of await listTraceHashes(index.writer, traces.nextBlock))
    traces.add(id, hashes);
  return traces;
}
