import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { ask } from './publishing.ts';
import { startTestHub, type TestHub } from './start-hub.ts';
import {
  addWebhook,
  firstAttempt,
  publishVersion,
  startRawTarget,
  startTarget,
  targetAllowed,
} from './webhook-target.ts';

const CERTIFICATE = new URL('../cases/webhook-certificate/certificate.pem', import.meta.url);
const KEY = new URL('../cases/webhook-certificate/key.pem', import.meta.url);

async function start(env: Readonly<Record<string, string>> = {}): Promise<TestHub> {
  const settings = {
    PACT_BROKER_WEBHOOK_RETRY_SCHEDULE: '600',
    CONCORDAT_WEBHOOK_TIMEOUT_SECONDS: '1',
  };
  const hub = await startTestHub({ env: { ...targetAllowed, ...settings, ...env } });
  onTestFinished(() => hub.close());
  return hub;
}

/** Sends `text` byte by byte for as long as somebody listens. */
function drip(socket: Socket, text: string): void {
  let at = 0;
  const timer = setInterval(() => socket.write(text[at++ % text.length] ?? ''), 20);
  socket.on('close', () => clearInterval(timer));
}

describe('a target', () => {
  const ok = 'HTTP/1.1 200 OK\r\n';
  test.each<[string, string, (socket: Socket) => void, string]>([
    ['shakes no hands', 'https', () => undefined, 'No answer within 1 seconds.'],
    ['never answers', 'http', () => undefined, 'No answer within 1 seconds.'],
    [
      'drips headers',
      'http',
      (socket) => {
        socket.write(ok);
        drip(socket, 'x-a: b\r\n');
      },
      'No answer within 1 seconds.',
    ],
    [
      'drips a body',
      'http',
      (socket) => {
        socket.write(`${ok}\r\n`);
        drip(socket, 'x');
      },
      'No answer within 1 seconds.',
    ],
    [
      'closes half way',
      'http',
      (socket) => socket.end(`${ok}Content-Length: 100\r\n\r\nhalf`),
      'The connection was closed before the answer was complete.',
    ],
    ['closes at once', 'http', (socket) => socket.destroy(), 'socket hang up'],
    ['speaks no HTTP', 'http', (socket) => socket.end('SSH-2.0-x\r\n'), 'Parse Error'],
    [
      'sends headers without end',
      'http',
      (socket) => socket.end(`${ok}${'x-a: b\r\n'.repeat(10_000)}`),
      'Header overflow',
    ],
    [
      'wants to speak something else',
      'http',
      (socket) =>
        socket.write('HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'),
      'The connection was closed without an answer.',
    ],
    ['breaks', 'http', (socket) => socket.end('HTTP/1.1 500 Oh\r\n\r\nboom'), 'HTTP/1.1 500 Oh'],
  ])(
    'that %s is tried again later, its log says why, and the hub goes on',
    async (...[, scheme, behave, said]) => {
      let connections = 0;
      const port = await startRawTarget((socket) => {
        connections += 1;
        behave(socket);
      });
      const hub = await start();
      const headers = { Authorization: 'Bearer hush-hush' };
      const url = `${scheme}://127.0.0.1:${port}/x`;
      expect((await addWebhook(hub, { url, headers })).status).toBe(201);
      await publishVersion(hub, '1');
      await vi.waitUntil(() => connections > 0, 5000);
      expect((await ask(hub, 'GET /webhooks')).status).toBe(200);
      const { log, ...triggered } = await firstAttempt(hub, '1');
      expect(triggered).toMatchObject({
        status: 'retrying',
        attemptsMade: 1,
        attemptsRemaining: 1,
      });
      expect(log).toContain(said);
      expect(log).toContain('Webhook execution failed');
      expect(log).not.toContain('hush-hush');
      expect(connections).toBe(1);
    },
  );

  test('that answers with a gigabyte is heard no longer than it takes to know how it stands', async () => {
    let sent = 0;
    const chunk = Buffer.alloc(65_536, 'x');
    const port = await startRawTarget((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${2 ** 30}\r\n\r\n`);
      const pump = (): void => {
        while (sent < 2 ** 30 && !socket.destroyed && socket.write(chunk)) sent += chunk.length;
      };
      socket.on('drain', pump);
      pump();
    });
    const hub = await start();
    await addWebhook(hub, { url: `http://127.0.0.1:${port}/` });
    await publishVersion(hub, '1');
    const { status, log } = await firstAttempt(hub, '1');
    expect(status).toBe('success');
    expect(log).toContain('The rest of the answer was not read.');
    expect(log.length).toBeLessThan(100_000);
    expect(sent).toBeLessThan(2 ** 26);
  });

  test('that sends elsewhere is not followed, above all not to a private address', async () => {
    const elsewhere = await startTarget();
    const target = await startTarget({
      '/': (response) => void response.writeHead(307, { Location: `${elsewhere.url}/inner` }).end(),
    });
    const hub = await start();
    await addWebhook(hub, { url: target.url });
    await publishVersion(hub, '1');
    const { status, log } = await firstAttempt(hub, '1');
    expect(status).toBe('retrying');
    expect(log).toContain('HTTP/1.1 307 Temporary Redirect');
    expect(target.calls).toHaveLength(1);
    expect(elsewhere.calls).toEqual([]);
  });

  test('whose URL has a password is called with it, and the log does not say it', async () => {
    const target = await startTarget();
    const hub = await start();
    await addWebhook(hub, { url: target.url.replace('//', '//me:hush-hush@') });
    await publishVersion(hub, '1');
    const { status, log } = await firstAttempt(hub, '1');
    expect(status).toBe('success');
    expect(target.calls[0]?.headers.authorization).toBe(`Basic ${btoa('me:hush-hush')}`);
    expect(log).not.toContain('hush-hush');
  });

  test('that repeats the secrets it was sent does not bring them into the log, unless somebody searches a mistake', async () => {
    const target = await startTarget({
      '/': (response) => void response.end(JSON.stringify(target.calls.at(-1)?.headers)),
    });
    const sent = {
      url: target.url,
      username: 'me',
      password: 'hush-hush',
      headers: { 'X-Token': 'keep-it' },
    };
    const basic = Buffer.from('me:hush-hush').toString('base64');
    const secrets = ['hush-hush', 'keep-it', basic];
    for (const [redacts, shown] of [
      ['true', []],
      ['false', ['keep-it', basic]],
    ] as const) {
      const hub = await start({ PACT_BROKER_WEBHOOK_REDACT_SENSITIVE_DATA: redacts });
      await addWebhook(hub, sent);
      await publishVersion(hub, '1');
      const { status, log } = await firstAttempt(hub, '1');
      expect(status).toBe('success');
      expect(secrets.filter((secret) => log.includes(secret)).sort()).toEqual([...shown].sort());
    }
    expect(target.calls[0]?.headers).toMatchObject({
      'x-token': 'keep-it',
      authorization: `Basic ${basic}`,
    });
  });
});

describe('a private address', () => {
  const nobody = { PACT_BROKER_WEBHOOK_HOST_WHITELIST: '' };

  test.each([
    '127.0.0.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '127.1',
    '10.0.0.1',
    '169.254.169.254',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
    '[fe80::1]',
    '[fd00:ec2::254]',
    '[64:ff9b::7f00:1]',
  ])('%s is refused when the webhook is described', async (host) => {
    const hub = await start(nobody);
    const refused = await addWebhook(hub, { url: `http://${host}/` });
    expect(refused.status).toBe(400);
    expect(refused.body.errors['request.url'][0]).toContain('host is a private address');
    const tried = await ask(hub, 'POST /webhooks/execute', {
      json: { request: { method: 'POST', url: `http://${host}/` } },
    });
    expect(tried.status).toBe(400);
  });

  test('behind a name is not called', async () => {
    const hub = await start(nobody);
    const target = await startTarget();
    const url = target.url.replace('127.0.0.1', 'localhost');
    expect((await addWebhook(hub, { url })).status).toBe(201);
    await publishVersion(hub, '1');
    const { status, log } = await firstAttempt(hub, '1');
    expect(status).toBe('retrying');
    expect(log).toContain('localhost is at a private address, and no whitelist allows it.');
    expect(target.calls).toEqual([]);
  });

  test('that a whitelist allowed is not called any more when the whitelist has become narrower', async () => {
    const target = await startTarget();
    const first = await start();
    const { body } = await addWebhook(first, { url: target.url });
    const hub = await startTestHub({
      env: { ...targetAllowed, PACT_BROKER_WEBHOOK_HOST_WHITELIST: 'ci.example' },
      flags: { dataDir: first.dataDir },
    });
    onTestFinished(() => hub.close());
    const tried = await ask(hub, `POST /webhooks/${body.uuid}/execute`);
    expect(tried.body).toMatchObject({ success: false });
    expect(tried.body.error.message).toContain(
      'The URL cannot be called: host must be in the whitelist',
    );
    expect(target.calls).toEqual([]);
  });
});

describe('a target with a certificate that nobody knows', () => {
  async function startSecureTarget(): Promise<{ readonly url: string; readonly calls: string[] }> {
    const calls: string[] = [];
    const options = { key: await readFile(KEY), cert: await readFile(CERTIFICATE) };
    const server = createServer(options, (request, response) => {
      calls.push(String(request.url));
      response.end('{}');
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return { url: `https://localhost:${(server.address() as AddressInfo).port}/secure`, calls };
  }

  const trusting = async (): Promise<readonly (readonly [string, Record<string, string>])[]> => {
    const certificate = await readFile(CERTIFICATE, 'utf8');
    const setting = 'PACT_BROKER_WEBHOOK_CERTIFICATES__0__';
    return [
      ['by its content', { [`${setting}DESCRIPTION`]: 'CI', [`${setting}CONTENT`]: certificate }],
      ['by one line', { [`${setting}CONTENT`]: certificate.replaceAll('\n', '\\n') }],
      ['by its path', { [`${setting}PATH`]: CERTIFICATE.pathname }],
      ['when none is verified', { PACT_BROKER_DISABLE_SSL_VERIFICATION: 'true' }],
    ];
  };

  test('is not told anything', async () => {
    const target = await startSecureTarget();
    const hub = await start();
    await addWebhook(hub, { url: target.url });
    await publishVersion(hub, '1');
    const { status, log } = await firstAttempt(hub, '1');
    expect(status).toBe('retrying');
    expect(log).toContain('self-signed certificate');
    expect(target.calls).toEqual([]);
  });

  test('is told when the certificate is configured, or when certificates are not verified', async () => {
    for (const [how, env] of await trusting()) {
      const target = await startSecureTarget();
      const hub = await start(env);
      await addWebhook(hub, { url: target.url });
      await publishVersion(hub, '1');
      expect((await firstAttempt(hub, '1')).status, how).toBe('success');
      expect(target.calls).toEqual(['/secure']);
    }
  });
});
