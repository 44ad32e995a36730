import { detectMediaType, mediaTypeText } from './media-type.ts';

interface Signature {
  readonly type: string;
  readonly at?: number;
  readonly bytes: string;
  /** Containers (RIFF, ISO media) say only further in what they hold. */
  readonly inside?: { readonly at: number; readonly bytes: string };
}

/** First bytes (as Latin-1 text) of the formats that contracts carry; the more special ones first. */
const SIGNATURES: readonly Signature[] = [
  { type: 'image/png', bytes: '\x89PNG\r\n\x1a\n' },
  { type: 'image/png', bytes: '\x89PNG' },
  { type: 'image/jpeg', bytes: '\xff\xd8\xff' },
  { type: 'image/gif', bytes: 'GIF' },
  { type: 'image/webp', bytes: 'RIFF', inside: { at: 8, bytes: 'WEBP' } },
  { type: 'image/bmp', bytes: 'BM' },
  { type: 'image/tiff', bytes: 'II*\x00' },
  { type: 'image/tiff', bytes: 'MM\x00*' },
  { type: 'image/vnd.microsoft.icon', bytes: '\x00\x00\x01\x00' },
  { type: 'image/vnd.adobe.photoshop', bytes: '8BPS' },
  { type: 'application/pdf', bytes: '%PDF' },
  { type: 'application/zip', bytes: 'PK\x03\x04' },
  { type: 'application/zip', bytes: 'PK\x05\x06' },
  { type: 'application/gzip', bytes: '\x1f\x8b\x08' },
  { type: 'application/x-bzip2', bytes: 'BZh' },
  { type: 'application/x-xz', bytes: '\xfd7zXZ\x00' },
  { type: 'application/zstd', bytes: '\x28\xb5\x2f\xfd' },
  { type: 'application/x-7z-compressed', bytes: "7z\xbc\xaf'\x1c" },
  { type: 'application/vnd.rar', bytes: 'Rar!\x1a\x07' },
  { type: 'application/x-tar', at: 257, bytes: 'ustar' },
  { type: 'application/rtf', bytes: '{\\rtf' },
  { type: 'application/postscript', bytes: '%!' },
  { type: 'application/wasm', bytes: '\x00asm' },
  { type: 'application/vnd.sqlite3', bytes: 'SQLi' },
  { type: 'application/font-woff', bytes: 'wOFF\x00\x01\x00\x00' },
  { type: 'application/font-woff', bytes: 'wOF2\x00\x01\x00\x00' },
  { type: 'audio/mpeg', bytes: 'ID3' },
  { type: 'audio/mpeg', bytes: '\xff\xfb' },
  { type: 'audio/ogg', bytes: 'OggS' },
  { type: 'audio/x-flac', bytes: 'fLaC' },
  { type: 'audio/x-wav', bytes: 'RIFF', inside: { at: 8, bytes: 'WAVE' } },
  { type: 'audio/midi', bytes: 'MThd' },
  { type: 'audio/m4a', at: 4, bytes: 'ftypM4A' },
  { type: 'video/quicktime', at: 4, bytes: 'ftypqt  ' },
  { type: 'video/mp4', at: 4, bytes: 'ftyp' },
  { type: 'video/webm', bytes: '\x1a\x45\xdf\xa3' },
  { type: 'video/x-msvideo', bytes: 'RIFF', inside: { at: 8, bytes: 'AVI' } },
  { type: 'text/xml', bytes: '<?xml' },
  { type: 'text/x-shellscript', bytes: '#!' },
];

const HTML =
  /^\s*(?:<!doctype html|<html|<head|<body|<title|<h1|<div|<p|<table|<script|<style|<iframe|<font|<a|<b|<br|<!--)[\s>]/i;

/** The content type that bytes are by their signature, else plain text or bytes. */
function detectContentType(bytes: Uint8Array): string {
  const start = Buffer.from(bytes.subarray(0, 512)).toString('latin1');
  const signature = SIGNATURES.find(
    ({ at = 0, bytes: first, inside }) =>
      start.startsWith(first, at) &&
      (inside === undefined || start.startsWith(inside.bytes, inside.at)),
  );
  if (signature !== undefined) {
    return signature.type;
  }
  if (HTML.test(start)) {
    return 'text/html';
  }
  return start.includes('\0') ? 'application/octet-stream' : 'text/plain';
}

/** What a contentType rule says of bytes; nothing when they are of the type. A plain text may also be what it looks like. */
export function contentTypeVerdict(bytes: Uint8Array, expected: string): string | undefined {
  const detected = detectContentType(bytes);
  const looksLike = detected === 'text/plain' ? mediaTypeText(detectMediaType(bytes)) : detected;
  return detected === expected || looksLike === expected
    ? undefined
    : `Expected binary contents to have content type '${expected}' but detected contents was '${looksLike === '*/*' ? detected : looksLike}'`;
}
