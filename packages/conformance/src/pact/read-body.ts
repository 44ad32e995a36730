import type { PromisedBody } from '../bodies/compile-body.ts';
import { bodyKindOf, mediaTypeOf, parseMediaType } from '../bodies/media-type.ts';
import { jsonText } from '../json/json-text.ts';
import { isRecord, type Json } from '../json/json-value.ts';
import { readJson } from '../json/read-json.ts';
import type { BodyNotation } from './pact-model.ts';

export interface BodyReading {
  /** Of the part's header or metadata. */
  readonly contentType: string | undefined;
  readonly notation: BodyNotation;
}

/** A body or contents as a pact writes them, as the bytes that are promised. */
export function readBody(body: unknown, reading: BodyReading): PromisedBody {
  if (body === undefined) {
    return { kind: 'missing' };
  }
  return reading.notation === 'wrapped'
    ? readWrapped(body as Json, reading)
    : readBare(body as Json, reading.contentType);
}

function readBare(body: Json, contentType: string | undefined): PromisedBody {
  if (body === null) {
    return { kind: 'null', contentType };
  }
  if (typeof body !== 'string') {
    return present(jsonText(body), contentType);
  }
  return body === '' ? { kind: 'empty', contentType } : textBody(body, contentType);
}

/** A text stands for itself, for JSON in which it is a text, or for bytes. */
function textBody(body: string, contentType: string | undefined): PromisedBody {
  switch (bodyKindOf(mediaTypeOf(contentType, Buffer.from(body)))) {
    case 'json':
      return present(standsForItself(body) ? body : JSON.stringify(body), contentType);
    case 'binary':
    case 'multipart':
      return { kind: 'present', contentType, content: fromBase64(body) ?? Buffer.from(body) };
    default:
      return present(body, contentType);
  }
}

/** Of texts that are JSON, only texts and objects are taken for it. */
function standsForItself(body: string): boolean {
  const reading = readJson(body);
  return reading.ok && (typeof reading.value === 'string' || isRecord(reading.value));
}

const BODY_ATTRIBUTES = new Set(['contentType', 'encoded', 'contentTypeHint']);

function readWrapped(body: Json, reading: BodyReading): PromisedBody {
  if (body === null) {
    return { kind: 'null', contentType: reading.contentType };
  }
  if (!isRecord(body)) {
    return present(typeof body === 'string' ? body : jsonText(body), reading.contentType);
  }
  if (!('content' in body)) {
    // Some writers leave out the wrapper; then the object is what is sent.
    return Object.keys(body).every((key) => BODY_ATTRIBUTES.has(key))
      ? { kind: 'missing' }
      : present(jsonText(body), reading.contentType);
  }
  const { content = null, encoded = false, contentType } = body;
  const type = typeof contentType === 'string' ? contentType : reading.contentType;
  return readContent(content, { type, encoded });
}

function readContent(
  content: Json,
  { type, encoded }: { readonly type: string | undefined; readonly encoded: Json },
): PromisedBody {
  if (content === null) {
    return { kind: 'null', contentType: type };
  }
  if (content === '') {
    return { kind: 'empty', contentType: type };
  }
  if (typeof content !== 'string') {
    return present(jsonText(content), type);
  }
  if (typeof encoded === 'string' && encoded.toLowerCase() === 'base64') {
    return {
      kind: 'present',
      contentType: type,
      content: fromBase64(content) ?? Buffer.from(content),
    };
  }
  // Not encoded, a text that is said to be JSON is JSON's text; raw JSON says that it is encoded as such.
  const isJson = type !== undefined && bodyKindOf(parseMediaType(type)) === 'json';
  return present(isJson && encoded === false ? JSON.stringify(content) : content, type);
}

function present(text: string, contentType: string | undefined): PromisedBody {
  return { kind: 'present', contentType, content: Buffer.from(text) };
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function fromBase64(text: string): Uint8Array | undefined {
  const packed = text.replaceAll(/\s/g, '');
  return packed.length > 0 && BASE64.test(packed) ? Buffer.from(packed, 'base64') : undefined;
}
