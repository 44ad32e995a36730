import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, gzipSync } from 'node:zlib';
import type { Contract, Judgement } from '@concordat/conformance';
import { compilePact } from '@concordat/conformance';
import express, { type Express } from 'express';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expressMiddleware } from './clients/express-middleware.ts';
import { httpHooks } from './clients/http-hooks.ts';
import { ExchangeDesk } from './exchange-desk.ts';
import { guardSettings } from './guard-options.ts';

const content = JSON.stringify({
  consumer: { name: 'web' },
  provider: { name: 'orders' },
  interactions: [
    { description: 'a page', request: { method: 'GET', path: '/json' }, response: { status: 200 } },
  ],
});
const big = randomBytes(700_000);
const judgement: Judgement = {
  ...{ verdict: 'kept', profile: 'live', interaction: undefined, mismatches: [] },
};
/** Judges everything, and fails on every second. */
let judged = 0;
const contract: Contract = {
  ...{ interactions: compilePact(content).interactions, defects: [], fieldsOf: () => [] },
  judgeHttp: () => {
    judged += 1;
    if (judged % 2 === 0) throw new Error('a validator that breaks');
    return judgement;
  },
  judgeMessage: () => judgement,
};

function aDesk(): ExchangeDesk {
  const settings = guardSettings(
    { service: 'orders', sampling: { first: 1e9, cpuShare: 1e6 } },
    { sides: undefined, hubUrl: undefined, rate: undefined, authorization: undefined },
    { service: 'orders', version: '1', environment: 'test' },
  );
  const desk = new ExchangeDesk(settings, { now: () => performance.now(), random: () => 0 });
  const pact = { consumer: 'web', provider: 'orders', sha: 'a', consumerVersions: ['1'] };
  desk.hold([{ ...pact, contract, compiled: compilePact(content), risk: 'none' }]);
  return desk;
}

type Log = string[];

function noted(log: Log, request: IncomingMessage, response: ServerResponse): void {
  for (const event of ['end', 'close', 'aborted', 'error'])
    request.on(event, () => log.push(`request ${event}`));
  for (const event of ['finish', 'close', 'error', 'pipe', 'drain'])
    response.on(event, () => log.push(`response ${event}`));
}

/** Numbers from 0 to below `below` that are the same for the same seed. */
function dice(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 374_761_393) | 0;
    return Math.abs(state >> 3) % below;
  };
}

const encodings = [undefined, 'utf8', 'latin1', 'base64', 'utf16le'] as const;

/** Writes what the seed says, and notes what each call returned and when its callback came. */
function writeRandomly(seed: number, response: ServerResponse, log: Log): void {
  const roll = dice(seed);
  if (roll(2) === 0) response.setHeader('x-seed', seed);
  if (roll(3) === 0) response.statusCode = [201, 204, 404, 503][roll(4)] ?? 200;
  if (roll(4) === 0) response.writeHead(response.statusCode, { 'x-head': ['1', '2'] });
  if (roll(4) === 0) response.flushHeaders();
  const piece = (): string | Buffer => {
    const size = [0, 1, 7, 1_000, 70_000][roll(5)] ?? 0;
    return roll(2) === 0 ? 'ab12é'.repeat(size).slice(0, size) : Buffer.alloc(size, roll(256));
  };
  const put = (method: 'write' | 'end', name: string): void => {
    const args = [
      piece(),
      encodings[roll(encodings.length)],
      () => log.push(`${name} called back`),
    ];
    const given = args.slice(0, 1 + roll(3));
    const returned: unknown = Reflect.apply(response[method] as () => unknown, response, given);
    log.push(`${name} ${returned === response ? 'itself' : String(returned)}`);
  };
  const pieces = roll(6);
  const step = (index: number): void => {
    if (index === pieces) put('end', 'end');
    else {
      put('write', `write ${index}`);
      if (roll(2) === 0) setImmediate(() => step(index + 1));
      else step(index + 1);
    }
  };
  if (roll(8) === 0) response.cork();
  step(0);
}

