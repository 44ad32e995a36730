import zlib from 'node:zlib';

type Undo = (content: Buffer, options: { readonly maxOutputLength: number }) => Buffer;

const zstd = (zlib as { readonly zstdDecompressSync?: Undo }).zstdDecompressSync;

const undoing: Readonly<Record<string, Undo | undefined>> = {
  gzip: (content, options) =>
    // Middleware that compresses sits between the guard and the wire when the guard is mounted outside of it.
    content[0] === 0x1f && content[1] === 0x8b ? zlib.gunzipSync(content, options) : content,
  deflate: (content, options) =>
    (content[0] ?? 0) % 16 === 8
      ? zlib.inflateSync(content, options)
      : zlib.inflateRawSync(content, options),
  br: (content, options) => zlib.brotliDecompressSync(content, options),
  zstd,
  identity: (content) => content,
};

/** The body as it was before Content-Encoding; undefined when it cannot be undone or becomes larger than `limit` bytes. */
export function undoCoding(
  content: Buffer,
  coding: string | undefined,
  limit: number,
): Buffer | undefined {
  if (!coding || content.length === 0) return content;
  const names = coding.toLowerCase().split(',').reverse();
  try {
    let plain: Buffer | undefined = content;
    for (const name of names) {
      plain = plain && undoing[name.trim().replace(/^x-/, '')]?.(plain, { maxOutputLength: limit });
    }
    return plain;
  } catch {
    return undefined;
  }
}
