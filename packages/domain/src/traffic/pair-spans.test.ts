import { describe, expect, test } from 'vitest';
import type { Call, CallCause } from './call.ts';
import { columnsOf } from './columns-of-spans.ts';
import { isSelfCall } from './pair-halves.ts';
import { createPairing, type Pairing } from './pair-spans.ts';
import type { PairingOptions } from './pairing-options.ts';
import type { Attributes, Span, SpanKind, SpanLink } from './span.ts';

const second = 1_000_000;
const windowMicros = 20 * second;
const messageWindowMicros = 120 * second;
const traceId = '0af7651916cd43dd8448eb211c80319c';

interface SpanParts {
  readonly id: string;
  readonly kind: SpanKind;
  readonly service: string;
  readonly parent?: string;
  readonly trace?: string;
  readonly links?: readonly { readonly trace: string; readonly id: string }[];
  readonly attributes?: Attributes;
  readonly flags?: number;
  readonly traceState?: string;
  readonly status?: Span['status'];
  readonly environment?: string | undefined;
  readonly startMicros?: number;
}

function idOf(name: string): string {
  return Buffer.from(name.padEnd(8, '.')).toString('hex').slice(0, 16);
}

function aSpan(parts: SpanParts): Span {
  const { service, environment = 'production' } = parts;
  return {
    traceId: parts.trace ?? traceId,
    spanId: idOf(parts.id),
    parentSpanId: parts.parent === undefined ? undefined : idOf(parts.parent),
    traceState: parts.traceState ?? '',
    flags: parts.flags ?? 0,
    name: parts.id,
    kind: parts.kind,
    startMicros: parts.startMicros ?? 1000,
    durationMicros: 250.5,
    status: parts.status ?? 'unset',
    statusMessage: '',
    attributes: parts.attributes ?? {},
    events: [],
    links: (parts.links ?? []).map(
      (link): SpanLink => ({ traceId: link.trace, spanId: idOf(link.id), attributes: {} }),
    ),
    scope: { name: '', version: '' },
    resource: { service, version: `${service}-1`, environment, attributes: {} },
  };
}

const get = {
  'http.request.method': 'GET',
  'url.full': 'http://orders:3000/v1/orders/7?full=yes',
  'server.address': 'orders',
  'server.port': 3000,
};
const got = {
  'http.request.method': 'GET',
  'url.path': '/v1/orders/7',
  'url.query': 'full=yes',
  'http.route': '/v1/orders/:id',
  'http.response.status_code': 200,
};
const sent = {
  'messaging.system': 'rabbitmq',
  'messaging.destination.name': 'events',
  'messaging.rabbitmq.destination.routing_key': 'order.placed',
};

function client(parts: Partial<SpanParts> = {}): Span {
  return aSpan({ id: 'client', kind: 'client', service: 'web', attributes: get, ...parts });
}

function server(parts: Partial<SpanParts> = {}): Span {
  const own = { id: 'server', kind: 'server', service: 'orders', parent: 'client' } as const;
  return aSpan({ ...own, attributes: got, ...parts });
}

function producer(parts: Partial<SpanParts> = {}): Span {
  return aSpan({ id: 'send', kind: 'producer', service: 'orders', attributes: sent, ...parts });
}

function consumer(parts: Partial<SpanParts> = {}): Span {
  const own = { id: 'process', kind: 'consumer', service: 'shipping' } as const;
  return aSpan({ ...own, attributes: { 'messaging.system': 'rabbitmq' }, ...parts });
}

function inner(parts: Partial<SpanParts> & { readonly id: string }): Span {
  return aSpan({ kind: 'internal', service: 'web', ...parts });
}

function add(pairing: Pairing, spans: readonly Span[], nowMicros: number): readonly Call[] {
  return pairing.add(columnsOf(spans), nowMicros).calls;
}

/** consumer → provider, with `?` for a virtual peer and `~` for a concluded pair. */
function told(call: Call): string {
  const name = (peer: Call['consumer']) => `${peer.service}${peer.virtual ? '?' : ''}`;
  return `${name(call.consumer)} ${call.inferred ? '~>' : '->'} ${name(call.provider)}`;
}

/** Adds one span after the other, lets all windows end, and tells every call in the order it came. */
function callsOf(spans: readonly Span[], options: Partial<PairingOptions> = {}): readonly Call[] {
  const pairing = createPairing({ windowMicros, messageWindowMicros, ...options });
  const calls: Call[] = [];
  for (const span of spans) calls.push(...add(pairing, [span], 0));
  calls.push(...pairing.expire(windowMicros).calls, ...pairing.expire(messageWindowMicros).calls);
  return calls;
}

const other = '4bf92f3577b34da6a3ce929d0e0e4736';

interface PairingCase {
  readonly name: string;
  readonly spans: readonly Span[];
  readonly calls: readonly string[];
}

