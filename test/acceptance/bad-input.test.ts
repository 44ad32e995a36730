import { request as sendRequest } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aContract, aPublication, ask } from './publishing.ts';
import { startTestHub, type TestHub } from './start-hub.ts';

let hub: TestHub;

beforeAll(async () => {
  hub = await startTestHub();
});

afterAll(() => hub.close());

const deep = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

describe('a publication that cannot be published', () => {
  const one = (changes: object, content?: string) => ({
    contracts: [aContract({ ...changes }, content)],
  });

  test.each<[string, Record<string, unknown>, Record<string, readonly string[]>]>([
    [
      'blank names',
      { pacticipantName: ' ' },
      {
        pacticipantName: ['cannot be blank'],
        contracts: ["consumerName ('web') must match pacticipantName (' ') (at index 0)"],
      },
    ],
    [
      'a version over two lines',
      { pacticipantVersionNumber: '1\n2' },
      { pacticipantVersionNumber: ['cannot contain multiple lines'] },
    ],
    [
      'a name that is a number',
      { pacticipantVersionNumber: 1 },
      { pacticipantVersionNumber: ['must be a string'] },
    ],
    [
      'null for a name',
      { pacticipantVersionNumber: null },
      { pacticipantVersionNumber: ['must be filled'] },
    ],
    ['an odd branch', { branch: 1 }, { branch: ['must be a string'] }],
    ['an odd build URL', { buildUrl: 1 }, { buildUrl: ['must be a string'] }],
    ['blank tags', { tags: ['', 'ok'] }, { tags: ['must be filled (at index 0)'] }],
    ['no list of contracts', { contracts: {} }, { contracts: ['must be an array'] }],
    [
      'a contract that is none',
      { contracts: [1, null] },
      { contracts: ['must be a hash (at index 0)', 'must be a hash (at index 1)'] },
    ],
    [
      'broken base64',
      one({ content: 'a%%' }),
      {
        contracts: [
          'is not valid Base64 (at index 0)',
          'content could not be parsed as application/json (at index 0)',
        ],
      },
    ],
    [
      'content that is not JSON',
      one({}, '{'),
      { contracts: ['content could not be parsed as application/json (at index 0)'] },
    ],
    [
      'content nested too deep',
      one({}, `{"interactions":${deep(60)}}`),
      { contracts: ['content could not be parsed as application/json (at index 0)'] },
    ],
    [
      'content that is a list',
      one({}, '[]'),
      { contracts: ['parsed content was expected to be a Hash but was a Array (at index 0)'] },
    ],
    [
      'content that is null',
      one({}, 'null'),
      { contracts: ['parsed content was expected to be a Hash but was a NilClass (at index 0)'] },
    ],
    [
      'content that is a word',
      one({}, 'true'),
      { contracts: ['parsed content was expected to be a Hash but was a TrueClass (at index 0)'] },
    ],
    [
      'content that is a number',
      one({}, '1'),
      { contracts: ['parsed content was expected to be a Hash but was a Numeric (at index 0)'] },
    ],
    [
      'content that is text',
      one({}, '"x"'),
      { contracts: ['parsed content was expected to be a Hash but was a String (at index 0)'] },
    ],
    [
      'another specification',
      one({ specification: null }),
      { contracts: ['specification must be filled (at index 0)'] },
    ],
    [
      'another provider inside',
      one({ providerName: 'other' }),
      {
        contracts: [
          "provider name in contract content ('shop') must match providerName in contract params ('other') (at index 0)",
        ],
      },
    ],
  ])('%s', async (...[, changes, errors]) => {
    const { status, body } = await ask(hub, 'POST /contracts/publish', {
      json: aPublication(changes),
    });
    expect([status, body.errors]).toEqual([400, errors]);
  });

  test('problems are told as RFC 9457 says to those who ask', async () => {
    const headers = { accept: 'application/hal+json, application/problem+json' };
    const answer = await ask(hub, 'POST /contracts/publish', { json: {}, headers });
    expect(answer.headers.get('content-type')).toBe('application/problem+json;charset=utf-8');
    expect(answer.body.errors[0]).toEqual({
      type: `${hub.url}/problems/missing-body-property`,
      title: 'Invalid body parameter',
      detail: 'is missing',
      pointer: '/pacticipantName',
    });
  });

  test('nothing of them is kept', async () => {
    expect((await ask(hub, 'GET /pacticipants')).body.pacticipants).toEqual([]);
  });
});

