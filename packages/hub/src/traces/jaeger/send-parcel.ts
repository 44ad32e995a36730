import { ProtobufReader } from '../decode/protobuf-reader.ts';
import type { JaegerEndpoint } from './jaeger-endpoint.ts';
import { AnswerTooLargeError, readAnswer } from './read-answer.ts';

/** What became of one request; `problem` goes on from "Jaeger at URL …". */
export type SendOutcome =
  | { readonly kind: 'taken'; readonly rejectedSpans: number; readonly message: string }
  | { readonly kind: 'again'; readonly problem: string; readonly waitMs: number }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'refused'; readonly problem: string };

export interface Sending {
  readonly endpoint: JaegerEndpoint;
  readonly signal: AbortSignal;
  readonly now: Date;
}

const retryable = new Set([429, 502, 503, 504]);
const maxAnswerBytes = 4 * 1024 * 1024;
/** Whoever asks for more would find the queue long overrun. */
const maxWaitMs = 300_000;

/** Sends one gzipped request by OTLP over HTTP; never throws. */
export async function sendParcel(body: Buffer, sending: Sending): Promise<SendOutcome> {
  const { endpoint, signal, now } = sending;
  try {
    const response = await fetch(endpoint.url, {
      method: 'POST',
      headers: {
        ...endpoint.headers,
        'content-type': 'application/x-protobuf',
        'content-encoding': 'gzip',
      },
      body,
      // Another address would get the spans and credentials that were meant for this one.
      redirect: 'manual',
      signal,
    });
    const answer = await readAnswer(response, maxAnswerBytes);
    return judge(response, { answer, now });
  } catch (error) {
    if (error instanceof AnswerTooLargeError) return { kind: 'refused', problem: noReceipt };
    return { kind: 'again', problem: `cannot be reached: ${reasonOf(error)}`, waitMs: 0 };
  }
}

function reasonOf(error: unknown): string {
  const { cause, message } = error as Error;
  return cause instanceof Error && cause.message !== '' ? cause.message : message;
}

function judge(
  response: Response,
  { answer, now }: { readonly answer: Buffer; readonly now: Date },
): SendOutcome {
  const { status, headers } = response;
  if (response.ok) return readReceipt(response, answer);
  if (status === 413) return { kind: 'too-large' };
  const problem = `answered ${status}`;
  if (!retryable.has(status)) return { kind: 'refused', problem };
  return { kind: 'again', problem, waitMs: waitOf(headers.get('retry-after'), now) };
}

/** Retry-After in seconds or as a date, in milliseconds from now; 0 when it says nothing. */
function waitOf(text: string | null, now: Date): number {
  if (text === null) return 0;
  const waitMs = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now.getTime();
  return Number.isNaN(waitMs) ? 0 : Math.min(Math.max(0, waitMs), maxWaitMs);
}

/** Something else than an ExportTraceServiceResponse says that nobody there reads spans: they are not counted as taken. */
function readReceipt(response: Response, answer: Buffer): SendOutcome {
  const type = response.headers.get('content-type') ?? '';
  const isProtobuf = answer.length === 0 || type.startsWith('application/x-protobuf');
  const receipt = isProtobuf ? partialSuccess(answer) : undefined;
  if (receipt !== undefined) return { kind: 'taken', ...receipt };
  return { kind: 'refused', problem: noReceipt };
}

const noReceipt = 'answered with something that is no OTLP answer';

interface PartialSuccess {
  readonly rejectedSpans: number;
  readonly message: string;
}

function partialSuccess(answer: Buffer): PartialSuccess | undefined {
  let result: PartialSuccess = { rejectedSpans: 0, message: '' };
  try {
    const reader = new ProtobufReader(answer);
    while (reader.next()) {
      if (reader.field === 1 && reader.wire === 2) result = readPartial(reader.view());
      else reader.skip();
    }
    return result;
  } catch {
    return undefined;
  }
}

function readPartial(bytes: Buffer): PartialSuccess {
  const reader = new ProtobufReader(bytes);
  let rejectedSpans = 0;
  let message = '';
  while (reader.next()) {
    if (reader.field === 1 && reader.wire === 0) rejectedSpans = Number(reader.int64());
    else if (reader.field === 2 && reader.wire === 2) message = reader.string();
    else reader.skip();
  }
  return { rejectedSpans: Math.max(0, rejectedSpans), message };
}
