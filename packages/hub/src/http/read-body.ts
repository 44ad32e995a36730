import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip as gunzipCallback, inflate as inflateCallback } from 'node:zlib';
import { HubError } from './hub-error.ts';

const MEBIBYTE = 1_048_576;
const gunzip = promisify(gunzipCallback);
const inflateDeflate = promisify(inflateCallback);

/** Contracts and everything else that is not telemetry. */
const CONTRACT_BODY_LIMIT = 10 * MEBIBYTE;

/**
 * The whole body, inflated when it is gzip or deflate. More than `limit` bytes, as announced, as sent or after
 * inflating, is refused as soon as it shows; what the client still sends is read and dropped, so that it gets to see the
 * answer.
 */
export async function readBody(
  request: IncomingMessage,
  limit: number = CONTRACT_BODY_LIMIT,
): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
  const encoding = request.headers['content-encoding']?.toLowerCase() ?? 'identity';
  if (encoding === 'identity') return collect(request, limit);
  if (encoding === 'gzip' || encoding === 'deflate')
    return inflate(await collect(request, limit), encoding, limit);
  throw new HubError(
    'UNSUPPORTED_MEDIA_TYPE',
    `The content encoding '${encoding}' is not known; send identity, gzip or deflate.`,
  );
}

/** The body as text; bytes that are not UTF-8 are refused with the place of the first. */
export async function readText(
  request: IncomingMessage,
  limit: number = CONTRACT_BODY_LIMIT,
): Promise<string> {
  return decodeUtf8(await readBody(request, limit));
}

/** Strict UTF-8; the refusal names the character before which the first bad byte stands. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch (error) {
    throw notUtf8(bytes, error);
  }
}

async function inflate(
  packed: Buffer,
  encoding: 'gzip' | 'deflate',
  limit: number,
): Promise<Buffer> {
  try {
    return await (encoding === 'gzip' ? gunzip : inflateDeflate)(packed, {
      maxOutputLength: limit,
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limit);
    throw notInflatable(encoding, error as Error);
  }
}

function collect(source: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let seen = 0;
    const settle = (finish: () => void): void => {
      source.off('data', onData).off('end', onEnd).off('error', onError).off('aborted', onAborted);
      finish();
      source.resume();
    };
    const onData = (chunk: Buffer): void => {
      seen += chunk.length;
      if (seen > limit) settle(() => reject(tooLarge(limit)));
      else chunks.push(chunk);
    };
    const onEnd = (): void =>
      settle(() => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    const onError = (error: Error): void =>
      settle(() =>
        reject(
          new HubError('INVALID_BODY', 'The body could not be read to its end.', { cause: error }),
        ),
      );
    const onAborted = (): void => onError(new Error('The client went away.'));
    source.on('data', onData).on('end', onEnd).on('error', onError).on('aborted', onAborted);
  });
}

function tooLarge(limit: number): HubError {
  return new HubError('BODY_TOO_LARGE', `The body is larger than ${limit} bytes; send less.`);
}

/** A body that should be JSON and is not, in the broker's words. */
export function invalidJson(detail: string, cause?: unknown): HubError {
  return new HubError('INVALID_JSON', `JSON::ParserError - ${detail}`, { cause });
}

function notUtf8(bytes: Uint8Array, cause: unknown): HubError {
  const valid = new TextDecoder('utf-8').decode(bytes).split('\uFFFD', 1)[0] ?? '';
  const message = `Request body has a non UTF-8 character at char ${valid.length + 1} and cannot be parsed as JSON. Fragment preceding invalid character is: '${valid.slice(-30)}'`;
  return new HubError('INVALID_JSON', message, { cause });
}

function notInflatable(encoding: string, cause: Error): HubError {
  const message = `The body is not complete ${encoding} data: ${cause.message}.`;
  return new HubError('INVALID_BODY', message, { cause });
}
