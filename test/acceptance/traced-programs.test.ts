import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTestHub, type TestHub } from './start-hub.ts';
import { buildInstrumentation, JsonCollector, ProgramFolder } from './traced-program.ts';

const register = '@concordat/instrumentation/register';

/** A service with a route, a call by fetch and a call by a function imported from node:http. */
const body = `
const app = express();
app.get('/health', (_, response) => response.send('ok'));
app.get('/orders/:id', async (_, response) => {
  await (await fetch(process.env.PRICES_URL + '/prices/1')).text();
  get(process.env.PRICES_URL + '/prices/2', (answer) => {
    answer.resume();
    answer.once('end', () => response.send('ok'));
  });
});
const server = app.listen(0, '127.0.0.1', () => console.log('ready', server.address().port));
`;
const imports = `import express from 'express';\nimport { get } from 'node:http';\n`;
const requires = `const express = require('express');\nconst { get } = require('node:http');\n`;
const options = `{ service: process.env.SERVICE ?? 'orders', version: '1.0.0', environment: 'test' }`;

const programs = {
  'app.mjs': imports + body,
  'app.mts': imports + body,
  'app.cjs': requires + body,
  'app.ts': requires + body,
  'start.mjs': `import { startTracing } from '@concordat/instrumentation';
    startTracing(${options});
    await import('./app.mjs');`,
  'start.cjs': `require('@concordat/instrumentation').startTracing(${options});\n${requires}${body}`,
};