/** Each is tried in the order written and in the opposite order: spans arrive as they like. */
const cases: readonly PairingCase[] = [
  {
    name: 'a client and its server are one call',
    spans: [client(), server()],
    calls: ['web -> orders'],
  },
  {
    name: 'inner spans between a server and its outgoing client do not break the chain',
    spans: [
      server({ id: 'gw-in', service: 'gateway' }),
      client(),
      inner({ id: 'route', service: 'gateway', parent: 'gw-in' }),
      client({ id: 'gw-out', service: 'gateway', parent: 'route' }),
      server({ id: 'orders-in', parent: 'gw-out' }),
    ],
    calls: ['gateway -> orders', 'web -> gateway'],
  },
  {
    name: 'a client without instrumented server calls a virtual peer named by its address',
    spans: [client()],
    calls: ['web -> orders:3000?'],
  },
  {
    name: 'a peer that the client names itself wins over the address',
    spans: [client({ attributes: { ...get, 'service.peer.name': 'orders' } })],
    calls: ['web -> orders?'],
  },
  {
    name: 'an address without port names the virtual peer alone',
    spans: [
      client({ attributes: { 'http.request.method': 'GET', 'server.address': 'api.example' } }),
    ],
    calls: ['web -> api.example?'],
  },
  {
    name: 'without address the host of the URL names the virtual peer',
    spans: [
      client({ attributes: { 'http.request.method': 'GET', 'url.full': 'https://a.example/x' } }),
    ],
    calls: ['web -> a.example?'],
  },
  {
    name: 'a client that says nothing about where it called has an unknown peer',
    spans: [client({ attributes: { 'http.request.method': 'GET' } })],
    calls: ['web -> unknown?'],
  },
  {
    name: 'a root server was called by somebody outside: no consumer of a contract',
    spans: [aSpan({ id: 'server', kind: 'server', service: 'orders', attributes: got })],
    calls: ['user? -> orders'],
  },
  {
    name: 'a server whose remote parent never came was called by a service that does not report',
    spans: [server({ flags: 0x301 })],
    calls: ['unreported-caller? -> orders'],
  },
  {
    name: 'a server whose parent never came and is not known to be local has an unreported caller',
    spans: [server()],
    calls: ['unreported-caller? -> orders'],
  },
  {
    name: 'a server whose local parent never came is an incomplete trace and no call',
    spans: [server({ flags: 0x101 })],
    calls: [],
  },
  {
    name: 'a proxy that only passes the context on is not there: ids win over addresses',
    spans: [client({ attributes: { ...get, 'server.address': 'proxy' } }), server()],
    calls: ['web -> orders'],
  },
  {
    name: 'one client and two servers (hedging, a retry in a mesh) are two calls',
    spans: [client(), server(), server({ id: 'second', service: 'orders-b' })],
    calls: ['web -> orders', 'web -> orders-b'],
  },
  {
    name: 'client-side retries are a call each',
    spans: [
      client({ id: 'try-1', attributes: { ...get, 'http.response.status_code': 503 } }),
      client({ id: 'try-2' }),
      server({ id: 'in-1', parent: 'try-1' }),
      server({ id: 'in-2', parent: 'try-2' }),
    ],
    calls: ['web -> orders', 'web -> orders'],
  },
  {
    name: "a server right under another service's server is concluded",
    spans: [
      server({ id: 'up', service: 'gateway', parent: 'x', flags: 0x101 }),
      server({ parent: 'up' }),
    ],
    calls: ['gateway ~> orders'],
  },
  {
    name: "a server under another service's inner span is concluded",
    spans: [inner({ id: 'work' }), server({ parent: 'work' })],
    calls: ['web ~> orders'],
  },
  {
    name: 'a server under an inner span of its own service is inner work',
    spans: [inner({ id: 'work', service: 'orders' }), server({ parent: 'work' })],
    calls: [],
  },
  {
    name: 'an inner span that has the id of a server is not its parent',
    spans: [inner({ id: 'server' }), server({ flags: 0x301 })],
    calls: ['unreported-caller? -> orders'],
  },
  {
    name: 'a service that calls itself makes a call to itself',
    spans: [client({ service: 'orders' }), server()],
    calls: ['orders -> orders'],
  },
  {
    name: 'spans of old SDKs without kind are concluded across services',
    spans: [inner({ id: 'work' }), server({ kind: 'unspecified', parent: 'work' })],
    calls: ['web ~> orders'],
  },
  {
    name: 'a span without kind under a client is concluded',
    spans: [client(), server({ kind: 'unspecified' })],
    calls: ['web ~> orders'],
  },
  {
    name: 'a span without kind and without parent is nothing',
    spans: [aSpan({ id: 'work', kind: 'unspecified', service: 'orders', attributes: got })],
    calls: [],
  },
  {
    name: 'a span without kind whose parent never comes is nothing',
    spans: [server({ kind: 'unspecified' })],
    calls: [],
  },
  {
    name: "a span id that client and server share (Zipkin's way) is one call",
    spans: [
      inner({ id: 'work' }),
      client({ id: 'shared', parent: 'work' }),
      server({ id: 'shared', parent: 'work' }),
      server({ id: 'shareds', service: 'web', parent: 'work' }),
      server({ id: 'other', service: 'web', parent: 'work' }),
    ],
    calls: ['web -> orders'],
  },
  {
    name: 'spans of two traces do not pair, even with the same ids',
    spans: [client({ trace: other }), server({ flags: 0x101 })],
    calls: ['web -> orders:3000?'],
  },
  {
    name: 'a consumer under its producer: the receiver is the consumer of the contract',
    spans: [producer(), consumer({ parent: 'send' })],
    calls: ['shipping -> orders'],
  },
  {
    name: 'a consumer that links to its producer in another trace',
    spans: [producer({ trace: other }), consumer({ links: [{ trace: other, id: 'send' }] })],
    calls: ['shipping -> orders'],
  },
  {
    name: 'a parent that is linked too is one call',
    spans: [producer(), consumer({ parent: 'send', links: [{ trace: traceId, id: 'send' }] })],
    calls: ['shipping -> orders'],
  },
  {
    name: 'one producer and two consumers are two calls',
    spans: [
      producer(),
      consumer({ parent: 'send' }),
      consumer({ id: 'notify', service: 'notifications', parent: 'send' }),
    ],
    calls: ['notifications -> orders', 'shipping -> orders'],
  },
  {
    name: 'a batch consumer has a call for every message it links to',
    spans: [
      producer({ id: 'send-1', trace: other }),
      producer({ id: 'send-2', trace: other, service: 'payments' }),
      inner({ id: 'poll', service: 'shipping', kind: 'client', attributes: receive('receive') }),
      consumer({
        parent: 'poll',
        links: [
          { trace: other, id: 'send-1' },
          { trace: other, id: 'send-2' },
        ],
      }),
    ],
    calls: ['shipping -> orders', 'shipping -> payments'],
  },
  {
    name: 'a producer whose message nobody is seen to receive',
    spans: [producer()],
    calls: ['unreported-receiver? -> orders'],
  },
  {
    name: 'a consumer whose sender is not seen',
    spans: [consumer({ parent: 'gone' })],
    calls: ['shipping -> unreported-sender?'],
  },
  {
    name: 'a consumer whose linked sender is not seen',
    spans: [consumer({ links: [{ trace: other, id: 'gone' }] })],
    calls: ['shipping -> unreported-sender?'],
  },
  {
    name: 'messages without any context are joined by their channel (socket.io)',
    spans: [
      producer({ attributes: emitted('send') }),
      consumer({ trace: other, attributes: emitted('receive') }),
    ],
    calls: ['shipping ~> orders'],
  },
  {
    name: 'each emission counts once for each receiving service, however often that one is seen',
    spans: [
      producer({ attributes: emitted('send') }),
      producer({ id: 'send-2', attributes: emitted('send') }),
      consumer({ trace: other, attributes: emitted('receive') }),
      consumer({ id: 'again', trace: other, attributes: emitted('receive') }),
    ],
    calls: ['shipping ~> orders', 'shipping ~> orders'],
  },
  {
    name: 'channels of two environments are not joined',
    spans: [
      producer({ attributes: emitted('send'), environment: 'staging' }),
      consumer({ trace: other, attributes: emitted('receive') }),
    ],
    calls: ['shipping -> unreported-sender?', 'unreported-receiver? -> orders'],
  },
  {
    name: 'polling for messages is no call',
    spans: [client({ attributes: receive('receive') })],
    calls: [],
  },
  {
    name: 'settling a message is no call',
    spans: [client({ attributes: receive('settle') })],
    calls: [],
  },
  {
    name: 'a query of a database is a call of a virtual peer, named by the system',
    spans: [client({ attributes: { 'db.system.name': 'postgresql', 'server.address': 'db' } })],
    calls: ['web -> postgresql?'],
  },
  {
    name: 'a database is named by its namespace, a numbered one by its system, and both by the peer service',
    spans: [
      client({ id: 'a', attributes: { 'db.system.name': 'postgresql', 'db.namespace': 'shop' } }),
      client({ id: 'b', attributes: { 'db.system.name': 'redis', 'db.namespace': '0' } }),
      client({
        id: 'c',
        attributes: {
          'db.system': 'mssql',
          'db.name': 'shop',
          'peer.service': 'ledger',
        },
      }),
    ],
    calls: ['web -> ledger?', 'web -> redis?', 'web -> shop?'],
  },
  {
    name: 'a client and a server of remote procedures are one call',
    spans: [
      client({ attributes: { 'rpc.system': 'grpc', 'rpc.method': 'shop.Orders/Get' } }),
      server({ attributes: { 'rpc.system': 'grpc', 'rpc.method': 'shop.Orders/Get' } }),
    ],
    calls: ['web -> orders'],
  },
  {
    name: 'a consumer that links to the same message twice, and to its parent, answers once',
    spans: [
      producer(),
      consumer({
        parent: 'send',
        links: [
          { trace: traceId, id: 'send' },
          { trace: other, id: 'gone' },
          { trace: other, id: 'gone' },
        ],
      }),
    ],
    calls: ['shipping -> orders'],
  },
  {
    name: 'a root that shares its id with its caller (Zipkin) is one call',
    spans: [
      client({ id: 'shared' }),
      aSpan({ id: 'shared', kind: 'server', service: 'orders', attributes: got }),
    ],
    calls: ['web -> orders'],
  },
  {
    name: 'a consumer of a batch answers to its links, whoever has its id',
    spans: [
      producer({ id: 'shared', parent: 'up' }),
      producer({ id: 'send', trace: other, service: 'payments' }),
      consumer({ id: 'shared', parent: 'up', links: [{ trace: other, id: 'send' }] }),
    ],
    calls: ['shipping -> payments', 'unreported-receiver? -> orders'],
  },
  {
    name: 'a client of no known protocol without server is no call',
    spans: [client({ attributes: { 'server.address': 'dns' } })],
    calls: [],
  },
  {
    name: 'a server of no known protocol without client is no call',
    spans: [server({ attributes: {} })],
    calls: [],
  },
  {
    name: 'two halves of no known protocol are no call',
    spans: [client({ attributes: {} }), server({ attributes: {} })],
    calls: [],
  },
  {
    name: 'health checks are ignored',
    spans: [client(), server({ attributes: { ...got, 'url.path': '/healthz' } })],
    calls: [],
  },
  {
    name: 'a producer of no known system is no call',
    spans: [producer({ attributes: {} })],
    calls: [],
  },
  {
    name: 'a consumer without context and system is no call',
    spans: [consumer({ attributes: {} })],
    calls: [],
  },
  {
    name: 'a repeated span counts once',
    spans: [client(), server(), client(), server()],
    calls: ['web -> orders'],
  },
];

