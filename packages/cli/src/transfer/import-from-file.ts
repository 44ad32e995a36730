import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { createGzip } from 'node:zlib';
import { type TransferResult, transferResultSchema } from '@concordat/api';
import { type HubClient, refusalOf } from '../hub-client/hub-client.ts';
import { CliError } from '../terminal/cli-error.ts';

export interface ImportOrder {
  readonly path: string;
  readonly onConflict: string;
  readonly onProgress: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Sends an export to a hub, which takes all of it or nothing; a file whose name ends with `.gz` is sent as it is. */
export async function importFromFile(hub: HubClient, order: ImportOrder): Promise<TransferResult> {
  const path = `/transfer/import?onConflict=${encodeURIComponent(order.onConflict)}`;
  const answer = await hub.open(path, {
    method: 'POST',
    accept: 'application/x-ndjson',
    signal: order.signal,
    body: {
      stream: Readable.toWeb(await bytesOf(order)) as ReadableStream<Uint8Array>,
      headers: { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' },
    },
  });
  if (answer.status !== 200 || answer.body === null) {
    const { status, headers } = answer;
    throw new CliError(`import: ${refusalOf({ status, headers, text: await answer.text() })}`);
  }
  const last = await lastLine(answer.body, (line) => tellProgress(line, order));
  const parsed = transferResultSchema.safeParse(last);
  if (parsed.success) return parsed.data;
  const { detail } = Object(last) as { detail?: unknown };
  if (typeof detail === 'string') throw new CliError(`import: ${detail}${conflictsOf(last)}`);
  throw new CliError('import: the answer broke off; import again to see whether all is there.');
}

async function bytesOf({ path, onProgress }: ImportOrder): Promise<Readable> {
  const file = await stat(path).catch((cause: unknown) => {
    throw new CliError(`${path} cannot be read.`, { cause });
  });
  let sent = 0;
  const counter = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      sent += chunk.length;
      onProgress(`sent ${percentOf(sent, file.size)}`);
      done(null, chunk);
    },
  });
  const read = createReadStream(path).pipe(counter);
  return path.endsWith('.gz') ? read : read.pipe(createGzip());
}

function tellProgress(line: unknown, { onProgress }: ImportOrder): void {
  const { type, written, records } = Object(line) as Readonly<Record<string, unknown>>;
  if (type === 'progress') onProgress(`written ${percentOf(Number(written), Number(records))}`);
}

function percentOf(part: number, whole: number): string {
  return `${whole === 0 ? 100 : Math.floor((100 * part) / whole)} %`;
}

async function lastLine(
  body: ReadableStream<Uint8Array>,
  onLine: (line: unknown) => void,
): Promise<unknown> {
  let last: unknown;
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of Readable.fromWeb(body as never)) {
    const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      last = JSON.parse(line);
      onLine(last);
    }
  }
  return last;
}

function conflictsOf(problem: unknown): string {
  const { conflicts } = Object(problem) as { conflicts?: { line: number; detail: string }[] };
  if (!Array.isArray(conflicts)) return '';
  return conflicts.map(({ line, detail }) => `\n  line ${line}: ${detail}`).join('');
}