/** An application that answers in every way there is. */
function application(log: Log, mount: (app: Express) => void): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use((_request, response, next) => {
    response.sendDate = false;
    next();
  });
  mount(app);
  app.use((request, response, next) => {
    noted(log, request, response);
    next();
  });
  app.get('/json', (_, response) => void response.json({ id: 7, text: 'äöü €' }));
  app.get('/random', (request, response) => {
    writeRandomly(Number(request.query.seed), response, log);
  });
  app.get('/text', (_, response) => void response.send('plain'));
  app.get('/empty', (_, response) => void response.status(204).end());
  app.get('/latin1', (_, response) => void response.end('äöü', 'latin1'));
  app.get('/hex', (_, response) => {
    response.write('c3a4', 'hex');
    response.end('ff', 'hex');
  });
  app.get('/redirect', (_, response) => response.redirect('/json'));
  app.get('/big', (_, response) => void response.send(big));
  app.get('/stream', (_, response) => void Readable.from([big, big, 'end']).pipe(response));
  app.get('/gzip', async (_, response) => {
    response.setHeader('content-encoding', 'gzip');
    await pipeline(Readable.from([big, 'x']), createGzip(), response);
  });
  app.get('/broken-gzip', (_, response) => {
    response.setHeader('content-encoding', 'gzip');
    response.end(gzipSync('{"a":1}').subarray(0, 9));
  });
  app.get('/chunks', (_, response) => {
    response.writeHead(200, 'Fine', { 'content-type': 'text/plain', 'x-list': ['a', 'b'] });
    response.write('one');
    setImmediate(() => {
      response.write(Buffer.from('two'));
      response.write(new Uint8Array([51]));
      response.end(() => log.push('ended'));
    });
  });
  app.get('/raw-head', (_, response) => {
    response.writeHead(200, ['X-A', '1', 'X-A', '2']);
    response.end('raw');
  });
  app.get('/trailers', (_, response) => {
    response.setHeader('trailer', 'x-sum');
    response.write('body');
    response.addTrailers({ 'x-sum': '4' });
    response.end();
  });
  app.get('/early', (_, response) => {
    response.writeEarlyHints({ link: '</a.css>; rel=preload' });
    response.end('late');
  });
  app.get('/thrown', () => {
    throw new Error('a handler that breaks');
  });
  app.get('/rejected', async () => {
    throw new Error('a handler that rejects');
  });
  app.get('/late-error', (_, response, next) => {
    response.write('half');
    next(new Error('after the head was sent'));
  });
  app.get('/twice', (_, response) => {
    response.end('once');
    response.on('error', () => undefined);
    log.push(`after end: ${response.write('again')}`);
  });
  app.get('/wrong', (_, response) => {
    try {
      response.write(7 as never);
    } catch (error) {
      log.push(String((error as { code?: string }).code));
    }
    response.end('survived');
  });
  app.get('/destroyed', (_, response) => void response.destroy());
  app.get('/unfinished', (_, response) => void response.write('and then nothing'));
  app.post('/echo', async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    response.json({ bytes: Buffer.concat(chunks).length, trailers: request.trailers });
  });
  app.post('/parsed', express.json({ limit: '1mb' }), (request, response) => {
    response.json(request.body);
  });
  app.post('/unread', (_, response) => void response.send('not read'));
  // biome-ignore lint/complexity/useMaxParams: express tells error handlers by their four parameters.
  app.use(((error, _request, response, next) => {
    if (response.headersSent) next(error);
    else response.status(500).send('it broke');
  }) as express.ErrorRequestHandler);
  return app;
}

interface Running {
  readonly port: number;
  readonly server: Server;
  readonly log: Log;
}

async function running(
  mount: (app: Express) => void,
  before?: (response: ServerResponse) => void,
): Promise<Running> {
  const log: Log = [];
  const app = application(log, mount);
  const server = createServer((request, response) => {
    before?.(response);
    app(request, response);
  });
  server.on('upgrade', (request, socket, head) => {
    socket.end(`HTTP/1.1 101 Switching\r\nupgrade: echo\r\n\r\n${request.url}${head}`);
  });
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, server, log };
}