describe('a program that is traced', () => {
  let folder: ProgramFolder;
  let hub: TestHub;
  let prices: Server;
  let env: Record<string, string>;

  beforeAll(async () => {
    await buildInstrumentation();
    folder = new ProgramFolder();
    folder.write('package.json', { name: 'orders', version: '9.9.9' });
    for (const [name, content] of Object.entries(programs)) folder.write(name, content);
    hub = await startTestHub();
    prices = createServer((_, response) => response.end('1')).listen(0, '127.0.0.1');
    await once(prices, 'listening');
    env = {
      PRICES_URL: `http://127.0.0.1:${(prices.address() as AddressInfo).port}`,
      OTEL_EXPORTER_OTLP_ENDPOINT: String(hub.otlpUrl),
    };
  }, 120_000);

  afterAll(async () => {
    await folder.remove();
    await hub.close();
    prices.close();
    prices.closeAllConnections();
  });

  /** What the hub shows of one service, a line for each span, once it has these many. */
  function spansOf(service: string, count: number): Promise<readonly string[]> {
    return vi.waitFor(async () => {
      const answer = await fetch(`${hub.url}/api/traces?service=${service}&limit=20`);
      const { data } = (await answer.json()) as { data: readonly Trace[] };
      const lines = data.flatMap(({ spans }) => spans.map(describeSpan));
      if (lines.length < count) throw new Error(`only ${lines.join()}`);
      return lines.sort();
    }, 10_000);
  }

  interface Trace {
    readonly spans: readonly {
      readonly operationName: string;
      readonly tags: readonly { readonly key: string; readonly value: unknown }[];
    }[];
  }

  function describeSpan({ operationName, tags }: Trace['spans'][number]): string {
    const tag = (name: string): unknown => tags.find(({ key }) => key === name)?.value ?? '';
    const path = tag('url.full') === '' ? tag('url.path') : String(tag('url.full')).slice(-9);
    return `${tag('span.kind')} ${operationName} ${tag('http.route') || path}`;
  }

  test.each([
    { mode: 'an ES module, by --import', args: ['--import', register, 'app.mjs'] },
    { mode: 'an ES module, by a call before it', args: ['start.mjs'] },
    { mode: 'CommonJS, by --require', args: ['--require', register, 'app.cjs'] },
    { mode: 'CommonJS, by --import', args: ['--import', register, 'app.cjs'] },
    { mode: 'CommonJS, by a call before it', args: ['start.cjs'] },
    { mode: 'an ES module under tsx', args: ['--import', 'tsx', '--import', register, 'app.mts'] },
    {
      mode: 'an ES module, tsx after it',
      args: ['--import', register, '--import', 'tsx', 'app.mts'],
    },
    { mode: 'CommonJS under tsx', args: ['--import', 'tsx', '--import', register, 'app.ts'] },
  ])(
    'shows the hub the same spans: $mode',
    async ({ mode, args }) => {
      const service = mode.replaceAll(/\W+/g, '-');
      const program = folder.run(args, {
        ...env,
        // Of the two a mode reads one.
        OTEL_SERVICE_NAME: service,
        SERVICE: service,
        OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
      });
      const url = await program.url();
      await fetch(`${url}/health`);
      expect(await (await fetch(`${url}/orders/7`)).text()).toBe('ok');
      expect(await program.end('SIGTERM')).toEqual({ code: null, signal: 'SIGTERM' });
      expect(await spansOf(service, 3)).toEqual([
        'client GET /prices/1',
        'client GET /prices/2',
        'server GET /orders/:id /orders/:id',
      ]);
      expect(program.output).toBe(`ready ${new URL(url).port}\n`);
    },
    60_000,
  );

  test.each([
    {
      what: 'express in CommonJS',
      name: 'late.cjs',
      text: `${requires}require('@concordat/instrumentation').startTracing(${options});${body}`,
      warned: ["'http' was loaded before", "'express' was loaded before"],
    },
    {
      what: 'express in an ES module',
      name: 'late.mjs',
      text: `import { startTracing } from '@concordat/instrumentation';\n${imports}startTracing(${options});${body}`,
      warned: ["'express' was loaded before"],
    },
  ])(
    'that loads $what too early is told which, and how to mend it',
    async ({ name, text, warned }) => {
      folder.write(name, text);
      const program = folder.run([name], env);
      await program.url();
      const lines = program.output.split('\n').filter((line) => line.startsWith('tracing:'));
      expect(lines).toEqual(warned.map((part) => expect.stringContaining(part)));
      expect(lines.join()).toContain(`--import ${register}`);
      await program.end('SIGTERM');
    },
    60_000,
  );

  test('twice is told that the second time changes nothing', async () => {
    const program = folder.run(['--import', register, 'start.mjs'], {
      ...env,
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    });
    await program.said(/runs already, so the options of this startTracing\(\) are ignored/);
    await program.url();
    await program.end('SIGTERM');
  }, 60_000);

  test('loads nothing when tracing is switched off', async () => {
    folder.write(
      'off.mjs',
      `import { startTracing } from '@concordat/instrumentation';
       import { createRequire } from 'node:module';
       startTracing();
       const loaded = Object.keys(createRequire(import.meta.url).cache);
       console.log('loaded', loaded.filter((file) => file.includes('sdk-node')).length, '.');`,
    );
    const program = folder.run(['off.mjs'], { OTEL_SDK_DISABLED: 'true' });
    expect(await program.ended).toEqual({ code: 0, signal: null });
    expect(program.output).toBe('loaded 0 .\n');
  }, 60_000);
});

