import { DecodeError } from './decode-error.ts';
import { ThriftCompactReader } from './thrift-compact-reader.ts';
import { thriftTypes } from './thrift-reader.ts';

/** Clients send `oneway`; some old ones send `call`, and never get an answer. */
const messageTypes: ReadonlySet<number> = new Set([1, 4]);
const method = 'emitBatch';
const compactProtocol = 0x82;
const maxNameBytes = 64;

/**
 * The `Batch` that a message `emitBatch` to Jaeger's agent carries, bare and in the binary protocol. The message may be in the
 * binary protocol, with the strict header or the old one, or in the compact protocol: its first byte tells. Throws
 * `DecodeError` for anything else.
 */
export function readThriftMessage(message: Buffer): Buffer {
  const args =
    message[0] === compactProtocol ? compactArguments(message) : binaryArguments(message);
  const isBatch = args[0] === thriftTypes.struct && args.readInt16BE(1) === 1;
  if (!isBatch) throw new DecodeError(`The message ${method} has no batch.`);
  return args.subarray(3);
}

function compactArguments(message: Buffer): Buffer {
  const reader = new ThriftCompactReader(message, 1);
  const head = reader.byte();
  if ((head & 0x1f) !== 1) throw reader.error(`the version ${head & 0x1f}`);
  reader.varint();
  checkHeader(reader.text(), head >> 5);
  return atLeastAnId(reader.struct());
}

function binaryArguments(message: Buffer): Buffer {
  if (message.length < 4) throw tooShort();
  const isStrict = message[0] === 0x80;
  if (isStrict && message[1] !== 1) throw new DecodeError('Not a Thrift message of version 1.');
  const nameAt = isStrict ? 8 : 4;
  const nameEnd = nameAt + nameLength(message, nameAt - 4);
  const argumentsAt = nameEnd + (isStrict ? 4 : 5);
  if (message.length < argumentsAt) throw tooShort();
  const type = isStrict ? message[3] : message[nameEnd];
  checkHeader(message.toString('utf8', nameAt, nameEnd), type ?? 0);
  return atLeastAnId(message.subarray(argumentsAt));
}

function nameLength(message: Buffer, at: number): number {
  if (message.length < at + 4) throw tooShort();
  const length = message.readInt32BE(at);
  if (length < 0 || length > maxNameBytes) throw new DecodeError('Not a Thrift message.');
  return length;
}

function checkHeader(name: string, type: number): void {
  if (name !== method)
    throw new DecodeError(`The message ${JSON.stringify(name)} is not known; send ${method}.`);
  if (!messageTypes.has(type)) throw new DecodeError(`The message type ${type} is not known.`);
}

function atLeastAnId(args: Buffer): Buffer {
  if (args.length < 3) throw tooShort();
  return args;
}

function tooShort(): DecodeError {
  return new DecodeError('The Thrift message is cut off.');
}
