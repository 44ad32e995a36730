import { createReadStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { type TransferRecord, transferHeaderSchema, transferRecordSchema } from '@concordat/api';
import { HubError } from '../http/hub-error.ts';
import { importDefect } from './import-defect.ts';
import { type Line, readLines } from './read-lines.ts';
import { spoolPath } from './spool-folder.ts';

/** A file that was received whole and whose every line is what it should be. */
export interface SpooledImport {
  readonly records: number;
  /** The records with their line numbers, as often as they are asked for. */
  lines(): AsyncGenerator<{ readonly line: number; readonly record: TransferRecord }>;
  remove(): Promise<void>;
}

const WRITTEN_AT_ONCE = 262_144;

/**
 * Receives an export into a file of `folder`, so that no transaction waits for the sender, and checks the shape of every line
 * as it comes; at the first defect the file goes and the defect is thrown.
 */
export async function spoolImport(
  source: AsyncIterable<Uint8Array>,
  { folder, limit }: { readonly folder: string; readonly limit: number },
): Promise<SpooledImport> {
  const path = spoolPath(folder);
  const remove = (): Promise<void> => rm(path, { force: true });
  const file = await open(path, 'wx');
  const check = new ImportCheck();
  let written = 1;
  let pending = '';
  try {
    for await (const line of readLines(bounded(source, limit))) {
      check.take(line);
      // Blank lines stay, so that a number means the same line the second time.
      pending += `${'\n'.repeat(line.number - written)}${line.text}`;
      written = line.number;
      if (pending.length < WRITTEN_AT_ONCE) continue;
      await file.appendFile(pending);
      pending = '';
    }
    check.end();
    await file.appendFile(pending);
  } catch (error) {
    await file.close();
    await remove();
    throw error;
  }
  await file.close();
  return { records: check.records, lines: () => spooledRecords(path), remove };
}

async function* spooledRecords(path: string) {
  for await (const { number, text } of readLines(createReadStream(path))) {
    if (number > 1) yield { line: number, record: JSON.parse(text) as TransferRecord };
  }
}

/** Judges one line after the other, then the whole. */
class ImportCheck {
  records = 0;
  readonly #seen = new Map<string, number>();
  #announced: Readonly<Partial<Record<string, number>>> | undefined;
  #lastNumber = 0;

  take({ number, text }: Line): void {
    const value = jsonOf(number, text);
    if (this.#announced === undefined) {
      this.#announced = headerCounts(number, value);
      return;
    }
    const parsed = transferRecordSchema.safeParse(value);
    if (!parsed.success) throw importDefect(number, describe(value, parsed.error.issues));
    const { data } = parsed;
    if (data.type === 'verification') {
      if (data.number <= this.#lastNumber) {
        throw importDefect(number, `has the result number ${data.number}; numbers must grow`);
      }
      this.#lastNumber = data.number;
    }
    this.records += 1;
    this.#seen.set(data.type, (this.#seen.get(data.type) ?? 0) + 1);
  }

  end(): void {
    if (this.#announced === undefined) throw importDefect(1, 'is missing: the file is empty');
    const types = new Set([...Object.keys(this.#announced), ...this.#seen.keys()]);
    for (const type of types) {
      const announced = this.#announced[type] ?? 0;
      const seen = this.#seen.get(type) ?? 0;
      if (announced === seen) continue;
      throw importDefect(
        1,
        `announces ${announced} records of type ${type}, the file has ${seen}: it was cut or changed`,
      );
    }
  }
}

function jsonOf(line: number, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw importDefect(line, `is no JSON: ${(error as Error).message}`, error);
  }
}

function headerCounts(line: number, value: unknown): Readonly<Partial<Record<string, number>>> {
  const parsed = transferHeaderSchema.safeParse(value);
  if (parsed.success) return parsed.data.counts;
  const { format, version } = Object(value) as { format?: unknown; version?: unknown };
  if (format === 'concordat-export' && typeof version === 'number' && version > 1) {
    throw importDefect(
      line,
      `is of format version ${version}; this hub reads version 1, import it into a newer hub`,
    );
  }
  throw importDefect(line, `is no header of an export: ${issuesOf(parsed.error.issues)}`);
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly code?: string | undefined;
}

function describe(value: unknown, issues: readonly Issue[]): string {
  const { type } = Object(value) as { type?: unknown };
  if (issues.some(({ code, path }) => code === 'invalid_union' && path[0] === 'type')) {
    return `is of an unknown type ${JSON.stringify(type) ?? '(none)'}`;
  }
  const name = typeof type === 'string' ? `${type} ` : '';
  return `is no ${name}record: ${issuesOf(issues)}`;
}

function issuesOf(issues: readonly Issue[]): string {
  const told = issues.slice(0, 5).map(({ path, message }) => {
    const place = path.join('.');
    return place === '' ? message : `${place}: ${message}`;
  });
  return told.join('; ');
}

async function* bounded(
  source: AsyncIterable<Uint8Array>,
  limit: number,
): AsyncGenerator<Uint8Array> {
  let seen = 0;
  for await (const chunk of source) {
    seen += chunk.length;
    if (seen > limit) {
      throw new HubError(
        'BODY_TOO_LARGE',
        `An import has at most ${limit} bytes; nothing was imported.`,
      );
    }
    yield chunk;
  }
}
