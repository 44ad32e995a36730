import { describe, expect, test } from 'vitest';
import { callPlaceOf } from './call-attributes.ts';
import { columnsOf } from './columns-of-spans.ts';
import { createPairing } from './pair-spans.ts';
import type { Span } from './span.ts';

describe('the attributes of calls', () => {
  test.each([
    'http.request.method',
    'http.method',
    'http.status_code',
    'http.url',
    'http.target',
    'http.host',
    'net.peer.name',
    'net.peer.port',
    'net.host.name',
    'peer.service',
    'messaging.destination',
    'messaging.operation',
    'messaging.rabbitmq.routing_key',
    'messaging.url',
    'db.system',
    'rpc.service',
    'db.statement',
  ])('%s is one', (name) => expect(callPlaceOf(name)).toBeGreaterThanOrEqual(0));

  test.each([
    'user_agent.original',
    'http.user_agent',
    'http.scheme',
    'net.transport',
    'thread.id',
  ])('%s is none', (name) => expect(callPlaceOf(name)).toBe(-1));

  test('a span that tells all its attributes and none of calls is paired by them', () => {
    const span: Span = {
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      parentSpanId: undefined,
      traceState: '',
      flags: 0,
      name: 'GET',
      kind: 'client',
      startMicros: 1,
      durationMicros: 2,
      status: 'unset',
      statusMessage: '',
      attributes: { 'http.request.method': 'GET', 'url.full': 'http://orders/v1/orders' },
      events: [],
      links: [],
      scope: { name: '', version: '' },
      resource: { service: 'web', version: '1', environment: undefined, attributes: {} },
    };
    const pairing = createPairing();
    pairing.add(columnsOf([span]), 0);
    expect(pairing.flush().calls.map((call) => call.provider.service)).toEqual(['orders']);
  });
});
