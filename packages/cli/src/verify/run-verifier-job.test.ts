import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { runVerifierJob } from './run-verifier-job.ts';
import type { VerifierJob, VerifierMessage } from './verifier-job.ts';

let folder = '';
let provider: Server;
let baseUrl = '';
const sent: VerifierMessage[] = [];
const asked: (string | undefined)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'concordat-job-'));
  provider = createServer((request, response) => {
    request.resume();
    const { traceparent } = request.headers;
    if (request.url === '/messages') asked.push(traceparent?.toString());
    response.setHeader('content-type', 'application/json');
    response.end('{"total":42}');
  }).listen(0, '127.0.0.1');
  await once(provider, 'listening');
  baseUrl = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
});
afterAll(async () => {
  provider.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  sent.length = 0;
  asked.length = 0;
});

const names = { consumer: { name: 'web' }, provider: { name: 'shop' } };
const metadata = { pactSpecification: { version: '3.0.0' } };
const message = { _id: 'messages-0', description: 'counted', contents: { total: 42 } };

async function run(pact: unknown, changes: Partial<VerifierJob> = {}): Promise<VerifierMessage> {
  const pactFile = join(folder, 'pact.json');
  await writeFile(pactFile, JSON.stringify(pact));
  const job: VerifierJob = {
    pactFile,
    provider: 'shop',
    providerBaseUrl: baseUrl,
    providerStates: `${baseUrl}/states`,
    messages: `${baseUrl}/messages`,
    timeoutMs: 2000,
    messageTraces: [{ description: 'counted', providerStates: [], traceparent: '00-a-b-01' }],
    ...changes,
  };
  return runVerifierJob(job, (one) => sent.push(one));
}

function resultOf(answer: VerifierMessage): string {
  return answer.kind === 'result'
    ? JSON.parse(answer.json).interactionResults[0].result
    : answer.kind;
}

test('a replayed request is told with its traceparent, provider states are not', async () => {
  const request = { method: 'GET', path: '/total', headers: { traceparent: '00-c-d-01' } };
  const response = { status: 200, body: { total: 42 } };
  const interactions = [{ _id: 'interactions-0', description: 'read', request, response }];
  const answer = await run({ ...names, interactions, metadata });
  expect(resultOf(answer)).toBe('OK');
  expect(sent).toEqual([{ kind: 'request', traceparent: '00-c-d-01' }]);
});

test('a message is asked for with its traceparent', async () => {
  expect(resultOf(await run({ ...names, messages: [message], metadata }))).toBe('OK');
  expect(asked).toEqual(['00-a-b-01']);
  expect(sent).toEqual([{ kind: 'request', traceparent: undefined }]);
});

test.each([
  { caption: 'a provider without messages', messages: undefined },
  { caption: 'a provider that is gone', messages: 'http://127.0.0.1:9/messages' },
])('$caption fails the message and nothing else', async ({ messages }) => {
  expect(resultOf(await run({ ...names, messages: [message], metadata }, { messages }))).toBe(
    'Error',
  );
});

test('a pact file that is not there is a defect', async () => {
  const answer = await run({}, { pactFile: join(folder, 'missing.json') });
  expect(answer).toMatchObject({
    kind: 'defect',
    message: expect.stringContaining('missing.json'),
  });
});
