import { once } from 'node:events';
import { createGunzip } from 'node:zlib';
import type { Request, Response, Router } from 'express';
import type { Database } from '../database/database.ts';
import { readSnapshot } from '../database/read-snapshot.ts';
import { createRouter } from '../http/app.ts';
import { HubError } from '../http/hub-error.ts';
import { problemCatalogue } from '../http/problem-catalogue.ts';
import { knownParameters, oneOfParameter } from '../http/read-parameters.ts';
import { mediaTypeOf, resource } from '../http/resource.ts';
import { send, sendJson } from '../http/send.ts';
import { exportRecords } from './export-records.ts';
import { importFile } from './import-file.ts';
import type { OnConflict } from './import-scope.ts';
import type { ResultRules } from './result-import-store.ts';
import type { SpooledImport } from './spool-import.ts';

const LINES = 'application/x-ndjson';
const POLICIES: readonly OnConflict[] = ['fail', 'skip', 'overwrite'];
/** What an import may have after inflating; it is kept on disk while it is received. */
const IMPORT_LIMIT = 16 * 1024 ** 3;
const EXPORTS_AT_ONCE = 2;
const WRITTEN_AT_ONCE = 65_536;
/** A reader that takes nothing for so long is let go, with the snapshot that is kept for it. */
const STALLED_MS = 60_000;
const PROGRESS_MS = 500;

export interface TransferDeps {
  readonly db: Database;
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
  readonly results: ResultRules;
  /** Runs after an import was committed. */
  readonly imported: () => Promise<void>;
  readonly now: () => Date;
}

/** Takes all contracts out of a hub and brings them into one, as lines of JSON. */
export function transferRoutes(deps: TransferDeps): Router {
  const router = createRouter();
  let exporting = 0;
  let isImporting = false;
  resource(router, '/transfer/export', {
    provides: [LINES],
    GET: async (request, response) => {
      knownParameters(request, ['secrets']);
      const secrets = oneOfParameter(request, 'secrets', ['true', 'false']);
      if (exporting >= EXPORTS_AT_ONCE) throw busy('exports are');
      exporting += 1;
      try {
        await writeExport(response, deps, { withSecrets: secrets === 'true' });
      } finally {
        exporting -= 1;
      }
      response.end();
    },
  });
  resource(router, '/transfer/import', {
    provides: ['application/json', LINES],
    consumes: { POST: ['*'] },
    POST: async (request, response) => {
      knownParameters(request, ['onConflict']);
      const onConflict = oneOfParameter(request, 'onConflict', POLICIES) ?? 'fail';
      if (isImporting) throw busy('an import is');
      isImporting = true;
      const result = await receiveImport(request, response, { ...deps, onConflict }).finally(() => {
        isImporting = false;
        // What the sender still has to say is read and dropped, so that it gets to see the answer.
        request.resume();
      });
      if (response.headersSent) response.end(`${JSON.stringify(result)}\n`);
      else if (mediaTypeOf(response) === LINES) sendLine(response, result);
      else sendJson(response, result);
    },
  });
  return router;
}

async function writeExport(
  response: Response,
  deps: TransferDeps,
  { withSecrets }: { readonly withSecrets: boolean },
): Promise<void> {
  const { firstResultNumber } = deps.results;
  await readSnapshot(deps, async (snapshot) => {
    const options = { withSecrets, now: deps.now(), firstResultNumber };
    let lines = '';
    for await (const record of exportRecords(snapshot, options)) {
      lines += `${JSON.stringify(record)}\n`;
      if (lines.length < WRITTEN_AT_ONCE) continue;
      if (!(await write(response, lines))) return;
      lines = '';
    }
    await write(response, lines);
  });
}

/** False when the reader has gone. */
async function write(response: Response, lines: string): Promise<boolean> {
  if (!response.headersSent) response.setHeader('Content-Type', `${LINES};charset=utf-8`);
  if (response.destroyed) return false;
  if (response.write(lines)) return true;
  try {
    await once(response, 'drain', { signal: AbortSignal.timeout(STALLED_MS) });
    return true;
  } catch {
    response.destroy();
    return false;
  }
}

/** The result; or, when lines of progress are out already, the problem that would have been the answer. */
async function receiveImport(
  request: Request,
  response: Response,
  deps: TransferDeps & { readonly onConflict: OnConflict },
): Promise<object> {
  // Loaded with the first import: the schemas take a tenth of the time a hub needs to start.
  const { spoolImport } = await import('./spool-import.ts');
  const file = await spoolImport(bodyOf(request), { folder: deps.dataDir, limit: IMPORT_LIMIT });
  const { onConflict, results } = deps;
  const onProgress =
    mediaTypeOf(response) === LINES ? progressLines(response, file) : () => undefined;
  try {
    const result = await importFile(deps.db, file, { onConflict, results, onProgress });
    await deps.imported();
    return result;
  } catch (error) {
    if (response.headersSent && error instanceof HubError) return problemLine(error);
    throw error;
  } finally {
    await file.remove();
  }
}

function sendLine(response: Response, body: object): void {
  send(response, { status: 200, type: LINES, text: `${JSON.stringify(body)}\n` });
}

/** The status is out before the end is known; then a last line of type `problem` says what the status would have said. */
function progressLines(response: Response, { records }: SpooledImport) {
  let told = 0;
  return (written: number): void => {
    const now = performance.now();
    if (now - told < PROGRESS_MS && told > 0) return;
    told = now;
    if (!response.headersSent) response.setHeader('Content-Type', `${LINES};charset=utf-8`);
    response.write(`${JSON.stringify({ type: 'progress', written, records })}\n`);
  };
}

function problemLine(error: HubError): object {
  const { status, title } = problemCatalogue[error.code];
  return { type: 'problem', status, title, detail: error.message, ...error.details.extensions };
}

async function* bodyOf(request: Request): AsyncGenerator<Uint8Array> {
  const encoding = request.get('content-encoding')?.toLowerCase() ?? 'identity';
  if (encoding !== 'identity' && encoding !== 'gzip') {
    throw new HubError(
      'UNSUPPORTED_MEDIA_TYPE',
      `The content encoding '${encoding}' is not known; send identity or gzip.`,
    );
  }
  const sent = request.iterator({ destroyOnReturn: false });
  try {
    if (encoding === 'identity') yield* sent;
    else yield* inflated(request);
  } catch (error) {
    throw error instanceof HubError ? error : notReadable(error as Error);
  }
}

function notReadable(cause: Error): HubError {
  const message = `The body could not be read to its end: ${cause.message}; nothing was imported.`;
  return new HubError('INVALID_BODY', message, { cause });
}

async function* inflated(request: Request): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip();
  const fail = (error: Error): void => void gunzip.destroy(error);
  request.once('error', fail);
  request.pipe(gunzip);
  try {
    yield* gunzip;
  } finally {
    request.off('error', fail);
    request.unpipe(gunzip);
  }
}

function busy(what: string): HubError {
  return new HubError('OVERLOADED', `Other ${what} running; try again when that is done.`, {
    headers: { 'retry-after': '5' },
  });
}
