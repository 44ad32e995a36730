import type { IncomingMessage } from 'node:http';
import { HubError } from '../../http/hub-error.ts';
import { readBody } from '../../http/read-body.ts';
import { spansOf } from '../decode/column-batch.ts';
import { DecodeError } from '../decode/decode-error.ts';
import { decodeOtlpJson } from '../decode/decode-otlp-json.ts';
import type { ReceivedSpan } from '../decode/received-span.ts';
import { QuestionError } from './question.ts';
import { tellTrace } from './tell-trace.ts';
import type { ToldTrace } from './told-span.ts';

/** Decoding is one piece of work that everybody waits for: a file of this size takes some tenths of a second. */
const maxBytes = 16 * 1024 * 1024;

/**
 * The traces in a body of OTLP/JSON, read as if they were sent to be stored: within the same bounds, and without secrets.
 * What could not be read is told with each of them; nothing is kept.
 */
export async function transformOtlp(request: IncomingMessage): Promise<readonly ToldTrace[]> {
  const batch = decode(await bodyOf(request));
  const { rejected, reasons } = batch;
  const spans = spansOf(batch);
  const lost = reasons.map((reason) => `Not read from the file: ${reason}.`);
  if (spans.length === 0 && rejected > 0)
    throw new QuestionError(`No span could be read: ${reasons.join('; ')}.`);
  const byTrace = new Map<string, ReceivedSpan[]>();
  for (const span of spans) {
    const known = byTrace.get(span.traceId);
    if (known === undefined) byTrace.set(span.traceId, [span]);
    else known.push(span);
  }
  return [...byTrace].map(([traceId, own]) => {
    const told = tellTrace({ traceId, spans: own }, { raw: false });
    return { ...told, warnings: [...lost, ...told.warnings] };
  });
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  try {
    return await readBody(request, maxBytes);
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    const status = error.code === 'BODY_TOO_LARGE' ? 413 : 400;
    throw new QuestionError(error.message, { status, cause: error });
  }
}

function decode(body: Buffer): ReturnType<typeof decodeOtlpJson> {
  try {
    return decodeOtlpJson(body);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new QuestionError(error.message, { cause: error });
  }
}
