import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  buildInstrumentation,
  type CollectedSpan,
  JsonCollector,
  ProgramFolder,
} from './traced-program.ts';

const register = '@concordat/instrumentation/register';

/** Prints everything its handlers get, so that two runs can be compared. */
const got = `
const got = (who, event, args) => console.log('got', JSON.stringify([who, event,
  args.map((arg) => typeof arg === 'function' ? 'an answer' : Buffer.isBuffer(arg) ? 'bytes ' + arg : arg)]));
`;

const server = `
${got}
const http = createServer();
const io = new Server(http);
for (const path of ['/', '/chat']) {
  io.of(path).on('connection', (socket) => {
    socket.onAny((event, ...args) => got('server any', event, args));
    socket.on('greet', (...args) => { got('server', 'greet', args); args.at(-1)?.('hello', 1); });
    socket.on('file', (...args) => got('server', 'file', args));
    socket.on('join', async (room, answer) => { await socket.join(room); answer(); });
    socket.on('shout', (room, text) => io.of(path).to(room).emit('shouted', text, Buffer.from('loud')));
    socket.on('tell others', (text) => socket.broadcast.emit('told', text));
    socket.on('ask back', async (answer) => answer(await socket.timeout(5000).emitWithAck('ask', 'name')));
    socket.on('poll', async (answer) => answer(await io.of(path).timeout(5000).emitWithAck('vote', 1)));
  });
}
http.listen(0, '127.0.0.1', () => console.log('ready', http.address().port));
`;

const client = `
${got}
const open = (name, path) => {
  const socket = connect(process.env.SERVER_URL + path, { forceNew: true, transports: [process.env.TRANSPORT] });
  socket.onAny((event, ...args) => got(name + ' any', event, args));
  for (const event of ['shouted', 'told']) socket.on(event, (...args) => got(name, event, args));
  socket.on('ask', (question, answer) => { got(name, 'ask', [question]); answer(name); });
  socket.on('vote', (number, answer) => { got(name, 'vote', [number]); answer(name); });
  return socket;
};
const ada = open('ada', '/');
const bob = open('bob', '/');
const eve = open('eve', '/chat');
got('early', 'reply', await new Promise((done) => ada.emit('greet', 'early', (...args) => done(args))));
got('ada', 'reply', [await ada.emitWithAck('greet', { deep: [1, null] })]);
got('eve', 'reply', [await eve.timeout(5000).emitWithAck('greet', Buffer.from('b'))]);
ada.emit('file', Buffer.from('one'), { two: Buffer.from('two') }, 'three');
await ada.emitWithAck('join', 'kitchen');
await bob.emitWithAck('join', 'kitchen');
const both = Promise.all([ada, bob].map((one) => new Promise((done) => one.once('shouted', done))));
ada.emit('shout', 'kitchen', 'soup');
await both;
const told = new Promise((done) => bob.once('told', done));
ada.emit('tell others', 'psst');
await told;
got('bob', 'asked', [await bob.emitWithAck('ask back')]);
got('ada', 'votes', (await ada.emitWithAck('poll')).sort());
console.log('done');
for (const one of [ada, bob, eve]) one.disconnect();
`;

const transports = ['websocket', 'polling'] as const;

const programs = {
  'server.mjs': `import { createServer } from 'node:http';\nimport { Server } from 'socket.io';\n${server}`,
  'server.cjs': `const { createServer } = require('http');\nconst { Server } = require('socket.io');\n${server}`,
  'client.mjs': `import { io as connect } from 'socket.io-client';\n${client}`,
  'client.cjs': `const { io: connect } = require('socket.io-client');\n(async () => {${client}})();`,
};

describe('Socket.IO between programs', () => {
  const folder = new ProgramFolder();
  const collector = new JsonCollector();
  let env: Readonly<Record<string, string>>;
  /** What handlers get when nobody is traced. */
  const untraced = new Map<string, readonly string[]>();

  beforeAll(async () => {
    await buildInstrumentation();
    folder.write('package.json', { name: 'sockets', version: '1.0.0' });
    for (const [name, content] of Object.entries(programs)) folder.write(name, content);
    env = await collector.start();
    const alone = { server: ['server.cjs'], client: ['client.cjs'] };
    for (const transport of transports)
      untraced.set(transport, await play({ ...alone, transport }));
  }, 180_000);

  afterAll(async () => {
    await folder.remove();
    collector.stop();
  });

  interface Pair {
    readonly server: readonly string[];
    readonly client: readonly string[];
    readonly transport: string;
  }

  /** Resolves with what all handlers of both programs got. */
  async function play({
    server: serving,
    client: calling,
    transport,
  }: Pair): Promise<readonly string[]> {
    collector.spans.length = 0;
    const first = folder.run(serving, { ...env, OTEL_SERVICE_NAME: 'kitchen' });
    const url = await first.url();
    const second = folder.run(calling, {
      ...env,
      OTEL_SERVICE_NAME: 'guests',
      SERVER_URL: url,
      TRANSPORT: transport,
    });
    await second.said(/^(done)$/m);
    expect(await second.ended).toEqual({ code: 0, signal: null });
    await first.end('SIGTERM');
    const lines = `${first.output}${second.output}`.split('\n');
    expect(lines.filter((line) => line.startsWith('tracing:'))).toEqual([]);
    return lines.filter((line) => line.startsWith('got')).sort();
  }

  const traced = (program: string): readonly string[] => ['--import', register, program];

  test.each([
    { who: 'neither', server: ['server.mjs'], client: ['client.mjs'] },
    { who: 'the server only', server: traced('server.mjs'), client: ['client.mjs'] },
    { who: 'the client only', server: ['server.cjs'], client: traced('client.cjs') },
    { who: 'both, as ES modules', server: traced('server.mjs'), client: traced('client.mjs') },
    { who: 'both, in CommonJS', server: traced('server.cjs'), client: traced('client.cjs') },
  ])(
    'handlers get the same when $who is traced',
    async ({ server: serving, client: calling }) => {
      for (const transport of transports) {
        const lines = await play({ server: serving, client: calling, transport });
        expect(lines).toEqual(untraced.get(transport));
        expect(lines.length).toBeGreaterThan(30);
      }
    },
    60_000,
  );

  test.each([
    { kind: 'ES modules', ending: 'mjs' },
    { kind: 'CommonJS', ending: 'cjs' },
  ])(
    'every handler is a child of the sending in the other program: $kind',
    async ({ ending }) => {
      await play({
        server: traced(`server.${ending}`),
        client: traced(`client.${ending}`),
        transport: 'websocket',
      });
      const consumed = await vi.waitFor(() => {
        const found = messages('consumer');
        // 3 greet, file, 2 join, shout, tell others, ask back, poll; 4 shouted, 2 told, ask, 2 vote (`once` counts too).
        expect(found).toHaveLength(19);
        return found;
      }, 10_000);
      const sent = messages('producer');
      for (const span of consumed) {
        const sender = sent.find(({ spanId }) => spanId === span.parentSpanId);
        expect(sender?.attributes['messaging.socket.io.event_name'], span.name).toBe(
          span.attributes['messaging.socket.io.event_name'],
        );
        expect(sender?.service).not.toBe(span.service);
      }
      // One message to two sockets is one sending.
      expect(sent.filter(({ name }) => name === 'send shouted')).toHaveLength(1);
      expect(
        collector.spans.filter(({ scope }) => scope.endsWith('instrumentation-socket.io')),
      ).toEqual([]);
    },
    60_000,
  );

  function messages(kind: CollectedSpan['kind']): readonly CollectedSpan[] {
    return collector.spans.filter((span) => span.kind === kind);
  }
});
