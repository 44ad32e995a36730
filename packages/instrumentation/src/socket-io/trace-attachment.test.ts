import { describe, expect, test } from 'vitest';
import { attach, readAttachment } from './trace-attachment.ts';

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const carrier = { tracestate: 'ot=th:8', traceparent };
const attachment = Buffer.from(JSON.stringify({ traceparent, tracestate: 'ot=th:8' }));

describe('the trace context beside an event', () => {
  test.each([
    { what: 'an event', encoded: ['2["greet",1]'], expected: ['51-["greet",1]', attachment] },
    {
      what: 'an event of a namespace that waits for an answer',
      encoded: ['2/chat,12["greet"]'],
      expected: ['51-/chat,12["greet"]', attachment],
    },
    {
      what: 'a binary event',
      encoded: ['52-["file",{"_placeholder":true,"num":0}]', 'a', 'b'],
      expected: ['53-["file",{"_placeholder":true,"num":0}]', 'a', 'b', attachment],
    },
    {
      what: 'a binary event with as many attachments as parsers take',
      encoded: ['510-["file"]'],
      expected: ['510-["file"]'],
    },
    { what: 'an acknowledgement', encoded: ['31["ok"]'], expected: ['31["ok"]'] },
    { what: 'a connection', encoded: ['0'], expected: ['0'] },
    { what: 'another parser’s bytes', encoded: [attachment], expected: [attachment] },
  ])('$what', ({ encoded, expected }) => {
    expect(attach(encoded, carrier)).toEqual(expected);
  });

  test('is nothing without a traceparent', () => {
    expect(attach(['2["greet"]'], { b3: '1' })).toEqual(['2["greet"]']);
  });

  const bytes = new Uint8Array(attachment);
  test.each([
    { what: 'a Buffer', given: attachment, expected: carrier },
    { what: 'an ArrayBuffer', given: bytes.buffer, expected: carrier },
    { what: 'a view', given: new DataView(bytes.buffer), expected: carrier },
    {
      what: 'members that are no text',
      given: Buffer.from(`{"traceparent":"${traceparent}","n":1}`),
      expected: { traceparent },
    },
    { what: 'content of the application', given: Buffer.from('PNG…'), expected: undefined },
    { what: 'half of it', given: attachment.subarray(0, 30), expected: undefined },
    {
      what: 'megabytes',
      given: Buffer.from(`{"traceparent":"${'0'.repeat(9_000)}"}`),
      expected: undefined,
    },
    { what: 'text', given: attachment.toString(), expected: undefined },
  ])('is read from $what', ({ given, expected }) => {
    expect(readAttachment(given)).toEqual(expected);
  });
});
