import type { Span } from '@opentelemetry/api';
import type { AmqplibInstrumentationConfig } from '@opentelemetry/instrumentation-amqplib';
import type { HttpInstrumentationConfig } from '@opentelemetry/instrumentation-http';
import type { UndiciInstrumentationConfig } from '@opentelemetry/instrumentation-undici';
import { afterAll, describe, expect, test } from 'vitest';
import { serviceInstrumentations } from './service-instrumentations.ts';

const all = { enabled: undefined, disabled: [] };
const instrumentations = serviceInstrumentations(all, {
  silent: ['/_pact/'],
  complain: () => undefined,
});

afterAll(() => {
  for (const instrumentation of instrumentations) instrumentation.disable();
});

function configOf<Config>(name: string): Config {
  const found = instrumentations.find(({ instrumentationName }) =>
    instrumentationName.endsWith(name),
  );
  return found?.getConfig() as Config;
}

/** Keeps what is set on it. */
function aSpan(name = 'publish events') {
  const attributes: Record<string, unknown> = {};
  const setAttribute = (name: string, value: unknown) => {
    attributes[name] = value;
  };
  return { span: { name, setAttribute } as unknown as Span, attributes };
}

describe('the instrumentations of a service', () => {
  test.each([
    { path: '/health', silent: true },
    { path: '/health/db?full=1', silent: true },
    { path: '/healthcare', silent: false },
    { path: '/readyz', silent: true },
    { path: '/_pact/provider-states', silent: true },
    { path: '/v1/orders', silent: false },
    { path: undefined, silent: false },
  ])('make no spans of health checks and the verifier: $path', ({ path, silent }) => {
    const http = configOf<HttpInstrumentationConfig>('-http');
    const undici = configOf<UndiciInstrumentationConfig>('-undici');
    expect(http.ignoreIncomingRequestHook?.({ url: path } as never)).toBe(silent);
    expect(http.ignoreOutgoingRequestHook?.({ path } as never)).toBe(silent);
    expect(undici.ignoreRequestHook?.({ path } as never)).toBe(silent);
  });

  test('name the event on both ends, whatever queue it comes through', () => {
    const amqp = configOf<AmqplibInstrumentationConfig>('-amqplib');
    const produced = aSpan();
    const consumed = aSpan('shipping.orders process');
    const properties = { type: 'order.placed', messageId: 'e-1' };
    amqp.publishHook?.(produced.span, { options: properties } as never);
    amqp.consumeHook?.(consumed.span, { msg: { properties } } as never);
    const expected = { 'cloudevents.event_type': 'order.placed', 'cloudevents.event_id': 'e-1' };
    expect(produced.attributes).toEqual(expected);
    expect(consumed.attributes).toEqual({
      ...expected,
      'messaging.destination.subscription.name': 'shipping.orders',
    });
  });

  test('add nothing to a message that names no event', () => {
    const amqp = configOf<AmqplibInstrumentationConfig>('-amqplib');
    const { span, attributes } = aSpan();
    amqp.publishHook?.(span, {} as never);
    amqp.consumeHook?.(span, { msg: { properties: {} } } as never);
    expect(attributes).toEqual({});
  });

  test.each(['cloudEvents:', 'cloudEvents_'])(
    'read a CloudEvent from headers that start with %s',
    (prefix) => {
      const amqp = configOf<AmqplibInstrumentationConfig>('-amqplib');
      const { span, attributes } = aSpan();
      const headers = {
        [`${prefix}type`]: 'order.placed',
        [`${prefix}id`]: 'e-1',
        [`${prefix}source`]: '/orders',
      };
      amqp.consumeHook?.(span, { msg: { properties: { headers, type: 'other' } } } as never);
      expect(attributes).toEqual({
        'cloudevents.event_type': 'order.placed',
        'cloudevents.event_id': 'e-1',
        'cloudevents.event_source': '/orders',
      });
    },
  );

  test.each([
    { enabled: ['http', 'amqplib'], disabled: [], expected: ['http', 'amqplib'] },
    { enabled: ['http', 'amqplib'], disabled: ['http'], expected: ['amqplib'] },
    {
      enabled: undefined,
      disabled: ['pg', 'ioredis', 'socket.io', 'graphql'],
      expected: ['http', 'undici', 'express', 'amqplib'],
    },
  ])('are those chosen: $enabled without $disabled', ({ enabled, disabled, expected }) => {
    const chosen = serviceInstrumentations(
      { enabled, disabled },
      { silent: [], complain: () => undefined },
    );
    for (const one of chosen) one.disable();
    expect(chosen.map(({ instrumentationName }) => instrumentationName.split('-').at(-1))).toEqual(
      expected,
    );
  });

  test('a name that is none of them is complained about', () => {
    const complaints: string[] = [];
    const chosen = serviceInstrumentations(
      { enabled: [], disabled: ['dns'] },
      { silent: [], complain: (complaint) => complaints.push(complaint) },
    );
    expect(chosen).toEqual([]);
    expect(complaints).toEqual([expect.stringContaining("no instrumentation 'dns'")]);
  });
});
