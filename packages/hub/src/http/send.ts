import type { ServerResponse } from 'node:http';

export const HAL_JSON = 'application/hal+json';
export const PROBLEM_JSON = 'application/problem+json';

/** What one answer consists of; `type` gets `;charset=utf-8` when it names none; an empty one is not sent. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const LONG_TEXT = 16_384;

/** Writes a complete answer; express's own `send` costs more and rewrites the content type that clients compare. */
export function send(response: ServerResponse, answer: Answer): void {
  const { text, headers } = answer;
  if (headers !== undefined) {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  }
  if (answer.type !== '') {
    const hasCharset = answer.type.includes('charset');
    response.setHeader('Content-Type', hasCharset ? answer.type : `${answer.type};charset=utf-8`);
  }
  // A text leaves in one piece with the headers; for a long one node would set aside three times its size.
  const body = text.length < LONG_TEXT ? text : Buffer.from(text, 'utf8');
  response.statusCode = answer.status;
  response.setHeader('Content-Length', Buffer.byteLength(body));
  response.end(body);
}

/** A HAL resource as JSON. */
export function sendHal(response: ServerResponse, body: unknown, status = 200): void {
  send(response, { status, type: HAL_JSON, text: JSON.stringify(body) });
}

/** Plain JSON of our own routes. */
export function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  send(response, { status, type: 'application/json', text: JSON.stringify(body) });
}

/** 204, or any other status without a body; 204 and 304 never have one, so that none is announced. */
export function sendEmpty(response: ServerResponse, status = 204): void {
  response.writeHead(status, status === 204 || status === 304 ? {} : { 'Content-Length': 0 });
  response.end();
}