function receive(type: string): Attributes {
  return { ...sent, 'messaging.operation.type': type };
}

function emitted(type: string): Attributes {
  return {
    'messaging.system': 'socket.io',
    'messaging.destination.name': '/',
    'messaging.socket.io.event_name': 'delivery',
    'messaging.operation.type': type,
  };
}

describe.each(['as written', 'in the opposite order'] as const)('with spans %s', (order) => {
  test.each(cases)('$name', ({ spans, calls }) => {
    const arriving = order === 'as written' ? spans : [...spans].reverse();
    expect(callsOf(arriving).map(told).sort()).toEqual([...calls].sort());
  });
});

describe('when a call is told', () => {
  test.each([
    { name: 'client first', spans: [client(), server()] },
    { name: 'server first', spans: [server(), client()] },
  ])('a pair is told at once, $name', ({ spans }) => {
    const pairing = createPairing();
    expect(add(pairing, [spans[0] as Span], 0)).toEqual([]);
    expect(add(pairing, [spans[1] as Span], 1).map(told)).toEqual(['web -> orders']);
  });

  test('a late second server yields its own call', () => {
    const pairing = createPairing({ windowMicros });
    add(pairing, [client(), server()], 0);
    const late = server({ id: 'second', service: 'orders-b' });
    expect(add(pairing, [late], 15 * second).map(told)).toEqual(['web -> orders-b']);
  });

  test('a half alone is told when its window ends and not before', () => {
    const pairing = createPairing({ windowMicros });
    add(pairing, [client()], 0);
    expect(pairing.expire(windowMicros - 1).calls).toEqual([]);
    expect(pairing.expire(windowMicros).calls.map(told)).toEqual(['web -> orders:3000?']);
    expect(pairing.expire(10 * windowMicros).calls).toEqual([]);
  });

  test.each([
    { name: 'from sent to received', startMicros: 5000, transitMicros: 5000 - 1250.5 },
    { name: 'and never below zero', startMicros: 900, transitMicros: 0 },
  ])('a message travels $name', ({ startMicros, transitMicros }) => {
    const [call] = callsOf([producer(), consumer({ parent: 'send', startMicros })]);
    expect(call?.transitMicros).toBe(transitMicros);
  });

  test.each([
    { name: 'a request', spans: [client(), server()] },
    {
      name: 'a message whose sender is no producer',
      spans: [
        { ...producer(), kind: 'internal' as const },
        consumer({ parent: 'send', service: 'shipping' }),
      ],
    },
  ])('$name does not travel', ({ spans }) => {
    expect(callsOf(spans).map(({ transitMicros }) => transitMicros)).toEqual([undefined]);
  });

  test('messages wait longer than requests', () => {
    const pairing = createPairing({ windowMicros, messageWindowMicros });
    add(pairing, [producer(), client()], 0);
    expect(pairing.expire(windowMicros).calls.map(told)).toEqual(['web -> orders:3000?']);
    expect(add(pairing, [consumer({ parent: 'send' })], 100 * second).map(told)).toEqual([
      'shipping -> orders',
    ]);
  });

  test('a client whose window has ended pairs no more', () => {
    const pairing = createPairing({ windowMicros });
    add(pairing, [client(), server()], 0);
    pairing.expire(windowMicros).calls;
    expect(add(pairing, [server({ id: 'late' })], windowMicros)).toEqual([]);
  });

  test('flush concludes every half at once', () => {
    const pairing = createPairing();
    add(pairing, [client(), producer()], 0);
    expect(pairing.flush().calls.map(told)).toEqual([
      'web -> orders:3000?',
      'unreported-receiver? -> orders',
    ]);
    expect(pairing.counts().held).toBe(0);
  });

  test('an old channel partner is forgotten', () => {
    const pairing = createPairing({ messageWindowMicros });
    add(pairing, [consumer({ trace: other, attributes: emitted('receive') })], 0);
    pairing.expire(messageWindowMicros).calls;
    const later = 4 * messageWindowMicros;
    add(pairing, [producer({ attributes: emitted('send') })], later);
    expect(pairing.expire(later + messageWindowMicros).calls.map(told)).toEqual([
      'unreported-receiver? -> orders',
    ]);
  });
});

