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

/** Writes a complete answer; express's own `send` costs more and rewrites the content type that clients compare. */
export function send(response: ServerResponse, answer: Answer): void {
  const bytes = Buffer.from(answer.text, 'utf8');
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  if (answer.type !== '') {
    const hasCharset = answer.type.includes('charset');
    response.setHeader('Content-Type', hasCharset ? answer.type : `${answer.type};charset=utf-8`);
  }
  response.writeHead(answer.status, { 'Content-Length': bytes.length });
  response.end(bytes);
}

/** A HAL resource as JSON. */
export function sendHal(response: ServerResponse, body: unknown, status = 200): void {
  send(response, { status, type: HAL_JSON, text: JSON.stringify(body) });
}

/** Plain JSON of our own routes. */
export function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  send(response, { status, type: 'application/json', text: JSON.stringify(body) });
}

/** 204, or any other status without a body. */
export function sendEmpty(response: ServerResponse, status = 204): void {
  response.writeHead(status, status === 204 ? {} : { 'Content-Length': 0 });
  response.end();
}
