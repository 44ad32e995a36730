import type { Receipt, SpanBody, Transport, UnkeptSignal } from '../receive/span-intake.ts';
import type { Ingest, IngestCounts } from './ingest.ts';
import { type EngineOptions, type EngineSurroundings, openEngine } from './open-engine.ts';
import { RequestCounts } from './request-counts.ts';

/** The engine on the caller's own thread: less memory, and everything else waits while it decodes. */
export async function openIngestHere(
  options: EngineOptions,
  surroundings: EngineSurroundings,
): Promise<Ingest> {
  const { engine, reader, close } = await openEngine(options, surroundings);
  const requests = new RequestCounts();
  return {
    refusalFor: (leastBytes: number) => engine.refusalFor(leastBytes),
    take: async (body: SpanBody): Promise<Receipt> => engine.take(body),
    countUnkept: (signal: UnkeptSignal) => requests.countUnkept(signal),
    countUnreadable: (transport: Transport) => requests.countUnreadable(transport),
    reader,
    drain: () => engine.drain(),
    counts: (): IngestCounts => ({ ...engine.counts(), ...requests.counts() }),
    close,
  };
}