describe('what a call says', () => {
  const all = { 'http.request.method': 'get', 'url.path': '/a%20b#part' };

  test('a request carries what the provider saw and what the consumer measured', () => {
    const [call] = callsOf([client({ startMicros: 900 }), server({ status: 'error' })]);
    expect(call).toEqual({
      consumer: { service: 'web', version: 'web-1', virtual: false },
      provider: { service: 'orders', version: 'orders-1', virtual: false },
      environment: 'production',
      exchange: {
        kind: 'http',
        method: 'GET',
        path: '/v1/orders/7',
        query: 'full=yes',
        route: '/v1/orders/:id',
        status: 200,
      },
      traceId,
      clientSpanId: idOf('client'),
      serverSpanId: idOf('server'),
      atMicros: 900,
      clientDurationMicros: 250.5,
      serverDurationMicros: 250.5,
      failed: true,
      weight: 1,
      inferred: false,
    } satisfies Call);
  });

  test.each([
    {
      name: 'without path, query and status of the server, the client has the word',
      spans: [
        client({ attributes: { ...get, 'http.response.status_code': 503 } }),
        server({ attributes: { 'http.request.method': 'GET' } }),
      ],
      exchange: { path: '/v1/orders/7', query: 'full=yes', status: 503, route: undefined },
    },
    {
      name: 'without path of the server, the client has it, and the server keeps its query',
      spans: [
        client(),
        server({ attributes: { 'http.request.method': 'GET', 'url.query': 'seen=1' } }),
      ],
      exchange: { path: '/v1/orders/7', query: 'seen=1' },
    },
    {
      name: 'a URL without path means the root',
      spans: [
        client({ attributes: { 'http.request.method': 'GET', 'url.full': 'http://a?b=c#d' } }),
      ],
      exchange: { path: '/', query: 'b=c' },
    },
    {
      name: 'a URL that is none gives no path',
      spans: [client({ attributes: { 'http.request.method': 'GET', 'url.full': 'orders' } })],
      exchange: { path: '', query: '' },
    },
    {
      name: 'a URL without authority gives its path',
      spans: [client({ attributes: { 'http.request.method': 'GET', 'url.full': 'file:///tmp' } })],
      exchange: { path: '/tmp', query: '' },
    },
    {
      name: 'the method is upper case, the path raw and without fragment',
      spans: [client({ attributes: all })],
      exchange: { method: 'GET', path: '/a%20b' },
    },
    {
      name: 'an unusual method is taken from where its original is kept',
      spans: [
        client({
          attributes: {
            ...all,
            'http.request.method': '_OTHER',
            'http.request.method_original': 'Purge',
          },
        }),
      ],
      exchange: { method: 'PURGE' },
    },
    {
      name: 'an unusual method without original stays unnamed',
      spans: [client({ attributes: { ...all, 'http.request.method': '_OTHER' } })],
      exchange: { method: '_OTHER' },
    },
    {
      name: 'a remote procedure is named by service and method',
      spans: [client({ attributes: { 'rpc.method': 'shop.Orders/Get' } })],
      exchange: { kind: 'rpc', system: '', method: 'shop.Orders/Get', status: undefined },
    },
    {
      name: 'a remote procedure is named without the slash of its path',
      spans: [client({ attributes: { 'rpc.method': '/shop.Orders/Get' } })],
      exchange: { method: 'shop.Orders/Get' },
    },
    {
      name: 'an old gRPC span is read by its old names',
      spans: [
        client({
          attributes: {
            'rpc.system': 'grpc',
            'rpc.service': 'shop.Orders',
            'rpc.method': 'Get',
            'rpc.grpc.status_code': 5,
          },
        }),
      ],
      exchange: { kind: 'rpc', system: 'grpc', method: 'shop.Orders/Get', status: 'NOT_FOUND' },
    },
    {
      name: 'of a remote procedure the server has the last word, and the client fills in',
      spans: [
        client({
          attributes: {
            'rpc.system.name': 'grpc',
            'rpc.method': 'shop.Orders/Get',
            'rpc.status_code': 'OK',
          },
        }),
        server({ attributes: { 'rpc.method': 'shop.Orders/GetOne' } }),
      ],
      exchange: { kind: 'rpc', system: 'grpc', method: 'shop.Orders/GetOne', status: 'OK' },
    },
    {
      name: 'a server that knows no method of its remote procedure has it from the client',
      spans: [
        client({ attributes: { 'rpc.method': 'shop.Orders/Get' } }),
        server({ attributes: { 'rpc.system.name': 'connectrpc', 'rpc.status_code': 'OK' } }),
      ],
      exchange: { kind: 'rpc', system: 'connectrpc', method: 'shop.Orders/Get', status: 'OK' },
    },
    {
      name: 'a server of another protocol than its client has the last word',
      spans: [client(), server({ attributes: sent })],
      exchange: { kind: 'message', destination: 'events' },
    },
    {
      name: 'a client that sends a message without producer kind',
      spans: [client({ attributes: { ...sent, 'messaging.operation.type': 'send' } })],
      exchange: { kind: 'message', event: 'order.placed' },
    },
    {
      name: 'the sender knows exchange and routing key',
      spans: [producer(), consumer({ parent: 'send' })],
      exchange: {
        kind: 'message',
        system: 'rabbitmq',
        destination: 'events',
        event: 'order.placed',
      },
    },
    {
      name: 'where the sender is silent the receiver tells destination and event',
      spans: [
        producer({ attributes: { 'messaging.system': 'rabbitmq' } }),
        consumer({
          parent: 'send',
          attributes: {
            'messaging.system': 'rabbitmq',
            'messaging.destination.name': 'events',
            'cloudevents.event_type': 'shop.placed',
          },
        }),
      ],
      exchange: { destination: 'events', event: 'shop.placed' },
    },
    {
      name: 'an event without any name has none',
      spans: [producer({ attributes: { 'messaging.system': 'kafka', 'event.name': '' } })],
      exchange: { system: 'kafka', event: undefined },
    },
  ])('$name', ({ spans, exchange }) => {
    expect(callsOf(spans)[0]?.exchange).toMatchObject(exchange);
  });

  test.each([
    {
      name: "of a request the provider's environment counts",
      spans: [client({ environment: 'edge' }), server()],
      environment: 'production',
    },
    {
      name: "of an event the sender's",
      spans: [producer(), consumer({ parent: 'send', environment: 'edge' })],
      environment: 'production',
    },
  ])('$name', ({ spans, environment }) => {
    expect(callsOf(spans)[0]?.environment).toBe(environment);
  });

  test.each([
    { name: 'of the server', spans: [client(), server({ traceState: 'ot=th:c' })] },
    {
      name: 'of the client where the server has none',
      spans: [client({ traceState: 'ot=th:c' }), server()],
    },
  ])('a sampled call stands for several, by the threshold $name', ({ spans }) => {
    expect(callsOf(spans)[0]?.weight).toBe(4);
  });

  test('the environment of the other end fills in', () => {
    const bare = { ...client(), resource: { ...client().resource, environment: undefined } };
    const bareServer = { ...server(), resource: { ...server().resource, environment: undefined } };
    expect(callsOf([bare, server()])[0]?.environment).toBe('production');
    expect(callsOf([client(), bareServer])[0]?.environment).toBe('production');
    const bareProducer = { ...producer(), resource: bare.resource };
    expect(callsOf([bareProducer, consumer({ parent: 'send' })])[0]?.environment).toBe(
      'production',
    );
  });

  test('a concluded call has no client span and the time of its server', () => {
    const [call] = callsOf([inner({ id: 'work', startMicros: 5 }), server({ parent: 'work' })]);
    expect(call).toMatchObject({
      clientSpanId: undefined,
      clientDurationMicros: undefined,
      atMicros: 1000,
      inferred: true,
    });
  });

  test('a call to itself is known as such', () => {
    const [self] = callsOf([client({ service: 'orders' }), server()]);
    const [normal] = callsOf([client(), server()]);
    expect([self, normal].map((call) => isSelfCall(call as Call))).toEqual([true, false]);
  });
});

