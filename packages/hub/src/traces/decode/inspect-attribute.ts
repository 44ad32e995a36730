// Hot path: a dozen attributes a span are looked at and nearly all are harmless, so that a key is told by its last three bytes and a
// URL by one scan of its bytes. Whatever is not harmless at a glance is left to redact-message.ts, which is exact.
import { attributeKeys, readAnyValue } from './decode-value.ts';
import type { ProtobufReader } from './protobuf-reader.ts';
import { type SecretPlace, secretNames, secretQueryKeys } from './redact-attribute.ts';
import { maxTextLength } from './span-limits.ts';

/** `harmless`: well-formed, short and without secret; `suspicious`: well-formed, but may have to be rewritten; `unusual`: anything else. */
export type Look = 0 | 1 | 2;
export const harmless: Look = 0;
const suspicious: Look = 1;
export const unusual: Look = 2;

/** One look at the KeyValue between the bounds. */
export function inspectAttribute(bytes: Buffer, start: number, end: number): Look {
  const keyLength = bytes[start + 1] as number;
  const keyEnd = start + 2 + keyLength;
  if (keyLength >= 0x80 || keyEnd + 1 >= end) return unusual;
  if (bytes[start] !== 0x0a || bytes[keyEnd] !== 0x12) return unusual;
  const value = delimitedStart(bytes, keyEnd + 1, end);
  if (value < 0 || !isPlainValue(bytes, value, end)) return unusual;
  if (end - value > maxTextLength) return suspicious;
  if (keyLength < 3 || !endsLikeSecret(bytes, keyEnd)) return harmless;
  const { secret } = attributeKeys.find(bytes, start + 2, keyEnd);
  return secret === 'nowhere' || isClean(bytes, value, { end, secret }) ? harmless : suspicious;
}

/** Where a value whose length ends exactly at `end` begins; -1 when it is none such, or its length needs three bytes. */
function delimitedStart(bytes: Buffer, at: number, end: number): number {
  const first = bytes[at] as number;
  if (first < 0x80) return at + 1 + first === end ? at + 1 : -1;
  const second = bytes[at + 1] as number;
  const length = (first & 0x7f) | (second << 7);
  return second < 0x80 && at + 2 + length === end ? at + 2 : -1;
}

/** An AnyValue of one text, boolean, number or bytes and nothing else; no value at all is one too. */
function isPlainValue(bytes: Buffer, start: number, end: number): boolean {
  if (start === end) return true;
  switch (bytes[start]) {
    case 0x0a:
    case 0x3a:
      return start + 1 < end && delimitedStart(bytes, start + 1, end) >= 0;
    case 0x10:
    case 0x18:
      return isVarint(bytes, start + 1, end);
    case 0x21:
      return end - start === 9;
    default:
      return false;
  }
}

function isVarint(bytes: Buffer, start: number, end: number): boolean {
  if (start === end || end - start > 10) return false;
  let at = start;
  while (at < end - 1 && (bytes[at] as number) >= 0x80) at += 1;
  return at === end - 1 && (bytes[at] as number) < 0x80;
}

const endings = new Uint8Array(4_096);
for (const name of secretNames) {
  const [a = 0, b = 0, c = 0] = Buffer.from(name.slice(-3));
  endings[endingOf(a, b, c)] = 1;
}

function endingOf(a: number, b: number, c: number): number {
  return ((a & 15) << 8) | ((b & 15) << 4) | (c & 15);
}

/** Never no for the name of a secret, in whatever case it is written: letters beyond ASCII count as any. */
function endsLikeSecret(bytes: Buffer, end: number): boolean {
  const a = bytes[end - 3] as number;
  const b = bytes[end - 2] as number;
  const c = bytes[end - 1] as number;
  return endings[endingOf(a, b, c)] === 1 || (a | b | c) >= 0x80;
}

interface Place {
  readonly end: number;
  readonly secret: SecretPlace;
}

/** True when the value certainly holds no secret. */
function isClean(bytes: Buffer, value: number, { end, secret }: Place): boolean {
  if (value === end || bytes[value] !== 0x0a) return false;
  const start = value + ((bytes[value + 1] as number) < 0x80 ? 2 : 3);
  if (secret === 'url') return isCleanUrl(bytes, start, end);
  if (secret === 'query') return isCleanQuery(bytes, start, end);
  return secret === 'statement' && isCleanStatement(bytes, start, end);
}

function isCleanUrl(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at];
    if (byte === 0x40) return false;
    if (byte === 0x3f) return isCleanQuery(bytes, at + 1, end);
  }
  return true;
}

const longestQueryKey = 31;
const queryKeys = new Uint8Array(1_024);
for (const key of secretQueryKeys) queryKeys[(key.length << 5) | (key.charCodeAt(0) & 31)] = 1;

/** By length and first letter of each key; a key that is escaped, or begins with `?` inside the query, is for the exact judge. */
function isCleanQuery(bytes: Buffer, start: number, end: number): boolean {
  let keyStart = bytes[start] === 0x3f ? start + 1 : start;
  for (let at = keyStart; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (byte === 0x26) keyStart = at + 1;
    if (keyStart < 0 || !isTelling(byte)) continue;
    if (byte !== 0x3d || isLikeSecretKey(bytes, keyStart, at)) return false;
    keyStart = -1;
  }
  return true;
}

/** The end of a key, or a byte that makes it one for the exact judge. */
function isTelling(byte: number): boolean {
  return byte === 0x3d || byte === 0x25 || byte === 0x3f || byte >= 0x80;
}

function isLikeSecretKey(bytes: Buffer, start: number, end: number): boolean {
  const length = end - start;
  return (
    length <= longestQueryKey && queryKeys[(length << 5) | ((bytes[start] as number) & 31)] === 1
  );
}

/** Neither quotes nor digits: nothing that could be a literal. */
function isCleanStatement(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (byte === 0x22 || byte === 0x27 || (byte >= 0x30 && byte <= 0x39)) return false;
  }
  return true;
}

/** The slow look at what is `unusual`: throws `DecodeError` when something is broken. The cursor stands at the KeyValue's first byte. */
export function inspectUnusual(reader: ProtobufReader, end: number): Look {
  const outer = reader.end;
  let look = end - reader.at > maxTextLength ? suspicious : harmless;
  reader.end = end;
  while (reader.next()) {
    if (reader.wire !== 2 || reader.field > 2) reader.skip();
    else if (reader.field === 2) skimValue(reader);
    else {
      const keyEnd = reader.lengthEnd();
      const { secret } = attributeKeys.find(reader.bytes, reader.at, keyEnd);
      if (secret !== 'nowhere') look = suspicious;
      reader.at = keyEnd;
    }
  }
  reader.end = outer;
  return look;
}

/** Finds what is broken now, so that whoever decodes the value later cannot stumble. */
function skimValue(reader: ProtobufReader): void {
  const outer = reader.end;
  const start = reader.at;
  const end = reader.lengthEnd();
  reader.end = end;
  let isNested = false;
  while (reader.next()) {
    isNested ||= reader.field === 5 || reader.field === 6;
    reader.skip();
  }
  reader.end = outer;
  if (!isNested) return;
  reader.at = start;
  readAnyValue(reader, 0);
}
