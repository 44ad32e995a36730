import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { VerifierJob } from './verifier-job.ts';
import { VerifierProcess } from './verifier-process.ts';

let folder = '';
let provider: Server;
let baseUrl = '';
const seen: { path: string; traceparent: string | undefined; body: string }[] = [];
const started: VerifierProcess[] = [];

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'concordat-verifier-'));
  provider = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const { traceparent } = request.headers;
    const path = request.url ?? '';
    seen.push({
      path,
      body,
      traceparent: typeof traceparent === 'string' ? traceparent : undefined,
    });
    const metadata = Buffer.from('{"topic":"orders"}').toString('base64');
    response.setHeader('content-type', 'application/json');
    if (path === '/messages') response.setHeader('pact-message-metadata', metadata);
    response.end(path === '/messages' ? '{"total":1.0}' : '{"id":7}');
  }).listen(0, '127.0.0.1');
  await once(provider, 'listening');
  baseUrl = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
});

afterAll(async () => {
  provider.close();
  await rm(folder, { recursive: true, force: true });
});

afterEach(() => {
  for (const one of started.splice(0)) one.kill();
  seen.length = 0;
});

function verifier(program?: URL, graceMs?: number): VerifierProcess {
  const env = {
    ...process.env,
    HTTP_PROXY: 'http://127.0.0.1:9',
    PACT_BROKER_BASE_URL: baseUrl,
    PACT_BROKER_PUBLISH_VERIFICATION_RESULTS: 'true',
    PACT_DESCRIPTION: 'another interaction',
  };
  const one = new VerifierProcess({ env, ...(program === undefined ? {} : { program }) }, graceMs);
  started.push(one);
  return one;
}

async function program(name: string, code: string): Promise<URL> {
  const path = join(folder, `${name}.mjs`);
  await writeFile(path, code);
  return pathToFileURL(path);
}

async function job(pact: unknown, traces: VerifierJob['messageTraces'] = []): Promise<VerifierJob> {
  const pactFile = join(folder, 'pact.json');
  await writeFile(pactFile, JSON.stringify(pact));
  return {
    pactFile,
    provider: 'shop',
    providerBaseUrl: baseUrl,
    providerStates: `${baseUrl}/states`,
    messages: `${baseUrl}/messages`,
    timeoutMs: 5000,
    messageTraces: traces,
  };
}

const names = { consumer: { name: 'web' }, provider: { name: 'shop' } };

function reading(status: number): unknown {
  const headers = { traceparent: ['00-11111111111111111111111111111111-2222222222222222-01'] };
  const request = { method: 'GET', path: '/orders/7', headers };
  const body = { content: { id: 7 }, contentType: 'application/json', encoded: false };
  const interaction = { type: 'Synchronous/HTTP', key: 'k', _id: 'interactions-0', pending: false };
  const response = { status, body };
  return {
    ...names,
    interactions: [{ ...interaction, description: 'an order is read', request, response }],
    metadata: { pactSpecification: { version: '4.0' } },
  };
}

describe('the verifier process', () => {
  test('replays the file it is given and nothing else, whatever the environment says', async () => {
    const answer = await verifier().verify(await job(reading(200)));
    const { interactionResults } = JSON.parse(answer.kind === 'result' ? answer.json : '{}');
    expect(interactionResults).toHaveLength(1);
    expect(seen.map(({ path }) => path)).toEqual(['/states', '/orders/7', '/states']);
  });

  test('verifies pact after pact with the official verifier, and its requests carry their traceparent', async () => {
    const one = verifier();
    const kept = await one.verify(await job(reading(200)));
    const broken = await one.verify(await job(reading(201)));
    expect(kept).toMatchObject({ kind: 'result' });
    expect(JSON.parse(kept.kind === 'result' ? kept.json : '').interactionResults).toMatchObject([
      { interactionId: 'interactions-0', result: 'OK' },
    ]);
    const result = JSON.parse(broken.kind === 'result' ? broken.json : '');
    expect(result.errors[0].mismatch.mismatches[0]).toMatchObject({ type: 'StatusMismatch' });
    const replayed = seen.filter(({ path }) => path === '/orders/7');
    expect(replayed.map(({ traceparent }) => traceparent)).toEqual([
      '00-11111111111111111111111111111111-2222222222222222-01',
      '00-11111111111111111111111111111111-2222222222222222-01',
    ]);
  });

  test('asks the provider for messages with the traceparent of each, and hands them on byte for byte', async () => {
    const states = [{ name: 'it was paid' }];
    const contents = { total: 1.5 };
    const matching = { body: { '$.total': { matchers: [{ match: 'decimal' }] } } };
    const message = { description: 'order placed', contents, matchingRules: matching };
    const metadata = { pactSpecification: { version: '3.0.0' } };
    const messages = [
      { ...message, _id: 'messages-0', providerStates: states, metadata: { topic: 'orders' } },
      { ...message, _id: 'messages-1', metadata: {} },
    ];
    const traces = [
      { description: 'order placed', providerStates: ['it was paid'], traceparent: '00-a-b-01' },
      { description: 'something else', providerStates: [], traceparent: '00-c-d-01' },
    ];
    const answer = await verifier().verify(await job({ ...names, messages, metadata }, traces));
    const { interactionResults } = JSON.parse(answer.kind === 'result' ? answer.json : '{}');
    // A decimal keeps its point only when nobody parses the provider's answer on the way.
    expect(interactionResults).toMatchObject([{ result: 'OK' }, { result: 'OK' }]);
    const asked = seen.filter(({ path }) => path === '/messages');
    expect(asked.map(({ traceparent }) => traceparent)).toEqual(['00-a-b-01', undefined]);
  });

  test('a crash in the middle is told with the signal and the interaction it was at, and the next job runs', async () => {
    const crashing = await program(
      'crash',
      `process.on('message', () => process.send({ kind: 'request', traceparent: '00-a-b-01' }, () => process.kill(process.pid, 'SIGSEGV')))`,
    );
    const one = verifier(crashing);
    const answers = [await one.verify(await job({})), await one.verify(await job({}))];
    for (const answer of answers) {
      expect(answer).toEqual({
        kind: 'defect',
        message: 'The verifier ended by SIGSEGV in the middle of its work.',
        lastTraceparent: '00-a-b-01',
      });
    }
  });

  test('an end with an exit code is told with its last lines', async () => {
    const ending = await program(
      'end',
      `process.on('message', () => process.stderr.write('out of luck\\n', () => process.exit(4)))`,
    );
    const answer = await verifier(ending).verify(await job({}));
    const message =
      'The verifier ended by exit code 4 in the middle of its work. Its last lines:\nout of luck';
    expect(answer).toMatchObject({ kind: 'defect', message });
  });

  test('a hang is ended and told', async () => {
    const hanging = await program('hang', `process.on('message', () => { for (;;); })`);
    const one = verifier(hanging, 0);
    const answer = await one.verify({ ...(await job({})), timeoutMs: 1500 });
    expect(answer).toMatchObject({
      kind: 'defect',
      message: 'The verifier did nothing for 1.5 s and was ended.',
    });
  });

  test('a pact file that it cannot read is told', async () => {
    const answer = await verifier().verify({
      ...(await job({})),
      pactFile: join(folder, 'missing.json'),
    });
    expect(answer).toMatchObject({
      kind: 'defect',
      message: expect.stringContaining('The verifier refused'),
    });
  });
});