describe('names of silent peers', () => {
  const alone = (id: string, attributes: Attributes = get) =>
    client({ id, trace: other, attributes });

  test('an address is called by the service that answered there before', () => {
    expect(callsOf([client(), server(), alone('later')]).map(told)).toEqual([
      'web -> orders',
      'web -> orders?',
    ]);
  });

  test('an address of numbers and colons is told in brackets', () => {
    const attributes = { ...get, 'server.address': '::1' };
    expect(callsOf([client({ attributes })]).map(told)).toEqual(['web -> [::1]:3000?']);
  });

  test('hosts learnt first are forgotten when there are too many', () => {
    const at = (n: number) => ({ ...get, 'server.address': `h${n}` });
    const spans = Array.from({ length: 2_001 }, (_, n) => [
      client({ id: `c${n}`, attributes: at(n) }),
      server({ id: `s${n}`, parent: `c${n}` }),
    ]).flat();
    const pairing = createPairing();
    pairing.add(columnsOf(spans), 0);
    pairing.add(columnsOf([alone('gone', at(0)), alone('known', at(1))]), 0);
    expect(pairing.flush().calls.map(told)).toEqual(['web -> h0:3000?', 'web -> orders?']);
  });

  test('an address at which two services answered names neither', () => {
    const spans = [
      client(),
      server(),
      server({ id: 'b', service: 'orders-b' }),
      server({ id: 'c', service: 'orders-b' }),
      alone('later'),
    ];
    expect(callsOf(spans).map(told).at(-1)).toBe('web -> orders:3000?');
  });

  test('the addresses learnt first are forgotten when there are too many', () => {
    const at = (n: number) => ({ ...get, 'server.port': n });
    const spans = [3000, ...Array.from({ length: 2_000 }, (_, n) => 10_000 + n)].flatMap((port) => [
      client({ id: `c${port}`, attributes: at(port) }),
      server({ id: `s${port}`, parent: `c${port}` }),
    ]);
    const later = [alone('gone', at(3000)), alone('known', at(11_999))];
    expect(
      callsOf([...spans, ...later])
        .map(told)
        .slice(-2),
    ).toEqual(['web -> orders:3000?', 'web -> orders?']);
  });
});