/** Sends these bytes and gives back every byte that comes until the server closes, or until `enough` bytes came. */
async function exchanged(
  { port }: Running,
  bytes: string | Buffer,
  enough = Infinity,
): Promise<Buffer> {
  const socket = connect(port, '127.0.0.1');
  const received: Buffer[] = [];
  let length = 0;
  socket.on('data', (chunk) => {
    received.push(chunk);
    length += chunk.length;
    if (length >= enough) socket.destroy();
  });
  socket.on('error', () => undefined);
  socket.write(bytes);
  await once(socket, 'close');
  return Buffer.concat(received);
}

const close = 'Host: a\r\nConnection: close\r\n';
const long = 'y'.repeat(300_000);

const requests: Readonly<Record<string, string>> = {
  JSON: `GET /json HTTP/1.1\r\n${close}\r\n`,
  HEAD: `HEAD /json HTTP/1.1\r\n${close}\r\n`,
  'not modified': `GET /text HTTP/1.1\r\n${close}If-None-Match: W/"5-V+w2ZBMRLXWlpVM2nQ3WTO0nkSA"\r\n\r\n`,
  'not modified for anything': `GET /json HTTP/1.1\r\n${close}If-None-Match: *\r\n\r\n`,
  text: `GET /text HTTP/1.1\r\n${close}\r\n`,
  'no content': `GET /empty HTTP/1.1\r\n${close}\r\n`,
  'another encoding': `GET /latin1 HTTP/1.1\r\n${close}\r\n`,
  'hexadecimal text': `GET /hex HTTP/1.1\r\n${close}\r\n`,
  'a redirection': `GET /redirect HTTP/1.1\r\n${close}\r\n`,
  'a body larger than is kept': `GET /big HTTP/1.1\r\n${close}\r\n`,
  'a range': `GET /big HTTP/1.1\r\n${close}Range: bytes=0-9\r\n\r\n`,
  'a piped stream': `GET /stream HTTP/1.1\r\n${close}\r\n`,
  'a compressed stream': `GET /gzip HTTP/1.1\r\n${close}\r\n`,
  'a compressed body that is cut off': `GET /broken-gzip HTTP/1.1\r\n${close}\r\n`,
  'chunks of several kinds': `GET /chunks HTTP/1.1\r\n${close}\r\n`,
  'a head as a flat list': `GET /raw-head HTTP/1.1\r\n${close}\r\n`,
  trailers: `GET /trailers HTTP/1.1\r\n${close}\r\n`,
  'early hints': `GET /early HTTP/1.1\r\n${close}\r\n`,
  'an error that is thrown': `GET /thrown HTTP/1.1\r\n${close}\r\n`,
  'an error by rejection': `GET /rejected HTTP/1.1\r\n${close}\r\n`,
  'an error after the head': `GET /late-error HTTP/1.1\r\n${close}\r\n`,
  'a write after the end': `GET /twice HTTP/1.1\r\n${close}\r\n`,
  'a wrong argument': `GET /wrong HTTP/1.1\r\n${close}\r\n`,
  'a response that is destroyed': `GET /destroyed HTTP/1.1\r\n${close}\r\n`,
  'an unknown route': `GET /nowhere HTTP/1.1\r\n${close}\r\n`,
  'a request body': `POST /echo HTTP/1.1\r\n${close}Content-Length: 5\r\n\r\nhello`,
  'a chunked request body with trailers': `POST /echo HTTP/1.1\r\n${close}Transfer-Encoding: chunked\r\nTrailer: x-t\r\n\r\n5\r\nhello\r\n0\r\nx-t: 1\r\n\r\n`,
  'a request body larger than is kept': `POST /echo HTTP/1.1\r\n${close}Content-Length: ${long.length}\r\n\r\n${long}`,
  'a parsed request body': `POST /parsed HTTP/1.1\r\n${close}Content-Type: application/json\r\nContent-Length: 9\r\n\r\n{"a":1.0}`,
  'a request body that is no JSON': `POST /parsed HTTP/1.1\r\n${close}Content-Type: application/json\r\nContent-Length: 4\r\n\r\n{"a"`,
  'a request body that nobody reads': `POST /unread HTTP/1.1\r\n${close}Content-Length: 5\r\n\r\nhello`,
  'a body that is waited for': `POST /echo HTTP/1.1\r\n${close}Expect: 100-continue\r\nContent-Length: 2\r\n\r\nok`,
  'several requests on one connection': `GET /json HTTP/1.1\r\nHost: a\r\n\r\nPOST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nokGET /text HTTP/1.1\r\n${close}\r\n`,
  'HTTP 1.0': 'GET /stream HTTP/1.0\r\n\r\n',
  'an upgrade': `GET /socket HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nbytes`,
  'what is no HTTP': 'hello\r\n\r\n',
  OPTIONS: `OPTIONS /json HTTP/1.1\r\n${close}\r\n`,
};

