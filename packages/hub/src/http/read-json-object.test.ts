import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { readJsonObject } from './read-json-object.ts';

function requestWith(body: string): IncomingMessage {
  return Object.assign(Readable.from([Buffer.from(body)]), { headers: {} }) as IncomingMessage;
}

test.each([
  ['NUL', '"a\\u0000b"', 'a\ufffdb'],
  ['the first half of a pair', '"a\\ud834b"', 'a\ufffdb'],
  ['the second half of a pair', '"\\uDD1E"', '\ufffd'],
  ['two first halves', '"\\ud834\\ud834"', '\ufffd\ufffd'],
  ['a whole pair', '"\\ud834\\udd1e"', '𝄞'],
  ['a pair after half of one', '"\\ud834\\ud834\\udd1e"', '\ufffd𝄞'],
  ['a backslash before what looks like an escape', '"\\\\u0000"', '\\u0000'],
  ['an escape after a backslash', '"\\\\\\u0000"', '\\\ufffd'],
  ['other escapes', '"\\n\\u00e9\\u0001"', '\né\u0001'],
])('%s in a text is read as what can be stored', async (_caption, text, expected) => {
  const body = await readJsonObject(requestWith(`{"text":${text}}`));
  expect(body.text).toBe(expected);
});
