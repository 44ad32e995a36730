import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { aContract, anInteraction, aPact, aPublication } from './publishing.ts';
import { startTestHub, type TestHub, withEnvironments } from './start-hub.ts';
import { buildInstrumentation, JsonCollector, ProgramFolder } from './traced-program.ts';

const register = '@concordat/instrumentation/register';
const requires = `const express = require('express');`;
const imports = `import express from 'express';`;

/** Answers what breaks its pact, and asks for prices, which keep theirs. */
const routes = `
app.get('/things/1', async (_, response) => {
  const prices = await fetch(process.env.PRICES_URL + '/prices/1');
  response.json({ id: 'seven', price: (await prices.json()).cents });
});
app.listen(0, '127.0.0.1', function () { console.log('ready', this.address().port); });`;
const body = `const app = express();${routes}`;
const byHand = `const guard = startGuard({ service: 'shop', environment: 'test' });
const app = express();
app.use(guard.express());
globalThis.fetch = guard.fetch();${routes}`;

const programs = {
  'app.mjs': imports + body,
  'app.cjs': requires + body,
  'start.mjs': `import { startTracing } from '@concordat/instrumentation';
    startTracing({ guard: true });
    await import('./app.mjs');`,
  'start.cjs': `require('@concordat/instrumentation').startTracing({ guard: { sides: 'both' } });
    ${requires}${body}`,
  'by-hand.mjs': `import { startTracing } from '@concordat/instrumentation';
    startTracing();
    const { default: express } = await import('express');
    const { startGuard } = await import('@concordat/instrumentation/guard');
    ${byHand}`,
  'by-hand.cjs': `require('@concordat/instrumentation').startTracing();
    ${requires}
    const { startGuard } = require('@concordat/instrumentation/guard');
    ${byHand}`,
  'loads.mjs': `import { register } from 'node:module';
    register('data:text/javascript,' + encodeURIComponent(\`
      export const load = (url, context, next) => { process._rawDebug('loaded ' + url); return next(url, context); }\`));`,
};

describe('a program with the live guard', () => {
  const collector = new JsonCollector();
  let folder: ProgramFolder;
  let hub: TestHub;
  let prices: Server;
  let env: Record<string, string>;

  beforeAll(async () => {
    await buildInstrumentation();
    folder = new ProgramFolder();
    folder.write('package.json', { name: 'shop', version: '1.0.0' });
    for (const [name, content] of Object.entries(programs)) folder.write(name, content);
    hub = await startTestHub({ env: withEnvironments });
    const priced = aPact({
      ...{ consumer: { name: 'shop' }, provider: { name: 'prices' } },
      interactions: [
        anInteraction({
          request: { method: 'GET', path: '/prices/1' },
          response: { status: 200, body: { cents: 100 } },
        }),
      ],
    });
    await publish(aPublication());
    await publish(
      aPublication({
        pacticipantName: 'shop',
        contracts: [
          aContract({ consumerName: 'shop', providerName: 'prices' }, JSON.stringify(priced)),
        ],
      }),
    );
    prices = createServer((_, response) => {
      response.setHeader('content-type', 'application/json').end('{"cents":250}');
    }).listen(0, '127.0.0.1');
    await once(prices, 'listening');
    env = {
      ...(await collector.start()),
      PRICES_URL: `http://127.0.0.1:${(prices.address() as AddressInfo).port}`,
      CONCORDAT_HUB_URL: hub.url,
    };
  }, 120_000);

  beforeEach(() => {
    collector.spans.length = 0;
  });

  afterAll(async () => {
    await folder.remove();
    await hub.close();
    collector.stop();
    prices.close();
    prices.closeAllConnections();
  });

  async function publish(publication: object): Promise<void> {
    const response = await fetch(`${hub.url}/contracts/publish`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(publication),
    });
    expect(response.status).toBe(200);
  }

  /** What the guard said on spans: kind, side, verdict, who and where. */
  function said(): readonly string[] {
    return collector.spans.flatMap(({ kind, attributes }) => {
      const told = ['side', 'verdict', 'consumer', 'provider', 'operation'].map(
        (name) => attributes[`concordat.guard.${name}`],
      );
      return told[0] === undefined ? [] : [[kind, ...told].join(' ')];
    });
  }

  test.each([
    { mode: 'CommonJS, by an option', args: ['start.cjs'], client: 'client' },
    {
      mode: 'by a variable alone',
      args: ['--import', register, 'app.mjs'],
      extra: { CONCORDAT_GUARD: 'on' },
      client: 'client',
    },
    // Its fetch is looked at after the instrumentation, which has ended the span by then.
    { mode: 'an ES module, mounted by hand', args: ['by-hand.mjs'], client: 'internal' },
    { mode: 'CommonJS, mounted by hand', args: ['by-hand.cjs'], client: 'internal' },
  ])(
    'says on the spans of its exchanges what the pacts say: $mode',
    async ({ args, extra = {}, client }) => {
      const program = folder.run(args, { ...env, ...extra });
      const url = await program.url();
      // Its pacts come while it serves already.
      await vi.waitFor(
        async () => {
          const answer = await fetch(`${url}/things/1`);
          expect(await answer.json()).toEqual({ id: 'seven', price: 250 });
          expect(said().length).toBeGreaterThanOrEqual(2);
        },
        { timeout: 20_000, interval: 300 },
      );
      expect(new Set(said())).toEqual(
        new Set([
          'server provider broken web shop GET /things/{id}',
          `${client} consumer kept shop prices GET /prices/{id}`,
        ]),
      );
      expect(JSON.stringify(collector.spans)).not.toContain('seven');
      expect(
        collector.spans.filter(({ attributes }) =>
          String(attributes['url.full']).startsWith(hub.url),
        ),
      ).toEqual([]);
      expect(await program.end('SIGTERM')).toEqual({ code: null, signal: 'SIGTERM' });
      expect(program.output).toBe(`ready ${new URL(url).port}\n`);
    },
    60_000,
  );

  test('loads nothing of the guard when it is off', async () => {
    const args = ['--import', './loads.mjs', 'start.mjs'];
    folder.write('start.mjs', programs['start.mjs'].replace('{ guard: true }', ''));
    const program = folder.run(args, { ...env, CONCORDAT_GUARD: 'off' });
    await program.url();
    await program.end('SIGKILL');
    const loaded = program.output.split('\n').filter((line) => line.startsWith('loaded '));
    expect(loaded.some((line) => line.includes('instrumentation/dist/start-tracing.js'))).toBe(
      true,
    );
    expect(loaded.some((line) => line.includes('dist/guard/exchange-desk.js'))).toBe(false);
    expect(loaded.some((line) => line.includes('conformance'))).toBe(false);
  }, 60_000);

  test('ends by itself although its hub never answers', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    folder.write(
      'short.mjs',
      `import { startTracing } from '@concordat/instrumentation';
       startTracing({ guard: true });
       setTimeout(() => console.log('done'), 500);`,
    );
    const { port } = silent.address() as AddressInfo;
    const program = folder.run(['short.mjs'], {
      ...env,
      CONCORDAT_HUB_URL: `http://127.0.0.1:${port}`,
    });
    expect(await program.ended).toEqual({ code: 0, signal: null });
    // Had it waited for the answer, it would have said that none came.
    expect(program.output).toBe('done\n');
    silent.close();
    silent.closeAllConnections();
  }, 60_000);
});