describe('a program that ends', () => {
  let folder: ProgramFolder;
  let collector: JsonCollector;
  let env: Readonly<Record<string, string>>;

  beforeAll(async () => {
    await buildInstrumentation();
    folder = new ProgramFolder();
    folder.write('package.json', { name: 'ending', version: '1.0.0' });
  }, 120_000);

  afterAll(() => folder.remove());

  async function start(ending: string, extra: Record<string, string> = {}) {
    collector = new JsonCollector();
    env = await collector.start();
    folder.write(
      'ending.mjs',
      `import { startTracing } from '@concordat/instrumentation';
       const tracing = startTracing();
       const { trace } = await import('@opentelemetry/api');
       const span = () => trace.getTracer('test').startSpan('last').end();
       ${ending}`,
    );
    return folder.run(['ending.mjs'], { ...env, OTEL_BSP_SCHEDULE_DELAY: '60000', ...extra });
  }

  afterEach(() => collector.stop());

  const stay = `setInterval(() => undefined, 1000); console.log('ready 1');`;

  test.each([
    {
      how: 'a signal it does not handle',
      ending: `span(); ${stay}`,
      signal: 'SIGTERM',
      ended: { code: null, signal: 'SIGTERM' },
    },
    {
      how: 'Ctrl-C',
      ending: `span(); ${stay}`,
      signal: 'SIGINT',
      ended: { code: null, signal: 'SIGINT' },
    },
    {
      how: 'its own handler, once',
      ending: `process.once('SIGTERM', () => { span(); setTimeout(() => process.exit(3), 500); }); ${stay}`,
      signal: 'SIGTERM',
      ended: { code: 3, signal: null },
    },
    {
      how: 'a shutdown it waits for',
      ending: `process.on('SIGTERM', async () => { span(); await tracing.shutdown(); process.exit(4); }); ${stay}`,
      signal: 'SIGTERM',
      ended: { code: 4, signal: null },
    },
    {
      how: 'having nothing more to do',
      ending: 'span(); process.exitCode = 5;',
      signal: undefined,
      ended: { code: 5, signal: null },
    },
    {
      how: 'an exception that nobody catches',
      ending: `span(); setTimeout(() => { throw new TypeError('broken on purpose'); }, 10); ${stay}`,
      signal: undefined,
      ended: { code: 1, signal: null },
    },
    {
      how: 'a rejection that nobody handles',
      ending: `span(); Promise.reject(new TypeError('broken on purpose')); ${stay}`,
      signal: undefined,
      ended: { code: 1, signal: null },
    },
    {
      how: 'its own handler of exceptions',
      ending: `process.on('uncaughtException', () => setTimeout(() => process.exit(6), 500));
        span(); setTimeout(() => { throw new TypeError('broken on purpose'); }, 10); ${stay}`,
      signal: undefined,
      ended: { code: 6, signal: null },
    },
  ] as const)(
    'by $how sends its last span first',
    async ({ ending, signal, ended }) => {
      const program = await start(ending);
      if (signal !== undefined) {
        await program.said(/ready/);
        program.send(signal);
      }
      expect(await program.ended).toEqual(ended);
      expect(collector.spans.map(({ name }) => name)).toEqual(['last']);
      expect(program.output.includes('TypeError: broken on purpose')).toBe(ended.code === 1);
      expect(program.output).not.toContain('tracing:');
    },
    60_000,
  );

  test('by process.exit() alone is told what it lost', async () => {
    const program = await start('span(); process.exit(0);');
    expect(await program.ended).toEqual({ code: 0, signal: null });
    expect(program.output).toMatch(
      /^tracing: 1 span was not delivered \(.*await tracing\.shutdown\(\)/,
    );
  }, 60_000);

  test.each([
    {
      how: 'a signal',
      ending: `span(); ${stay}`,
      signal: 'SIGTERM',
      ended: { code: null, signal: 'SIGTERM' },
    },
    {
      how: 'having nothing more to do',
      ending: 'span();',
      signal: undefined,
      ended: { code: 0, signal: null },
    },
    {
      how: 'an exception',
      ending: `span(); setTimeout(() => { throw new Error('broken on purpose'); }, 10); ${stay}`,
      signal: undefined,
      ended: { code: 1, signal: null },
    },
  ] as const)(
    'by $how is not held by a hub that never answers, and says the loss once',
    async ({ ending, signal, ended }) => {
      const program = await start(ending);
      collector.status = 0;
      if (signal !== undefined) {
        await program.said(/ready/);
        program.send(signal);
      }
      expect(await program.ended).toEqual(ended);
      expect(program.output.match(/1 span was not delivered/g)).toHaveLength(1);
    },
    60_000,
  );

  test('works on while the hub is away, and says the loss once', async () => {
    const program = await start(
      `setInterval(span, 5); setTimeout(() => { console.log('dropped', tracing.dropped() > 1); process.exit(); }, 2000);`,
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
        OTEL_BSP_SCHEDULE_DELAY: '20',
        OTEL_EXPORTER_OTLP_TIMEOUT: '100',
      },
    );
    expect(await program.ended).toEqual({ code: 0, signal: null });
    expect(program.output).toContain('dropped true');
    expect(program.output.match(/tracing:/g)).toHaveLength(1);
  }, 60_000);
});
