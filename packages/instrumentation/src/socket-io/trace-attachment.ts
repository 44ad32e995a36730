import type { Carrier } from './packet.ts';

// Socket.IO's protocol has no place for metadata, and one more argument would reach the handlers of a peer that does not
// know it. Binary attachments are what it has: an event says how many follow, and its JSON says by placeholders where they
// go. One that no placeholder names is received and dropped by every parser, so a peer that is not instrumented sees the
// event as it was sent; one that is reads the trace context from it.

const event = '2';
const binaryEvent = '5';
const binaryStart = /^5(\d+)-/;

/** Parsers refuse more than ten attachments. */
const mostAttachments = 10;
const largestBytes = 8_192;
const beginning = '{"traceparent"';

/** An event as it is written to the transport: a text and its attachments. Nothing is added to what is no event. */
export function attach(encoded: readonly unknown[], carrier: Carrier): readonly unknown[] {
  const [text, ...attachments] = encoded;
  const { traceparent, ...others } = carrier;
  if (typeof text !== 'string' || traceparent === undefined) return encoded;
  const announced = announceOneMore(text);
  if (announced === undefined) return encoded;
  return [announced, ...attachments, Buffer.from(JSON.stringify({ traceparent, ...others }))];
}

function announceOneMore(text: string): string | undefined {
  if (text.startsWith(event)) return `${binaryEvent}1-${text.slice(1)}`;
  const count = Number(binaryStart.exec(text)?.[1] ?? mostAttachments);
  return count < mostAttachments ? text.replace(binaryStart, `5${count + 1}-`) : undefined;
}

/** The trace context in an attachment; undefined when it is something else. */
export function readAttachment(attachment: unknown): Carrier | undefined {
  const bytes = bytesOf(attachment);
  if (bytes === undefined || bytes.length > largestBytes) return undefined;
  if (bytes.toString('latin1', 0, beginning.length) !== beginning) return undefined;
  try {
    const fields = Object.entries(JSON.parse(bytes.toString()) as object);
    return Object.fromEntries(fields.filter(([, value]) => typeof value === 'string'));
  } catch {
    return undefined;
  }
}

function bytesOf(attachment: unknown): Buffer | undefined {
  if (Buffer.isBuffer(attachment)) return attachment;
  if (attachment instanceof ArrayBuffer) return Buffer.from(attachment);
  if (!ArrayBuffer.isView(attachment)) return undefined;
  return Buffer.from(attachment.buffer, attachment.byteOffset, attachment.byteLength);
}
