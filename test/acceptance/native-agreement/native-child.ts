import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request as sendRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getFfiLib } from '@pact-foundation/pact-core';
import type {
  NativeAnswer,
  NativeMismatch,
  NativeQuestion,
  NativeRequest,
  NativeVerdict,
  NativeVerify,
} from './native-library.ts';

/** The process in which the native library judges what its parent sends; see `NativeLibrary`. */
const native = getFfiLib('error');
const directory = mkdtempSync(join(tmpdir(), 'native-agreement-'));
const REQUEST = 0;
const VERSION_4 = 5;

let answers: ReadonlyMap<string, NativeAnswer> = new Map();

const provider = createServer(async (request, response) => {
  const body = await readAll(request);
  const isMessage = request.url === '/messages';
  const answer = answers.get(isMessage ? JSON.parse(body.toString()).description : request.url);
  response.sendDate = false;
  response.writeHead(answer?.status ?? 404, answer?.headers.flat() ?? []);
  response.end(Buffer.from(answer?.body ?? '', 'base64'));
}).listen(0, '127.0.0.1');
await new Promise((resolve) => provider.once('listening', resolve));
const { port } = provider.address() as AddressInfo;

process.on('message', async (question: NativeQuestion) => {
  try {
    const verdicts =
      question.kind === 'verify'
        ? await verify(question)
        : await inTurn(question.requests, judgeRequest);
    process.send?.({ verdicts });
  } catch (error) {
    process.send?.({ error: String(error) });
  }
});

process.on('disconnect', () => {
  rmSync(directory, { recursive: true, force: true });
  process.exit(0);
});

process.send?.('ready');

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function verify(question: NativeVerify): Promise<readonly NativeVerdict[]> {
  answers = new Map(question.answers);
  const file = join(directory, 'verified.json');
  writeFileSync(file, question.pact);
  const handle = native.pactffiVerifierNewForApplication('native-agreement', '1');
  native.pactffiVerifierSetProviderInfo(handle, 'provider', 'http', '127.0.0.1', port, '');
  native.pactffiVerifierAddProviderTransport(handle, 'message', port, '/messages', 'http');
  native.pactffiVerifierSetVerificationOptions(handle, true, 30_000);
  native.pactffiVerifierAddFileSource(handle, file);
  const report = await new Promise<string>((resolve, reject) => {
    native.pactffiVerifierExecute(handle, (error) => {
      const json = native.pactffiVerifierJson(handle);
      native.pactffiVerifierShutdown(handle);
      return error ? reject(error) : resolve(json);
    });
  });
  return failuresOf(JSON.parse(report), question.answers.length);
}

interface Report {
  readonly interactionResults: readonly unknown[];
  readonly errors: readonly {
    readonly interaction: string;
    readonly mismatch: { readonly mismatches?: readonly NativeMismatch[] };
  }[];
}

function failuresOf(report: Report, interactions: number): readonly NativeVerdict[] {
  if (report.interactionResults.length !== interactions) {
    throw new Error(`Not everything was judged: ${JSON.stringify(report).slice(0, 2000)}`);
  }
  return report.errors.map(({ interaction, mismatch }) => ({
    name: interaction.replace(/^.* - /, ''),
    mismatches: mismatch.mismatches ?? [],
    error: mismatch.mismatches === undefined ? JSON.stringify(mismatch) : undefined,
  }));
}

async function inTurn<T, R>(
  list: readonly T[],
  step: (item: T, index: number) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  for (const [index, item] of list.entries()) {
    results.push(await step(item, index));
  }
  return results;
}

async function judgeRequest(request: NativeRequest, index: number): Promise<NativeVerdict> {
  const pact = native.pactffiNewPact('consumer', 'provider');
  native.pactffiWithSpecification(pact, VERSION_4);
  promiseRequest(native.pactffiNewInteraction(pact, 'a request'), request);
  const mock = native.pactffiCreateMockServerForTransport(pact, '127.0.0.1', 0, 'http', '');
  await send(mock, request.sent);
  const found = await whatDiffers(mock);
  native.pactffiCleanupMockServer(mock);
  return {
    name: String(index),
    mismatches: found?.mismatches ?? [],
    error: found !== undefined && found.mismatches === undefined ? found.type : undefined,
  };
}

interface FailedRequest {
  readonly type: string;
  readonly mismatches?: readonly NativeMismatch[];
}

/** The mock server writes down what it saw after it has answered. */
async function whatDiffers(mock: number): Promise<FailedRequest | undefined> {
  for (let time = 0; time < 1000; time += 1) {
    const failed: readonly FailedRequest[] = JSON.parse(native.pactffiMockServerMismatches(mock));
    const [found] = failed.filter(({ type }) => type !== 'missing-request');
    if (found !== undefined || native.pactffiMockServerMatched(mock)) {
      return found;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('The mock server did not see the request.');
}

function promiseRequest(
  handle: number,
  { method, path, query, headers, body, rules }: NativeRequest,
) {
  native.pactffiWithRequest(handle, method, path);
  for (const [name, index, value] of query) {
    native.pactffiWithQueryParameter(handle, name, index, value);
  }
  for (const [name, index, value] of headers) {
    native.pactffiWithHeader(handle, REQUEST, name, index, value);
  }
  if (body !== undefined) {
    native.pactffiWithBody(handle, REQUEST, body.contentType, body.content);
  }
  native.pactffiWithMatchingRules(handle, REQUEST, rules);
  native.pactffiResponseStatus(handle, '200');
}

function send(mock: number, sent: NativeRequest['sent']): Promise<void> {
  const { method, target, headers, body } = sent;
  const options = { host: '127.0.0.1', port: mock, method, path: target, agent: false };
  return new Promise((resolve, reject) => {
    const content = Buffer.from(body, 'base64');
    const length = content.length === 0 ? [] : ['content-length', String(content.length)];
    const request = sendRequest({ ...options, headers: [...headers.flat(), ...length] }, (answer) =>
      answer.resume().once('end', resolve),
    );
    request.once('error', reject);
    request.end(content);
  });
}