describe('bounds', () => {
  test('the oldest half gives way when too many wait, and no call is made of it', () => {
    const pairing = createPairing({ maxHalves: 2 });
    const halves = ['a', 'b', 'c'].map((id) => client({ id }));
    expect(add(pairing, halves, 0)).toEqual([]);
    expect(pairing.counts()).toMatchObject({ held: 2, dropped: 1 });
    expect(pairing.flush().calls).toHaveLength(2);
  });

  test('a client that has paired gives way without being counted as dropped', () => {
    const pairing = createPairing({ maxHalves: 1 });
    add(pairing, [client(), server(), client({ id: 'next' })], 0);
    expect(pairing.counts()).toMatchObject({ held: 1, dropped: 0 });
  });

  test('a message gives way when no request is left', () => {
    const pairing = createPairing({ maxHalves: 1 });
    add(pairing, [producer(), producer({ id: 'b' })], 0);
    expect(pairing.counts()).toMatchObject({ held: 1, dropped: 1 });
  });

  test('of the spans remembered, old ones are forgotten by number', () => {
    const pairing = createPairing({ maxRemembered: 4 });
    const many = Array.from({ length: 10 }, (_, n) => inner({ id: `i${n}` }));
    add(pairing, many, 0);
    add(pairing, [inner({ id: 'i0' }), inner({ id: 'i9' })], 0);
    expect(pairing.counts().duplicates).toBe(1);
  });

  test('of the spans remembered, old ones are forgotten by time', () => {
    const pairing = createPairing({ windowMicros });
    for (const at of [1, 2, 3]) add(pairing, [inner({ id: `at${at}` })], at * windowMicros);
    add(pairing, [inner({ id: 'at1' }), inner({ id: 'at3' })], 3 * windowMicros);
    expect(pairing.counts().duplicates).toBe(1);
  });

  test('a thousand servers that wait for one client are paired with it, more are not', () => {
    const pairing = createPairing({ maxHalves: 10_000 });
    const many = Array.from({ length: 1_200 }, (_, n) => server({ id: `s${n}` }));
    add(pairing, many, 0);
    expect(add(pairing, [client()], 1)).toHaveLength(1_000);
    expect(pairing.flush().calls).toHaveLength(200);
  });

  test('of more than a hundred and twenty-eight links the first count', () => {
    const links = Array.from({ length: 200 }, (_, n) => ({ trace: other, id: `s${n}` }));
    const producers = links.map(({ id }) => producer({ id, trace: other }));
    const calls = callsOf([...producers, consumer({ links })]);
    expect(calls.filter((call) => !call.consumer.virtual)).toHaveLength(128);
  });

  test('channels and their receivers are bounded', () => {
    const on = (name: string) => ({ ...emitted('send'), 'messaging.destination.name': name });
    const receivers = Array.from({ length: 120 }, (_, n) =>
      consumer({ id: `r${n}`, service: `r${n}`, trace: other, attributes: on('/') }),
    );
    expect(
      callsOf([...receivers, producer({ attributes: on('/') })]).filter((call) => call.inferred),
    ).toHaveLength(100);
    const channels = Array.from({ length: 2_001 }, (_, n) =>
      producer({ id: `p${n}`, attributes: on(`/${n}`) }),
    );
    const first = consumer({ id: 'r', trace: other, attributes: on('/0') });
    expect(callsOf([first, ...channels]).map(told)).toContain('shipping -> unreported-sender?');
  });

  test('a queue of ten thousand halves is swept in steps', () => {
    const pairing = createPairing({ windowMicros });
    for (let n = 0; n < 5_000; n += 1) add(pairing, [client({ id: `c${n}` })], n);
    expect(pairing.expire(windowMicros + 2_999).calls).toHaveLength(3_000);
    expect(pairing.expire(windowMicros + 4_999).calls).toHaveLength(2_000);
  });

  test('everything is counted', () => {
    const pairing = createPairing({ windowMicros, messageWindowMicros });
    add(pairing, [client(), server(), server()], 0);
    add(pairing, [client({ id: 'alone' }), server({ id: 'local', parent: 'x', flags: 0x101 })], 0);
    add(pairing, [server({ id: 'far', parent: 'y' }), client({ id: 'dns', attributes: {} })], 0);
    add(pairing, [inner({ id: 'work' }), server({ id: 'in', parent: 'work' })], 0);
    add(pairing, [client({ id: 'h', attributes: { ...get, 'url.path': '/health' } })], 0);
    pairing.flush().calls;
    expect(pairing.counts()).toEqual({
      spans: 10,
      duplicates: 1,
      paired: 1,
      inferred: 1,
      unpairedCallers: 3,
      unpairedCallees: 1,
      incomplete: 1,
      dropped: 0,
      ignored: 1,
      unknownProtocol: 1,
      lengthened: 0,
      late: 0,
      droppedLinks: 0,
      droppedHops: 0,
      uncaused: 0,
      held: 0,
      malformedVerdicts: 0,
    });
  });
});

/** service: inbound operation => called service: called operation */
function toldCause({ service, inbound, outbound }: CallCause): string {
  return `${service}: ${inbound.kind} ${inbound.operation} => ${outbound.service}: ${outbound.operation}`;
}

interface Told {
  readonly calls: readonly Call[];
  readonly causes: readonly CallCause[];
}

/** Adds the spans one by one, or all at once, and lets all windows end. */
function tellAll(batches: readonly (readonly Span[])[], pairing: Pairing): Told {
  const answers: Told[] = batches.map((spans) => pairing.add(columnsOf(spans), 0));
  answers.push(pairing.expire(windowMicros), pairing.expire(messageWindowMicros));
  return {
    calls: answers.flatMap(({ calls }) => calls),
    causes: answers.flatMap(({ causes }) => causes),
  };
}

const arrivals = [
  { name: 'parents first', batches: (spans: readonly Span[]) => spans.map((span) => [span]) },
  {
    name: 'children first',
    batches: (spans: readonly Span[]) => [...spans].reverse().map((span) => [span]),
  },
  { name: 'all at once', batches: (spans: readonly Span[]) => [spans] },
] as const;

describe.each(arrivals)('what a call was made for, $name', ({ batches }) => {
  const causesOf = (spans: readonly Span[]) =>
    tellAll(batches(spans), createPairing({ windowMicros, messageWindowMicros })).causes;
  const inbound = server({ id: 'in', service: 'gateway', parent: 'gone' });
  const chain = (length: number): Span[] =>
    Array.from({ length }, (_, n) =>
      inner({ id: `i${n}`, service: 'gateway', parent: n === 0 ? 'in' : `i${n - 1}` }),
    );

  test.each([
    {
      name: 'a request under inner spans was made for the request of its own service',
      spans: [
        inbound,
        ...chain(2),
        client({ id: 'out', service: 'gateway', parent: 'i1' }),
        server({ id: 'orders', parent: 'out' }),
      ],
      causes: ['gateway: server in => orders: orders'],
    },
    {
      name: 'a request right under the request of its own service',
      spans: [inbound, client({ id: 'out', service: 'gateway', parent: 'in' })],
      causes: ['gateway: server in => orders:3000: out'],
    },
    {
      name: 'a request made while a message was worked on',
      spans: [
        consumer({ id: 'work', service: 'gateway' }),
        client({ id: 'out', service: 'gateway', parent: 'work' }),
      ],
      causes: ['gateway: consumer work => orders:3000: out'],
    },
    {
      name: 'a message sent while a request was worked on, told of who received it',
      spans: [
        inbound,
        producer({ service: 'gateway', parent: 'in' }),
        consumer({ parent: 'send' }),
      ],
      causes: ['gateway: server in => shipping: process'],
    },
    {
      name: 'a query of a database',
      spans: [
        inbound,
        inner({ id: 'i', service: 'gateway', parent: 'in' }),
        client({
          id: 'query',
          service: 'gateway',
          parent: 'i',
          attributes: { 'db.system.name': 'postgresql' },
        }),
      ],
      causes: ['gateway: server in => postgresql: query'],
    },
    {
      name: 'a request that two servers answered has a cause for each',
      spans: [
        inbound,
        client({ id: 'out', service: 'gateway', parent: 'in' }),
        server({ id: 'a', parent: 'out' }),
        server({ id: 'b', parent: 'out' }),
      ],
      causes: ['gateway: server in => orders: a', 'gateway: server in => orders: b'],
    },
    {
      name: 'a request under a span of another service has none',
      spans: [inbound, client({ id: 'out', service: 'web', parent: 'in' })],
      causes: [],
    },
    {
      name: 'a request under inner spans of nothing has none',
      spans: [
        inner({ id: 'job', service: 'gateway' }),
        client({ id: 'out', service: 'gateway', parent: 'job' }),
      ],
      causes: [],
    },
    {
      name: 'a request that nothing is above has none',
      spans: [client({ id: 'out', service: 'gateway' })],
      causes: [],
    },
    {
      name: 'a request whose parent never comes has none',
      spans: [client({ id: 'out', service: 'gateway', parent: 'never' })],
      causes: [],
    },
    {
      name: 'a request under sixty-three inner spans is still of its request',
      spans: [inbound, ...chain(63), client({ id: 'out', service: 'gateway', parent: 'i62' })],
      causes: ['gateway: server in => orders:3000: out'],
    },
    {
      name: 'a request under more inner spans than anybody nests is of nothing',
      spans: [inbound, ...chain(64), client({ id: 'out', service: 'gateway', parent: 'i63' })],
      causes: [],
    },
  ])('$name', ({ spans, causes }) => {
    expect(causesOf(spans).map(toldCause).sort()).toEqual(causes);
  });
});

