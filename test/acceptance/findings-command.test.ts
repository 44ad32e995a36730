import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCliEnvironment, runCli } from '@concordat/cli';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { otlpBody, requestSpans } from './observed-traffic.ts';
import { startTestHub, type TestHub } from './start-hub.ts';

let hub: TestHub;
let cwd: string;
let id = '';

const auth = `Basic ${Buffer.from('ada:secret').toString('base64')}`;

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'concordat-cli-'));
  hub = await startTestHub({
    env: {
      CONCORDAT_PAIRING_WINDOW_SECONDS: '1',
      PACT_BROKER_BASIC_AUTH_USERNAME: 'ada',
      PACT_BROKER_BASIC_AUTH_PASSWORD: 'secret',
    },
  });
  await publish('GET', '/v1/orders');
});
afterAll(async () => {
  await hub.close();
  await rm(cwd, { recursive: true, force: true });
});

async function publish(method: string, path: string): Promise<void> {
  const request = { method, path };
  const response = await fetch(`${hub.url}/pacts/provider/shop/consumer/web/version/1`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', authorization: auth },
    body: JSON.stringify({
      ...{ consumer: { name: 'web' }, provider: { name: 'shop' } },
      interactions: [{ description: 'orders', request, response: { status: 200 } }],
    }),
  });
  expect(response.status).toBe(201);
}

async function call(request: string): Promise<void> {
  const [consumer, provider] = [{ name: 'web' }, { name: 'shop' }];
  const response = await fetch(`${hub.otlpUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: auth },
    body: otlpBody(requestSpans({ consumer, provider, request, route: '' })),
  });
  expect(response.status).toBe(200);
}

interface Ended {
  readonly code: number;
  readonly said: string;
  readonly notes: string;
}

async function findings(
  args: readonly string[],
  watching: { readonly signal?: AbortSignal; readonly said?: string[] } = {},
): Promise<Ended> {
  const { said = [], signal = new AbortController().signal } = watching;
  const notes: string[] = [];
  const output = {
    result: (text: string) => void said.push(text),
    note: (text: string) => void notes.push(text),
  };
  const environment = readCliEnvironment({
    PACT_BROKER_BASE_URL: hub.url,
    PACT_BROKER_USERNAME: 'ada',
    PACT_BROKER_PASSWORD: 'secret',
  });
  const code = await runCli(['findings', ...args], { environment, output, cwd, signal });
  return { code, said: said.join('\n'), notes: notes.join('\n') };
}

test('who watches is told at once, and ends with 1 on what must not be', async () => {
  const said: string[] = [];
  const watching = findings(['--watch', '--fail-on', 'uncovered-call', '--json'], { said });
  // The list stands before the stream is open: what is seen meanwhile is told too late for nobody.
  await vi.waitFor(() => expect(said).toHaveLength(1), 10_000);
  await vi.waitFor(
    async () => {
      await call('GET /v1/carts');
      expect(said.length).toBeGreaterThan(1);
    },
    { timeout: 20_000, interval: 1500 },
  );
  expect((await watching).code).toBe(1);
  const turn = JSON.parse(said[1] ?? '{}');
  expect(turn).toMatchObject({ event: 'opened', finding: { kind: 'uncovered-call' } });
  id = turn.finding.id;
});

test('who is interrupted while watching has not failed', async () => {
  const stop = new AbortController();
  const said: string[] = [];
  const watching = findings(['--watch'], { said, signal: stop.signal });
  await vi.waitFor(() => expect(said).toHaveLength(1), 10_000);
  stop.abort();
  expect((await watching).code).toBe(0);
});

test('what is acknowledged fails no build, unless that is asked for', async () => {
  expect((await findings(['--fail-on', 'all'])).code).toBe(1);
  const done = await findings(['acknowledge', id, '--reason', 'known', '--until', '14d', '--json']);
  expect(done.code).toBe(0);
  expect(JSON.parse(done.said)).toMatchObject({
    state: 'acknowledged',
    acknowledgement: { by: 'ada', reason: 'known', until: expect.stringMatching(/^20/) },
  });
  expect(await findings(['--fail-on', 'all'])).toMatchObject({
    ...{ code: 0, said: expect.stringContaining('No findings') },
  });
  const both = await findings(['--fail-on', 'all', '--include-acknowledged']);
  expect(both).toMatchObject({ code: 1, said: expect.stringContaining('acknowledged by ada') });
  expect(await findings(['unacknowledge', id])).toMatchObject({
    ...{ code: 0, said: `✓ ${id} is no longer acknowledged.` },
  });
  expect((await findings(['--fail-on', 'uncovered-call'])).code).toBe(1);
  const forEver = await findings(['acknowledge', id, '--reason', 'so be it', '--by', 'bob']);
  expect(forEver.said).toBe(`✓ uncovered-call ${id} is acknowledged for ever.`);
  expect((await findings(['unacknowledge', id, '--json'])).said).toContain('"acknowledged":false');
});

test('findings go to a file, as code scanning reads them', async () => {
  const written = await findings(['--format', 'sarif', '--output', 'findings.sarif']);
  expect(written).toMatchObject({
    code: 0,
    said: '',
    notes: '✓ 1 findings are in findings.sarif.',
  });
  const sarif = JSON.parse(await readFile(join(cwd, 'findings.sarif'), 'utf8'));
  expect(sarif.runs[0].results).toMatchObject([
    { ruleId: 'uncovered-call', partialFingerprints: { 'concordatFinding/v1': id } },
  ]);
  expect(await findings(['--output', 'no/where.txt'])).toMatchObject({
    ...{ code: 2, notes: expect.stringContaining('cannot be written') },
  });
});

test.each([
  [['--kind', 'uncovered-call,not-seen', '--since', '24h', '--operation', 'GET /v1/carts'], 1],
  [['--kind', 'not-seen'], 0],
  [['--since', '2999-01-01'], 0],
  [['--operation', 'GET /elsewhere', '--environment', 'production'], 0],
])('findings %j are %d', async (...[args, count]) => {
  const { said } = await findings([...args, '--json']);
  expect(JSON.parse(said).findings).toHaveLength(count);
});

test.each([
  [['--since', 'soon'], '--since is "soon"'],
  [['--kind', 'noise'], 'no finding of kind noise'],
  [['--format', 'pdf'], 'pdf'],
  [['acknowledge', 'none', '--reason', 'known'], 'There is no finding "none"'],
  [['acknowledge', 'none'], '--reason'],
  [['acknowledge', 'none', '--reason', 'x', '--until', 'later'], '--until is "later"'],
  [['unacknowledge', 'none'], 'There is no finding "none"'],
])('findings %j ends with 2 and says why', async (...[args, words]) => {
  expect(await findings(args)).toMatchObject({ code: 2, notes: expect.stringContaining(words) });
});