describe('an application with the guard', () => {
  let plain: Running;
  const guarded: Record<string, Running> = {};
  const rejections: unknown[] = [];
  const onRejection = (reason: unknown): unknown => rejections.push(reason);

  beforeAll(async () => {
    process.on('unhandledRejection', onRejection);
    plain = await running(() => undefined);
    const desk = aDesk();
    guarded.middleware = await running((app) => void app.use(expressMiddleware(desk)));
    const hooks = httpHooks(aDesk());
    const span = {
      spanContext: () => ({ traceFlags: 1 }),
      isRecording: () => true,
      setAttributes: () => undefined,
    } as never;
    guarded.instrumentation = await running(
      () => undefined,
      (response) => {
        hooks.responseHook(span, response);
        response.on('close', () => hooks.applyCustomAttributesOnSpan(span, response.req, response));
      },
    );
  });

  afterAll(() => {
    process.off('unhandledRejection', onRejection);
    for (const { server } of [plain, ...Object.values(guarded)]) {
      server.close();
      server.closeAllConnections();
    }
  });

  test.each(Object.entries(requests))('answers byte for byte as without: %s', async (_, bytes) => {
    plain.log.length = 0;
    const expected = await exchanged(plain, bytes);
    for (const one of Object.values(guarded)) {
      one.log.length = 0;
      expect((await exchanged(one, bytes)).equals(expected)).toBe(true);
      expect(one.log).toEqual(plain.log);
    }
    expect(rejections).toEqual([]);
  });

  test.each(['/stream', '/unfinished', '/gzip'])(
    'notices like without it that a client goes away: %s',
    async (path) => {
      const bytes = `GET ${path} HTTP/1.1\r\n${close}\r\n`;
      const events = async (one: Running): Promise<readonly string[]> => {
        one.log.length = 0;
        await exchanged(one, bytes, 10);
        while (!one.log.includes('response close')) await new Promise(setImmediate);
        return one.log.filter((event) => event !== 'response drain');
      };
      const expected = await events(plain);
      for (const one of Object.values(guarded)) expect(await events(one)).toEqual(expected);
    },
  );

  test('writes random pieces in random ways as without it', async () => {
    const before = judged;
    for (let seed = 1; seed <= 60; seed += 1) {
      const bytes = `GET /random?seed=${seed} HTTP/1.1\r\n${close}\r\n`;
      plain.log.length = 0;
      const expected = await exchanged(plain, bytes);
      for (const one of Object.values(guarded)) {
        one.log.length = 0;
        expect((await exchanged(one, bytes)).equals(expected), `seed ${seed}`).toBe(true);
        expect(one.log, `seed ${seed}`).toEqual(plain.log);
      }
    }
    expect(judged).toBeGreaterThan(before + 60);
    expect(rejections).toEqual([]);
  });
});