describe('what a cause says', () => {
  const inbound = server({ id: 'in', service: 'gateway', parent: 'gone' });
  const out = client({ id: 'out', service: 'gateway', parent: 'in', traceState: 'ot=th:8' });

  test('where, when and for how many calls', () => {
    const pairing = createPairing();
    const { causes } = pairing.add(columnsOf([inbound, out, server({ parent: 'out' })]), 0);
    expect(causes).toEqual([
      {
        service: 'gateway',
        environment: 'production',
        inbound: { operation: 'in', kind: 'server' },
        outbound: { service: 'orders', operation: 'server', transport: 'http' },
        traceId,
        atMicros: 1000,
        weight: 2,
      } satisfies CallCause,
    ]);
  });

  test('a second server that answers later has it at once', () => {
    const pairing = createPairing();
    pairing.add(columnsOf([inbound, out, server({ parent: 'out' })]), 0);
    const late = server({ id: 'second', parent: 'out' });
    expect(pairing.add(columnsOf([late]), 1).causes.map(toldCause)).toEqual([
      'gateway: server in => orders: second',
    ]);
  });

  test('a request whose parent does not come in time is counted', () => {
    const pairing = createPairing({ windowMicros });
    const orphan = client({ id: 'orphan', service: 'gateway', parent: 'never' });
    pairing.add(columnsOf([orphan, server({ id: 'a', parent: 'orphan' })]), 0);
    pairing.add(columnsOf([client({ id: 'next', service: 'gateway', parent: 'never' })]), 1);
    expect(pairing.expire(windowMicros).causes).toEqual([]);
    expect(pairing.counts()).toMatchObject({ uncaused: 1, held: 1 });
    pairing.flush();
    expect(pairing.counts()).toMatchObject({ uncaused: 2, held: 0 });
  });

  test('a request for whose cause too many look already is counted', () => {
    const pairing = createPairing({ maxHalves: 2 });
    const orphans = ['a', 'b', 'c'].map((id) => client({ id, parent: 'never' }));
    pairing.add(columnsOf(orphans), 0);
    expect(pairing.counts()).toMatchObject({ uncaused: 1 });
  });
});

describe('a transparent gateway', () => {
  const options = { windowMicros, messageWindowMicros, transparentServices: ['gateway', 'edge'] };
  const hops = (through: string, method = 'GET'): readonly Span[] => [
    client({ id: `${through}c` }),
    server({ id: `${through}s`, service: through, parent: `${through}c` }),
    client({
      id: `${through}o`,
      service: through,
      parent: `${through}s`,
      attributes: { ...get, 'http.request.method': method },
    }),
    server({
      id: 'orders',
      parent: `${through}o`,
      attributes: { ...got, 'http.request.method': method, 'url.path': '/inner' },
    }),
  ];
  const toldVia = (call: Call) => `${told(call)}${call.via === undefined ? '' : ` (${call.via})`}`;

  test.each(arrivals)('is seen through, and its hops stay, $name', ({ batches }) => {
    const { calls } = tellAll(batches(hops('gateway')), createPairing(options));
    expect(calls.map(toldVia).sort()).toEqual([
      'gateway -> orders',
      'web -> gateway',
      'web -> orders (gateway)',
    ]);
    expect(calls.find(({ via }) => via !== undefined)).toMatchObject({
      consumer: { service: 'web', version: 'web-1', virtual: false },
      provider: { service: 'orders', version: 'orders-1', virtual: false },
      exchange: { kind: 'http', method: 'GET', path: '/inner', status: 200 },
      clientSpanId: idOf('gatewayc'),
      serverSpanId: idOf('orders'),
      inferred: false,
    });
  });

  test.each(arrivals)('behind another is seen through too, $name', ({ batches }) => {
    const spans = [
      client({ id: 'a' }),
      server({ id: 'b', service: 'edge', parent: 'a' }),
      client({ id: 'c', service: 'edge', parent: 'b' }),
      server({ id: 'd', service: 'gateway', parent: 'c' }),
      client({ id: 'e', service: 'gateway', parent: 'd' }),
      server({ id: 'f', parent: 'e' }),
    ];
    const { calls } = tellAll(batches(spans), createPairing(options));
    expect(calls.map(toldVia).sort()).toEqual([
      'edge -> gateway',
      'edge -> orders (gateway)',
      'gateway -> orders',
      'web -> edge',
      'web -> gateway (edge)',
      'web -> orders (edge, gateway)',
    ]);
  });

  test('that asks something else for itself is no way through', () => {
    const [call, , ...rest] = hops('gateway', 'POST');
    const inbound = server({ id: 'gateways', service: 'gateway', parent: 'gatewayc' });
    const spans = [call as Span, inbound, ...rest];
    expect(callsOf(spans, options).map(toldVia).sort()).toEqual([
      'gateway -> orders',
      'web -> gateway',
    ]);
  });

  test('that sends a message for a request is no way through', () => {
    const spans = [
      client(),
      server({ service: 'gateway' }),
      producer({ service: 'gateway', parent: 'server' }),
    ];
    expect(callsOf(spans, options).map(toldVia).sort()).toEqual([
      'unreported-receiver? -> gateway',
      'web -> gateway',
    ]);
  });

  test('that receives a message is no way through', () => {
    const spans = [
      producer(),
      consumer({ service: 'gateway', parent: 'send' }),
      client({ id: 'out', service: 'gateway', parent: 'process' }),
      client({ id: 'dead', service: 'web', attributes: { ...get, 'peer.service': 'gateway' } }),
    ];
    expect(callsOf(spans, options).map(toldVia).sort()).toEqual([
      'gateway -> orders',
      'gateway -> orders:3000?',
      'web -> gateway?',
    ]);
  });

  test('waits a window for the other hop, and not for two', () => {
    const spans = hops('gateway');
    for (const [windows, calls] of [
      [1, 2],
      [2, 1],
    ] as const) {
      const pairing = createPairing({ ...options, windowMicros: second });
      pairing.add(columnsOf(spans.slice(0, 2)), second);
      for (let turn = 1; turn <= windows; turn += 1) pairing.expire((1 + turn) * second);
      const later = (1 + windows) * second;
      pairing.add(columnsOf([server({ id: 'gateways', service: 'gateway' })]), later);
      const { calls: found } = pairing.add(columnsOf(spans.slice(2)), later);
      expect(found).toHaveLength(calls);
    }
  });

  test('keeps no more than its bounds, and counts what found no room', () => {
    const pairing = createPairing(options);
    const many = Array.from({ length: 70 }, (_, n) => [
      client({ id: `o${n}`, service: 'gateway', parent: 'gateways' }),
      server({ id: `s${n}`, parent: `o${n}` }),
    ]).flat();
    const { calls } = pairing.add(columnsOf([...hops('gateway').slice(0, 2), ...many]), 0);
    expect(calls.filter(({ via }) => via !== undefined)).toHaveLength(64);
    const fill = Array.from({ length: 10_001 }, (_, n) => [
      client({ id: `x${n}` }),
      server({ id: `y${n}`, service: 'edge', parent: `x${n}` }),
    ]).flat();
    pairing.add(columnsOf(fill), 0);
    expect(pairing.counts().droppedHops).toBe(6 + 2);
  });
});

