// Hot path: half of all spans are halves of calls, and of their dozen attributes half tell something. Attributes in the form that every
// sender writes are read inline; all others go through ProtobufReader.
import type { AttributeValue, CallValues } from '@concordat/domain';
import { attributeKeys, readAnyValue, readText } from './decode-value.ts';
import { ProtobufReader } from './protobuf-reader.ts';

export interface Bounds {
  readonly start: number;
  readonly end: number;
}

/** Of the Span message between the bounds, which was checked when it came in. The last attribute of a key wins. */
export function readCallValues(bytes: Buffer, { start, end }: Bounds, into: CallValues): void {
  const reader = new ProtobufReader(bytes, start, end);
  while (reader.next()) {
    if (reader.wire !== 2) reader.skip();
    else {
      const to = reader.lengthEnd();
      if (reader.field === 9) readCallValue(reader, to, into);
      reader.at = to;
    }
  }
}

function readCallValue(reader: ProtobufReader, end: number, into: CallValues): void {
  const { bytes, at } = reader;
  const keyLength = bytes[at + 1] as number;
  const keyEnd = at + 2 + keyLength;
  if (bytes[at] !== 0x0a || keyLength >= 0x80 || bytes[keyEnd] !== 0x12) {
    readUnusual(reader, end, into);
    return;
  }
  const { callPlace } = attributeKeys.find(bytes, at + 2, keyEnd);
  if (callPlace < 0) return;
  reader.at = keyEnd + 1;
  into[callPlace] = readValue(reader);
}

/** A short text is most of them. */
function readValue(reader: ProtobufReader): AttributeValue {
  const { bytes, at } = reader;
  const length = bytes[at] as number;
  const textLength = bytes[at + 2] as number;
  if (length < 0x80 && bytes[at + 1] === 0x0a && textLength + 2 === length)
    return readText(bytes, at + 3, at + 3 + textLength);
  return readAnyValue(reader, 0);
}

function readUnusual(reader: ProtobufReader, end: number, into: CallValues): void {
  const outer = reader.end;
  reader.end = end;
  let place = -1;
  let value: AttributeValue = null;
  while (reader.next()) {
    if (reader.field === 2 && reader.wire === 2) value = readAnyValue(reader, 0);
    else if (reader.field === 1 && reader.wire === 2) {
      const keyEnd = reader.lengthEnd();
      place = attributeKeys.find(reader.bytes, reader.at, keyEnd).callPlace;
      reader.at = keyEnd;
    } else reader.skip();
  }
  reader.end = outer;
  if (place >= 0) into[place] = value;
}
