/** The body of an answer that had more bytes than allowed. */
export class AnswerTooLargeError extends Error {
  constructor(maxBytes: number) {
    super(`the answer has more than ${maxBytes} bytes`);
    this.name = 'AnswerTooLargeError';
  }
}

/** Reads a body, counting while it comes, because what a length header says need not be true. */
export async function readAnswer(response: Response, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new AnswerTooLargeError(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
