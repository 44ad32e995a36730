import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import {
  TRANSFER_FORMAT,
  TRANSFER_VERSION,
  type TransferHeader,
  type TransferRecord,
} from '@concordat/api';
import { AnswerStore } from './answer-store.ts';
import { type BrokerAddress, BrokerReader, type ReaderOptions } from './broker-reader.ts';
import { BrokerSource } from './broker-source.ts';
import { type BrokerContents, brokerRecords, readBroker } from './read-broker.ts';

export interface BrokerOrder {
  readonly address: BrokerAddress;
  /** Keeps answers between runs, and the file. */
  readonly folder: string;
  readonly reader: ReaderOptions;
  readonly now: Date;
  readonly onRequest: (step: string, requests: number) => void;
}

export interface BrokerFile {
  readonly path: string;
  readonly counts: TransferHeader['counts'];
  readonly requests: number;
  /** What one answer named and was gone when asked for: somebody deleted it meanwhile. */
  readonly vanished: number;
}

/** Reads everything a broker tells over HTTP into a file that a hub imports. */
export async function brokerToFile(order: BrokerOrder): Promise<BrokerFile> {
  // One request that fails for good ends the others.
  const failed = new AbortController();
  const signal = AbortSignal.any([order.reader.signal, failed.signal]);
  const reader = new BrokerReader(order.address, { ...order.reader, signal });
  const folder = join(order.folder, folderName(reader.baseUrl));
  await mkdir(folder, { recursive: true });
  const answers = new AnswerStore(join(folder, 'answers'));
  const source = new BrokerSource({ reader, answers, onRequest: order.onRequest });
  try {
    const contents = await readBroker(source);
    const header = headerOf(contents, order.now);
    const path = join(folder, 'export.jsonl.gz');
    const lines = Readable.from(linesOf(header, brokerRecords(source, contents)));
    await pipeline(lines, createGzip(), createWriteStream(path, { mode: 0o600 }), { signal });
    const { requests } = reader;
    return { path, counts: header.counts, requests, vanished: source.vanished };
  } catch (error) {
    failed.abort();
    throw error;
  }
}

/** Readable, and different for brokers whose addresses look alike. */
function folderName(baseUrl: string): string {
  const hash = createHash('sha256').update(baseUrl).digest('hex').slice(0, 8);
  return `${new URL(baseUrl).hostname}-${hash}`;
}

function headerOf(contents: BrokerContents, now: Date): TransferHeader {
  const counts: Record<string, number> = {
    pactContent: contents.contents.length,
    publication: contents.publications.length,
    verification: contents.results.length,
  };
  for (const { type } of [...contents.plain, ...contents.last]) {
    counts[type] = (counts[type] ?? 0) + 1;
  }
  return {
    type: 'header',
    format: TRANSFER_FORMAT,
    version: TRANSFER_VERSION,
    exportedAt: now.toISOString(),
    secrets: false,
    counts,
  };
}

async function* linesOf(
  header: TransferHeader,
  records: AsyncIterable<TransferRecord>,
): AsyncGenerator<string> {
  yield `${JSON.stringify(header)}\n`;
  for await (const record of records) yield `${JSON.stringify(record)}\n`;
}
