import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { plugGuard } from '../guard-plug.ts';
import { startSdk } from '../start-tracing.ts';
import { startGuard } from './start-guard.ts';

describe('starting the guard', () => {
  let asked: string[];
  let hubUrl: string;
  let stop: () => void;

  beforeEach(async () => {
    asked = [];
    const server = createServer((request, response) => {
      asked.push(`${request.url} ${request.headers.authorization}`);
      response.end('{"pacts":[]}');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    hubUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    stop = () => {
      server.close();
      server.closeAllConnections();
    };
  });

  afterEach(() => stop());

  const list = (query: string): string => `/insights/guard/pacts?${query}`;
  const identity = { service: 'orders', version: '1.4.0', environment: 'production' };

  test('asks the hub for the pacts of the service, as the variables say', async () => {
    const said: string[] = [];
    const guard = startGuard({
      env: {
        ...{ CONCORDAT_HUB_URL: hubUrl, PACT_BROKER_TOKEN: 't', OTEL_SERVICE_NAME: 'orders' },
        ...{ OTEL_RESOURCE_ATTRIBUTES: 'service.version=2', CONCORDAT_GUARD_RATE: 'much' },
      },
      say: (line) => said.push(line),
    });
    await guard.ready;
    expect(asked).toEqual([list('pacticipant=orders&version=2 Bearer t')]);
    expect(said).toEqual([expect.stringContaining("guard: CONCORDAT_GUARD_RATE is 'much'")]);
    guard.stop();
    expect(Object.values(guard.counts().checks)).toEqual([0, 0, 0, 0]);
  });

  test('by options wins over the variables', async () => {
    const guard = startGuard({
      ...identity,
      hubUrl: `${hubUrl}/`,
      token: 'own',
      env: { CONCORDAT_HUB_URL: 'http://127.0.0.1:9' },
    });
    await guard.ready;
    expect(asked).toEqual([
      list('pacticipant=orders&environment=production&version=1.4.0 Bearer own'),
    ]);
    guard.stop();
  });

  test('without a hub is said once on standard error, and nothing else happens', async () => {
    stop();
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      const guard = startGuard({ ...identity, hubUrl, env: {} });
      await guard.ready;
      guard.stop();
      const said = write.mock.calls.map(([line]) => String(line));
      expect(said).toEqual([
        expect.stringMatching(/^guard: http.* gives no pacts \(.*ECONNREFUSED/),
      ]);
    } finally {
      write.mockRestore();
    }
  });

  test.each([
    { what: 'an option', guard: true, env: {} },
    { what: 'options', guard: { sides: 'provider' as const }, env: {} },
    { what: 'a variable', guard: undefined, env: { CONCORDAT_GUARD: 'on' } },
  ])('comes with tracing by $what', async ({ guard, env }) => {
    const tracing = startSdk({
      ...{ ...identity, say: () => undefined },
      ...(guard === undefined ? {} : { guard }),
      env: { ...env, OTEL_TRACES_EXPORTER: 'none', CONCORDAT_HUB_URL: hubUrl },
    });
    await vi.waitFor(() => expect(asked).toHaveLength(1), 10_000);
    expect(asked[0]).toContain('pacticipant=orders&environment=production&version=1.4.0');
    await tracing.shutdown();
  });

  test.each([
    { what: 'nobody wants it', guard: undefined, env: {} },
    { what: 'the option says no', guard: false, env: { CONCORDAT_GUARD: 'on' } },
    { what: 'the variable says no', guard: true, env: { CONCORDAT_GUARD: 'off' } },
    { what: 'pacts are replayed', guard: true, env: { CONCORDAT_VERIFYING: '1' } },
  ])('does not come with tracing when $what', async ({ guard, env }) => {
    const tracing = startSdk({
      ...{ ...identity, say: () => undefined },
      ...(guard === undefined ? {} : { guard }),
      env: { ...env, OTEL_TRACES_EXPORTER: 'none', CONCORDAT_HUB_URL: hubUrl },
    });
    await new Promise(setImmediate);
    await tracing.shutdown();
    expect(asked).toEqual([]);
  });

  test('that fails is said, and the instrumentations go on without it', async () => {
    const complaints: string[] = [];
    const plug = plugGuard(
      () => Promise.reject(new Error('not there')),
      (complaint) => complaints.push(complaint),
    );
    plug.start();
    await vi.waitFor(
      () => expect(complaints).toEqual(['the guard could not start: Error: not there']),
      10_000,
    );
    const span = undefined as never;
    const { http, undici, amqplib } = plug.hooks;
    http.requestHook(span, span);
    http.responseHook(span, span);
    http.applyCustomAttributesOnSpan(span, span, span);
    undici.requestHook(span, span);
    amqplib.publishHook(span, span);
    amqplib.publishConfirmHook(span, span);
    amqplib.consumeEndHook(span, span);
    plug.stop();
  });

  test('is not made when tracing has ended before it was loaded', async () => {
    let made = 0;
    let loaded = (): void => undefined;
    const load = new Promise<void>((resolve) => {
      loaded = resolve;
    });
    const make = (): never => {
      made += 1;
      throw new Error('made');
    };
    const plug = plugGuard(
      () => load.then(() => ({ make })),
      () => undefined,
    );
    plug.start();
    plug.stop();
    loaded();
    await load;
    await new Promise(setImmediate);
    expect(made).toBe(0);
  });
});