describe('spans that come again', () => {
  test('are told apart from new ones', () => {
    const pairing = createPairing();
    expect([...pairing.add(columnsOf([client(), client(), server()]), 0).isNew]).toEqual([1, 0, 1]);
    expect([...pairing.add(columnsOf([server(), inner({ id: 'i' })]), 1).isNew]).toEqual([0, 1]);
  });

  test('of a sender that is known share it', () => {
    const { resource } = client();
    const pairing = createPairing();
    pairing.add(columnsOf([{ ...client(), resource }]), 0);
    const next = { ...client({ id: 'next' }), resource };
    expect([...pairing.add(columnsOf([next]), 1).isNew]).toEqual([1]);
    const [one, two] = pairing.flush().calls;
    expect(one?.consumer).toBe(two?.consumer);
  });

  test('with a later end count once and are counted as lengthened', () => {
    const pairing = createPairing();
    pairing.add(columnsOf([inner({ id: 'i' })]), 0);
    const longer = { ...inner({ id: 'i' }), durationMicros: 9_000 };
    expect([...pairing.add(columnsOf([longer]), 1).isNew]).toEqual([0]);
    expect(pairing.counts()).toMatchObject({ duplicates: 1, lengthened: 1 });
  });

  test('after a restart do not count when they were remembered from the store', () => {
    const pairing = createPairing();
    pairing.remember(columnsOf([client(), server()]), 0);
    const { isNew, calls } = pairing.add(columnsOf([client(), server(), inner({ id: 'i' })]), 1);
    expect([[...isNew], calls]).toEqual([[0, 0, 1], []]);
    expect(pairing.flush()).toEqual({ calls: [], causes: [], verdicts: [] });
    expect(pairing.counts()).toMatchObject({ spans: 3, duplicates: 2, held: 0 });
  });
});

describe('two callers with one id', () => {
  const spans = [
    client({ id: 'same' }),
    producer({ id: 'same' }),
    server({ parent: 'same' }),
    client({ id: 'odd', attributes: { 'thread.id': 1 } }),
  ];

  test('the one that came last is answered, and each leaves at its time', () => {
    expect(callsOf(spans).map(told).sort()).toEqual(['orders -> orders', 'web -> orders:3000?']);
  });
});

describe('late halves', () => {
  test('a server that comes after the window of its client is concluded, and counted as late', () => {
    const pairing = createPairing({ windowMicros });
    expect(add(pairing, [client()], 0)).toEqual([]);
    expect(pairing.expire(windowMicros).calls.map(told)).toEqual(['web -> orders:3000?']);
    expect(add(pairing, [server()], windowMicros)).toEqual([]);
    expect(pairing.expire(2 * windowMicros).calls.map(told)).toEqual(['web ~> orders']);
    expect(pairing.counts()).toMatchObject({ late: 1, inferred: 1 });
  });

  test('one that speaks no protocol we know is none', () => {
    const pairing = createPairing({ windowMicros });
    add(pairing, [client()], 0);
    pairing.expire(windowMicros);
    add(pairing, [server({ attributes: {} })], windowMicros);
    expect(pairing.expire(2 * windowMicros).calls).toEqual([]);
    expect(pairing.counts()).toMatchObject({ late: 1, unknownProtocol: 1 });
  });

  test('so is a consumer', () => {
    const pairing = createPairing({ windowMicros, messageWindowMicros: windowMicros });
    add(pairing, [producer()], 0);
    pairing.expire(windowMicros);
    add(pairing, [consumer({ parent: 'send', attributes: sent })], windowMicros);
    expect(pairing.expire(2 * windowMicros).calls.map(told)).toEqual(['shipping ~> orders']);
    expect(pairing.counts().late).toBe(1);
  });
});

describe('what gives way when too many wait', () => {
  test('the client that paired first, before any that waits alone', () => {
    const pairing = createPairing({ maxHalves: 3 });
    const alone = client({ id: 'alone', trace: other });
    pairing.add(columnsOf([alone, client(), server(), client({ id: 'b' })]), 0);
    pairing.add(columnsOf([server({ id: 'bs', parent: 'b' }), client({ id: 'c' })]), 1);
    expect(pairing.counts()).toMatchObject({ held: 3, dropped: 0 });
    expect(pairing.flush().calls).toHaveLength(2);
  });

  test('links that are too many are not followed', () => {
    const pairing = createPairing({ maxHalves: 10 });
    const links = Array.from({ length: 100 }, (_, n) => ({ trace: other, id: `p${n}` }));
    pairing.add(columnsOf([consumer({ links })]), 0);
    expect(pairing.counts().droppedLinks).toBe(100 - 39);
    const found = add(pairing, [producer({ id: 'p0', trace: other })], 1);
    expect(found.map(told)).toEqual(['shipping -> orders']);
  });

  test('who called at an unnamed peer, by a port that is none, is told by the host', () => {
    const at = (port: Attributes[string]) => ({ ...get, 'server.port': port });
    const ports = [3000, '3000', 'http', [3000]];
    const spans = ports.map((port, n) => client({ id: `c${n}`, attributes: at(port) }));
    expect(callsOf(spans).map(told)).toEqual([
      'web -> orders:3000?',
      'web -> orders:3000?',
      'web -> orders?',
      'web -> orders?',
    ]);
  });
});
