// Nothing is subscribed to and nothing is read: a listener for 'data' would make a stream flow. The functions through which
// bytes pass anyhow are stood before on the one object, call the original with the very same arguments, and return what it returns.
import type { IncomingMessage, OutgoingMessage } from 'node:http';
import type { CapturedBody } from './captured-body.ts';

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** Sees every byte that the HTTP parser hands to this message, whoever reads it or not. */
export function observeIncoming(message: IncomingMessage, body: CapturedBody): void {
  if (message.complete || message.readableDidRead || message.readableLength > 0) body.lose();
  else standBefore(message, 'push', (chunk, encoding) => body.add(chunk, encoding));
}

/** Of a request; an answer may have one that ends with the connection and is not announced. */
export function announcesBody({ headers }: IncomingMessage): boolean {
  const length = headers['content-length'];
  return headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

/** Sees every byte that is written into an outgoing message, and the headers that `writeHead` is given. */
export function observeOutgoing(
  message: OutgoingMessage,
  body: CapturedBody,
  onHead?: (headers: unknown) => void,
): void {
  if (message.headersSent) body.lose();
  standBefore(message, 'write', (chunk, encoding) => body.add(chunk, encoding));
  standBefore(message, 'end', (chunk, encoding) => body.add(chunk, encoding));
  if (onHead !== undefined)
    standBefore(message, 'writeHead', (...args) => onHead(args.slice(1).find(isHeaders)));
}

function isHeaders(argument: unknown): boolean {
  return typeof argument === 'object' && argument !== null;
}

/** `see` gets the arguments first; what it throws is nobody's matter. */
function standBefore(target: object, name: string, see: (...args: unknown[]) => void): void {
  const original: unknown = Reflect.get(target, name);
  if (typeof original !== 'function') return;
  const value: Method = function (this: unknown, ...args) {
    try {
      see(...args);
    } catch {
      // The host's call goes on as if nobody looked.
    }
    return (original as Method).apply(this, args);
  };
  Object.defineProperty(target, name, {
    value,
    configurable: true,
    writable: true,
    enumerable: false,
  });
}
