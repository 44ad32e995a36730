/** One part; a file is one that has a file name, or no content-disposition at all. */
export interface BodyPart {
  readonly index: number;
  /** Empty where it has none. */
  readonly name: string;
  readonly isFile: boolean;
  readonly contentType: string | undefined;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** After base64 was undone. */
  readonly content: Uint8Array;
}

export type MultipartReading =
  | { readonly kind: 'parts'; readonly parts: readonly BodyPart[] }
  | { readonly kind: 'defect'; readonly defect: string };

const MOST_PARTS = 1000;
const LINE_END = '\r\n';

/** Reads a multipart body (RFC 7578, RFC 2046); never throws. */
export function readMultipart(body: Uint8Array, boundary: string | undefined): MultipartReading {
  if (boundary === undefined || boundary === '') {
    return { kind: 'defect', defect: 'no boundary in content-type' };
  }
  const content = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const parts: BodyPart[] = [];
  const delimiter = `--${boundary}`;
  let at = content.indexOf(delimiter);
  while (at >= 0 && parts.length < MOST_PARTS) {
    at += Buffer.byteLength(delimiter);
    if (content.toString('latin1', at, at + 2) === '--') {
      return { kind: 'parts', parts };
    }
    const end = content.indexOf(LINE_END + delimiter, at);
    const part = end < 0 ? undefined : readPart(content.subarray(at, end), parts.length);
    if (part === undefined) {
      return { kind: 'defect', defect: 'incomplete multipart stream' };
    }
    parts.push(part);
    at = end + LINE_END.length;
  }
  return { kind: 'defect', defect: 'incomplete multipart stream' };
}

/** `bytes`: from the end of the delimiter to the line end before the next one. */
function readPart(bytes: Buffer, index: number): BodyPart | undefined {
  if (bytes.toString('latin1', 0, 2) !== LINE_END) {
    return undefined;
  }
  // Headers begin after the delimiter's line end; a part without any has the empty line at once.
  const end = bytes.indexOf(LINE_END + LINE_END);
  const headers = end < 0 ? undefined : readHeaders(bytes.toString('utf8', 2, Math.max(2, end)));
  if (headers === undefined) {
    return undefined;
  }
  const disposition = headers.get('content-disposition');
  return {
    index,
    name: dispositionParameter(disposition, 'name') ?? '',
    isFile:
      disposition === undefined || dispositionParameter(disposition, 'filename') !== undefined,
    contentType: headers.get('content-type'),
    headers,
    content: decoded(bytes.subarray(end + 4), headers),
  };
}

function readHeaders(text: string): ReadonlyMap<string, string> | undefined {
  const headers = new Map<string, string>();
  for (const line of text.split(LINE_END).filter(Boolean)) {
    const at = line.indexOf(':');
    if (at <= 0) {
      return undefined;
    }
    const name = line.slice(0, at).toLowerCase();
    if (!headers.has(name)) {
      headers.set(name, line.slice(at + 1).trim());
    }
  }
  return headers;
}

/** `name` must not be found inside `filename`. */
function dispositionParameter(disposition: string | undefined, name: string): string | undefined {
  const found = new RegExp(`(?:^|[;\\s])${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\s]*))`, 'i').exec(
    disposition ?? '',
  );
  return found?.[1]?.replaceAll(/\\(.)/g, '$1') ?? found?.[2];
}

function decoded(content: Buffer, headers: ReadonlyMap<string, string>): Uint8Array {
  const isBase64 = headers.get('content-transfer-encoding')?.toLowerCase() === 'base64';
  return isBase64 ? Buffer.from(content.toString('latin1'), 'base64') : content;
}