describe('a request that no route can read', () => {
  const PACT = '/pacts/provider/shop/consumer/web/version/1';
  const json = { 'content-type': 'application/json' };

  test.each<[string, string, object, number]>([
    ['a cut body', `PUT ${PACT}`, { raw: '{"a"' }, 400],
    ['no body', `PUT ${PACT}`, { raw: '', headers: json }, 400],
    ['a list for a pact', `PUT ${PACT}`, { raw: '[]' }, 400],
    ['deep JSON for a pact', `PUT ${PACT}`, { raw: deep(1_000_000) }, 400],
    ['deep JSON elsewhere', 'POST /pacticipants', { raw: deep(100_000) }, 400],
    ['bytes that are not UTF-8', `PUT ${PACT}`, { raw: new Uint8Array([0x7b, 0xe9]) }, 400],
    ['other names inside', `PUT ${PACT}`, { json: { consumer: { name: 'x' } } }, 400],
    [
      'cut gzip',
      `PUT ${PACT}`,
      { raw: gzipSync('{}').subarray(0, 12), headers: { 'content-encoding': 'gzip' } },
      400,
    ],
    [
      'an unknown encoding',
      `PUT ${PACT}`,
      { raw: '{}', headers: { 'content-encoding': 'br' } },
      415,
    ],
    [
      'another content type',
      `PUT ${PACT}`,
      { raw: '{}', headers: { 'content-type': 'text/plain' } },
      415,
    ],
    [
      'a merge patch where none fits',
      'PUT /pacticipants/a',
      { json: {}, headers: { 'content-type': 'application/merge-patch+json' } },
      415,
    ],
    [
      'an Accept that cannot be met',
      'GET /pacticipants',
      { headers: { accept: 'text/plain' } },
      406,
    ],
    ['an unknown method', 'DELETE /pacticipants', {}, 405],
    ['HEAD', 'HEAD /pacticipants', {}, 405],
    ['an empty path part', 'GET /pacticipants//versions', {}, 404],
    ['a new line in the path', 'GET /pacticipants/a%0Ab', {}, 422],
    ['broken percent-encoding', 'GET /pacticipants/%E0%A4%A', {}, 404],
    ['an odd page', 'GET /pacticipants?page=x', {}, 400],
    ['a page below 1', 'GET /pacticipants?size=0', {}, 400],
    ['a path nobody knows', 'GET /nowhere', {}, 404],
  ])('%s', async (...[, target, options, status]) => {
    expect((await ask(hub, target, options)).status).toBe(status);
  });

  test('gzip and deflate are read', async () => {
    const headers = { 'content-encoding': 'gzip' };
    const raw = gzipSync('{"name":"zipped"}');
    const answer = await ask(hub, 'POST /pacticipants', { raw, headers });
    expect(answer.status).toBe(201);
  });

  test('methods are named where they are asked for', async () => {
    const options = await ask(hub, 'OPTIONS /');
    expect(options.headers.get('access-control-allow-methods')).toBe('GET, OPTIONS');
    expect((await ask(hub, 'DELETE /')).headers.get('allow')).toBe('GET, OPTIONS');
  });
});

describe('too much', () => {
  const LIMIT = 10 * 1_048_576;

  test('an announced 100 MB are refused before they are sent', async () => {
    const sent = await new Promise<{ status: number | undefined; bytes: number }>(
      (resolve, reject) => {
        const headers = { 'content-type': 'application/json', 'content-length': 100_000_000 };
        const request = sendRequest(`${hub.url}/contracts/publish`, { method: 'POST', headers });
        request.on('response', (response) => {
          resolve({ status: response.statusCode, bytes: request.socket?.bytesWritten ?? 0 });
          request.destroy();
        });
        request.on('error', reject);
        request.write('{');
      },
    );
    expect(sent.status).toBe(413);
    expect(sent.bytes).toBeLessThan(1_000);
  });

  test('100 MB that nobody announced are refused on the way, without being kept', async () => {
    const before = process.memoryUsage().arrayBuffers;
    const chunk = new Uint8Array(1_048_576).fill(0x20);
    let left = 100;
    let highest = 0;
    const body = new ReadableStream({
      pull(controller) {
        highest = Math.max(highest, process.memoryUsage().arrayBuffers - before);
        if (left === 0) return controller.close();
        left -= 1;
        controller.enqueue(chunk.slice());
      },
    });
    const response = await fetch(`${hub.url}/contracts/publish`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      duplex: 'half',
    } as RequestInit);
    expect(response.status).toBe(413);
    expect(highest).toBeLessThan(8 * LIMIT);
    expect((await ask(hub, 'GET /live')).status).toBe(200);
  });

  test('a small body that inflates to 100 MB is refused', async () => {
    const raw = gzipSync(Buffer.alloc(100_000_000, 0x20));
    const headers = { 'content-encoding': 'gzip' };
    const answer = await ask(hub, 'POST /contracts/publish', { raw, headers });
    expect([answer.status, answer.body.error]).toEqual([
      413,
      `The body is larger than ${LIMIT} bytes; send less.`,
    ]);
  });
});
