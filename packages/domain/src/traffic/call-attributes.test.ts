import { describe, expect, test } from 'vitest';
import { isCallAttribute } from './call-attributes.ts';
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
  ])('%s is one', (name) => expect(isCallAttribute(name)).toBe(true));

  test.each([
    'user_agent.original',
    'http.user_agent',
    'http.scheme',
    'net.transport',
    'db.statement',
    'thread.id',
  ])('%s is none', (name) => expect(isCallAttribute(name)).toBe(false));

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
    pairing.add([span], 0);
    expect(pairing.flush().map((call) => call.provider.service)).toEqual(['orders']);
  });
});
