import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask } from '../acceptance/publishing.ts';
import { startTestHub, type TestHub } from '../acceptance/start-hub.ts';
import { decidingAnswers, fillHub } from '../acceptance/transfer-scene.ts';
import { concordatInside, type Ended } from './concordat.ts';

let broker: TestHub;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'concordat-migrate-'));
  broker = await startTestHub();
  await fillHub(broker);
});

afterAll(async () => {
  await broker.close();
  await rm(folder, { recursive: true, force: true });
});

interface MigrateOptions {
  readonly args?: readonly string[];
  readonly signal?: AbortSignal;
}

function migrate(target: TestHub, from: string, options: MigrateOptions = {}): Promise<Ended> {
  const { args = [], ...rest } = options;
  return concordatInside(['import', '--from', from, ...args], {
    cwd: folder,
    env: { PACT_BROKER_BASE_URL: target.url },
    ...rest,
  });
}

async function withTarget(work: (target: TestHub) => Promise<void>): Promise<void> {
  const target = await startTestHub();
  try {
    await work(target);
  } finally {
    await target.close();
  }
}

/** What brokers do not tell: documents of providers, secrets, the first of two revisions, what came first within a second. */
const UNTOLD = [/^\/contracts\/provider/, /^\/integrations$/, /^\/matrix[^&]*&[^&]*$/];

/** Answers as far as a broker tells them; `metadata` in links holds ids of rows. */
function asBroker(answers: readonly unknown[]): readonly unknown[] {
  const told = (answers as readonly [string, number, string][]).filter(
    ([question]) => !UNTOLD.some((pattern) => pattern.test(question)),
  );
  return told.map(([question, status, text]) => {
    const body = JSON.parse(text.replaceAll(/\/metadata\/[\w-]+/g, '/metadata/…'), toTheSecond);
    if (question.startsWith('/webhooks/')) {
      delete body.request.password;
      delete body.request.headers.authorization;
    }
    return [question, status, body];
  });
}

/** Environments of one second come in any order, and a change within the second does not show. */
function toTheSecond(member: string, value: unknown): unknown {
  if (member === 'environments' && Array.isArray(value)) {
    return value.toSorted((left, right) => left.name.localeCompare(right.name));
  }
  const { createdAt, updatedAt, ...others } = Object(value);
  return updatedAt !== undefined && updatedAt === createdAt ? { createdAt, ...others } : value;
}

interface Obstacles {
  /** Answers before it lets a request through; undefined for no obstacle. */
  readonly before?: (request: IncomingMessage, seen: number) => number | undefined;
}

/** A broker as others host it: below a path, behind a password, and not always well. */
async function host({ before = () => undefined }: Obstacles): Promise<{
  readonly url: string;
  readonly paths: string[];
  readonly close: () => void;
}> {
  const paths: string[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? '').replace(/^\/sub\/broker/, '');
    paths.push(`${request.method} ${path}`);
    const status = before(request, paths.length);
    if (status !== undefined) {
      response.writeHead(status, { 'retry-after': '0' }).end('busy');
      return;
    }
    const answer = await fetch(`${broker.url}${path}`, {
      method: request.method ?? 'GET',
      headers: { accept: request.headers.accept ?? '' },
    });
    const text = (await answer.text()).replaceAll(broker.url, 'https://elsewhere.example/x');
    response.writeHead(answer.status, { 'content-type': 'application/hal+json' }).end(text);
  };
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/sub/broker`, paths, close: () => server.close() };
}

describe('concordat import --from', () => {
  test('brings everything a broker tells, and the hub decides as the broker did', async () => {
    await withTarget(async (target) => {
      const first = await migrate(target, broker.url);
      expect(first.stderr).toBe('');
      expect(first.code).toBe(0);
      expect(asBroker(await decidingAnswers(target))).toEqual(
        asBroker(await decidingAnswers(broker)),
      );
      expect(first.stdout).toMatch(/\nRead with \d+ requests: .*4 verification/);
      expect(first.stdout).toContain('Written: 37; skipped: 0; gone while they were read: 0.');
      expect(first.stdout).toContain('tell the build (aaaabbbbccccdddd1111): password, ');
      expect(first.stdout).toContain('  - users and passwords');

      const second = await migrate(target, broker.url, { args: ['--json'] });
      const { tallies, untold } = JSON.parse(second.stdout);
      for (const tally of Object.values<Record<string, number>>(tallies)) {
        expect(tally).toMatchObject({ created: 0, updated: 0, skipped: 0 });
      }
      expect(untold).toHaveLength(6);
    });
  });

  test('reads only, with a password, below a path, and tries again what was busy', async () => {
    const basic = `Basic ${Buffer.from('look:on ly').toString('base64')}`;
    const hosted = await host({
      before: (request, seen) => {
        if (request.headers.authorization !== basic) return 401;
        return { 3: 503, 4: 429, 11: 500, 12: 502 }[seen];
      },
    });
    await withTarget(async (target) => {
      const refused = await migrate(target, hosted.url);
      expect(refused.stderr).toMatch(/answered 401: give --from-token, or --from-username/);
      const from = hosted.url.replace('http://', 'http://look:on%20ly@');
      const read = await migrate(target, from, { args: ['--concurrency', '2'] });
      expect(read.stderr).toBe('');
      expect(read.code).toBe(0);
      expect(hosted.paths.filter((path) => !path.startsWith('GET '))).toEqual([]);
      expect(asBroker(await decidingAnswers(target))).toEqual(
        asBroker(await decidingAnswers(broker)),
      );
    });
    hosted.close();
  });

  test('that was interrupted goes on, and asks again only for what may have changed', async () => {
    const interrupted = new AbortController();
    const pact = /\/version\/[^/]+$/;
    const result = /verification-results\/\d+$/;
    const tag = /\/tags\/[^/]+$/;
    const hosted = await host({
      before: ({ url = '' }) => {
        if (tag.test(url)) interrupted.abort();
        return undefined;
      },
    });
    await withTarget(async (target) => {
      const cut = await migrate(target, hosted.url, { signal: interrupted.signal });
      expect(cut.code).toBe(2);
      expect(cut.stderr).toContain('Interrupted');
      expect((await ask(target, 'GET /pacticipants')).body._embedded.pacticipants).toEqual([]);
      expect(hosted.paths.filter((path) => pact.test(path))).toHaveLength(4);
      expect(hosted.paths.filter((path) => result.test(path))).toHaveLength(4);
      for (const tags of [2, 0]) {
        const before = hosted.paths.length;
        expect((await migrate(target, hosted.url)).code).toBe(0);
        const again = hosted.paths.slice(before);
        expect(again.filter((path) => pact.test(path) || result.test(path))).toEqual([]);
        expect(again.filter((path) => tag.test(path))).toHaveLength(tags);
      }
    });
    hosted.close();
  });

  test.each<[string, (url: string) => string[], RegExp]>([
    ['no broker', (url) => ['--from', `${url}/ui`], /is no JSON object|answered 40\d|cannot be/],
    ['no address', () => ['--from', 'broker'], /'broker' is no address of a Pact Broker/],
    ['a file and a broker', (url) => ['x.jsonl', '--from', url], /FILE, or --from URL, and not/],
    ['no concurrency', (url) => ['--from', url, '--concurrency', '0'], /give 1 to 64/],
  ])('%s is told and changes nothing', async (...[, args, words]) => {
    const env = { PACT_BROKER_BASE_URL: broker.url };
    const ended = await concordatInside(['import', ...args(broker.url)], { cwd: folder, env });
    expect(ended.stderr).toMatch(words);
    expect(ended.code).toBe(2);
  });
});
