// The engine's thread: what `ingest-thread.ts` starts.
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { StoredTrace } from '../store/trace-reader.ts';
import { type EngineOptions, type OpenEngine, openEngine } from './open-engine.ts';
import { packTrace } from './pack-trace.ts';
import { type FromEngine, packObserved, type Question, type ToEngine } from './thread-messages.ts';

const port = parentPort as MessagePort;
const tell = (message: FromEngine): void => port.postMessage(message);

const open = await openEngine(workerData as EngineOptions, {
  onObserved: (observed) => tell({ kind: 'observed', observed: packObserved(observed) }),
  now: () => new Date(),
  log: (level, message, fields) => tell({ kind: 'log', line: [level, message, fields] }),
});
const answers = answersOf(open);
port.on('message', (message: ToEngine) => {
  if (message.kind === 'body') receive(message);
  else void answer(message);
});
tell({ kind: 'ready', counts: open.engine.counts() });

function receive({ id, body }: Extract<ToEngine, { kind: 'body' }>): void {
  try {
    const receipt = open.engine.take(body);
    tell({ kind: 'receipt', id, receipt, queuedBytes: open.engine.queuedBytes });
  } catch (error) {
    tell({ kind: 'failure', id, error: error as Error });
  }
}

async function answer(message: Extract<ToEngine, { kind: 'question' }>): Promise<void> {
  const { id, question, values } = message;
  try {
    tell({ kind: 'answer', id, answer: await answers[question](...(values as [never, never])) });
  } catch (error) {
    tell({ kind: 'failure', id, error: error as Error });
  }
  if (question === 'close') port.close();
}

type Answers = Readonly<Record<Question, (...values: [never, never]) => Promise<unknown>>>;

function answersOf({ engine, reader, close }: OpenEngine): Answers {
  const packed = async (found: Promise<StoredTrace | undefined>) => {
    const trace = await found;
    return trace === undefined ? undefined : packTrace(trace);
  };
  return {
    services: () => reader.services(),
    operations: (service, kind) => reader.operations(service, kind),
    trace: (traceId, hint) => packed(reader.trace(traceId, hint)),
    search: async (query) => (await reader.search(query)).map(packTrace),
    archive: (traceId) => reader.archive(traceId),
    answers: () => reader.answers(),
    drain: () => engine.drain(),
    close,
  };
}
