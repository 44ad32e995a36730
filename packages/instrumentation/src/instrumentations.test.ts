import type { Span } from '@opentelemetry/api';
import type { AmqplibInstrumentationConfig } from '@opentelemetry/instrumentation-amqplib';
import type { HttpInstrumentationConfig } from '@opentelemetry/instrumentation-http';
import type { UndiciInstrumentationConfig } from '@opentelemetry/instrumentation-undici';
import { afterAll, describe, expect, test } from 'vitest';
import { serviceInstrumentations } from './instrumentations.ts';

const instrumentations = serviceInstrumentations();

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
function aSpan() {
  const attributes: Record<string, unknown> = {};
  const setAttribute = (name: string, value: unknown) => {
    attributes[name] = value;
  };
  return { span: { setAttribute } as unknown as Span, attributes };
}

describe('the instrumentations of a service', () => {
  test.each([
    { path: '/health', silent: true },
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
    const consumed = aSpan();
    const properties = { type: 'order.placed', messageId: 'e-1' };
    amqp.publishHook?.(produced.span, { options: properties } as never);
    amqp.consumeHook?.(consumed.span, { msg: { properties } } as never);
    const expected = { 'cloudevents.event_type': 'order.placed', 'cloudevents.event_id': 'e-1' };
    expect([produced.attributes, consumed.attributes]).toEqual([expected, expected]);
  });

  test('add nothing to a message that names no event', () => {
    const amqp = configOf<AmqplibInstrumentationConfig>('-amqplib');
    const { span, attributes } = aSpan();
    amqp.publishHook?.(span, {} as never);
    amqp.consumeHook?.(span, { msg: { properties: {} } } as never);
    expect(attributes).toEqual({});
  });
});
