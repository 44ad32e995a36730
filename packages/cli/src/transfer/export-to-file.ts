import { createWriteStream } from 'node:fs';
import { lstat, rename, rm } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type TransferHeader, transferHeaderSchema } from '@concordat/api';
import { type HubClient, refusalOf } from '../hub-client/hub-client.ts';
import { CliError } from '../terminal/cli-error.ts';

export interface ExportOrder {
  readonly path: string;
  readonly withSecrets: boolean;
  readonly onRecords: (written: number, announced: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Writes a hub's export to a file, compressed when its name ends with `.gz`. The file appears when it is whole: one that was
 * cut on the way is a `CliError`, and what was there before stays.
 */
export async function exportToFile(hub: HubClient, order: ExportOrder): Promise<TransferHeader> {
  const path = `/transfer/export?secrets=${order.withSecrets}`;
  const answer = await hub.open(path, {
    method: 'GET',
    accept: 'application/x-ndjson, application/json',
    signal: order.signal,
  });
  if (answer.status !== 200 || answer.body === null) {
    const { status, headers } = answer;
    throw new CliError(`export: ${refusalOf({ status, headers, text: await answer.text() })}`);
  }
  const counter = new ExportCounter(order.onRecords);
  const isPlace = await isNoFile(order.path);
  const target = isPlace ? order.path : `${order.path}.part`;
  try {
    await pipeline(
      Readable.fromWeb(answer.body as never),
      counter,
      ...(order.path.endsWith('.gz') ? [createGzip()] : []),
      // Contracts are nobody else's business, secrets even less.
      createWriteStream(target, { mode: 0o600 }),
      { signal: order.signal },
    );
    const header = counter.whole();
    if (!isPlace) await rename(target, order.path);
    return header;
  } catch (error) {
    if (!isPlace) await rm(target, { force: true });
    if (error instanceof CliError || order.signal.aborted) throw error;
    throw new CliError(`The export broke off: ${(error as Error).message}; try again.`, {
      cause: error,
    });
  }
}

/** `/dev/stdout` and the like take bytes and cannot be renamed. */
async function isNoFile(path: string): Promise<boolean> {
  const there = await lstat(path).catch(() => undefined);
  return there !== undefined && !there.isFile();
}

/** Lets bytes through, counts their lines and keeps the first. */
class ExportCounter extends Transform {
  readonly #onRecords: (written: number, announced: number) => void;
  #first = '';
  #lines = 0;
  #announced: number | undefined;

  constructor(onRecords: (written: number, announced: number) => void) {
    super();
    this.#onRecords = onRecords;
  }

  override _transform(
    chunk: Buffer,
    _encoding: BufferEncoding,
    done: (error: Error | null, data: Buffer) => void,
  ): void {
    if (this.#lines === 0) this.#first += chunk.toString('utf8');
    for (let at = chunk.indexOf(0x0a); at >= 0; at = chunk.indexOf(0x0a, at + 1)) this.#lines += 1;
    if (this.#lines > 0) {
      this.#announced ??= recordsOf(this.#header());
      this.#onRecords(this.#lines - 1, this.#announced);
    }
    done(null, chunk);
  }

  /** The header of an export that has all it announces. */
  whole(): TransferHeader {
    const header = this.#header();
    const announced = recordsOf(header);
    if (this.#lines - 1 === announced) return header;
    throw new CliError(
      `The export was cut: ${announced} records were announced, ${this.#lines - 1} came; try again.`,
    );
  }

  #header(): TransferHeader {
    try {
      return transferHeaderSchema.parse(JSON.parse(this.#first.split('\n', 1)[0] ?? ''));
    } catch (cause) {
      throw new CliError('The answer is no export; is this address a Concordat hub?', { cause });
    }
  }
}

function recordsOf({ counts }: TransferHeader): number {
  return Object.values(counts).reduce((sum, count) => sum + (count ?? 0), 0);
}
