import { describe, expect, test } from 'vitest';
import { guardAttributes, guardSpanName } from '../guard/guard-verdict.ts';
import type { Call } from './call.ts';
import { columnsOf } from './columns-of-spans.ts';
import { createPairing } from './pair-spans.ts';
import type { Attributes, Resource, Span } from './span.ts';

const traceId = 'a'.repeat(32);
const ids = { client: 'c'.repeat(16), server: 'd'.repeat(16), guard: 'e'.repeat(16) };
const http = { 'http.request.method': 'GET', 'url.path': '/orders/7' };
const message = {
  'messaging.system': 'rabbitmq',
  'messaging.destination.name': 'events',
  'messaging.rabbitmq.destination.routing_key': 'order.placed',
};
const window = 20_000_000;

function service(name: string, version: string, environment = 'production'): Resource {
  return { service: name, version, environment, attributes: {} };
}

const web = service('web', 'w1');
const shop = service('shop', 's1');

function aSpan(more: Partial<Span>): Span {
  return {
    ...{ traceId, spanId: ids.client, parentSpanId: undefined, traceState: '', flags: 0 },
    ...{ name: 'GET', kind: 'client', startMicros: 1000, durationMicros: 5 },
    ...{ status: 'unset', statusMessage: '', attributes: http, events: [], links: [] },
    ...{ scope: { name: '', version: '' }, resource: web },
    ...more,
  };
}

const client = (more: Attributes = {}) => aSpan({ attributes: { ...http, ...more } });
const server = (more: Attributes = {}) =>
  aSpan({
    ...{ kind: 'server', spanId: ids.server, parentSpanId: ids.client, resource: shop },
    attributes: { ...http, ...more },
  });
const producer = (more: Attributes = {}) =>
  aSpan({ kind: 'producer', resource: shop, attributes: { ...message, ...more } });
const consumer = (more: Attributes = {}) =>
  aSpan({
    ...{ kind: 'consumer', spanId: ids.server, parentSpanId: ids.client, resource: web },
    attributes: { ...message, ...more },
  });

function verdict(side: 'provider' | 'consumer', more: Attributes = {}): Attributes {
  return {
    [guardAttributes.side]: side,
    [guardAttributes.verdict]: 'broken',
    [guardAttributes.operation]: 'GET /orders/{id}',
    ...more,
  };
}

function guardSpan(parentSpanId: string | undefined, attributes: Attributes, more = {}): Span {
  const side = attributes[guardAttributes.side];
  return aSpan({
    ...{ name: guardSpanName, kind: 'internal', spanId: ids.guard, parentSpanId, attributes },
    resource: side === 'provider' ? shop : web,
    ...more,
  });
}

/** Each list is one request, a millisecond after the last. */
function paired(...requests: readonly (readonly Span[])[]) {
  const pairing = createPairing();
  const calls: Call[] = [];
  const verdicts: Call[] = [];
  for (const [at, spans] of requests.entries()) {
    const told = pairing.add(columnsOf(spans), at * 1000);
    calls.push(...told.calls);
    verdicts.push(...told.verdicts);
  }
  const last = pairing.expire(2 * window);
  calls.push(...last.calls);
  verdicts.push(...last.verdicts);
  return { calls, verdicts, counts: pairing.counts() };
}

const sidesOf = (calls: readonly Call[]) =>
  calls.map(({ guard }) =>
    guard?.map((one) => `${one.side}: ${one.consumer} of ${one.provider}`).join(', '),
  );

describe('a verdict on the span it is about', () => {
  test('comes with the call, from either end, named by who took part', () => {
    const both = paired([client(verdict('consumer')), server(verdict('provider'))]);
    expect(sidesOf(both.calls)).toEqual(['consumer: web of shop, provider: web of shop']);
    expect(both.verdicts).toEqual([]);
    expect(sidesOf(paired([server(verdict('provider'))], [client()]).calls)).toEqual([
      'provider: web of shop',
    ]);
  });

  test('keeps the names it tells', () => {
    const { calls } = paired([
      client(),
      server(
        verdict('provider', {
          [guardAttributes.consumer]: 'the web',
          [guardAttributes.provider]: 'the shop',
        }),
      ),
    ]);
    expect(sidesOf(calls)).toEqual(['provider: the web of the shop']);
  });

  test('of an event is told by its sender and its receiver', () => {
    const { calls } = paired([producer(verdict('provider')), consumer(verdict('consumer'))]);
    expect(sidesOf(calls)).toEqual(['provider: web of shop, consumer: web of shop']);
  });

  test('of a half that stays alone comes with its call', () => {
    expect(sidesOf(paired([client(verdict('consumer'))]).calls)).toEqual([
      'consumer: web of unknown',
    ]);
    expect(sidesOf(paired([server(verdict('provider'))]).calls)).toEqual([
      'provider: unreported-caller of shop',
    ]);
    const orphan = aSpan({ kind: 'internal', name: 'work', spanId: ids.client });
    expect(sidesOf(paired([orphan, server(verdict('provider'))]).calls)).toEqual([
      'provider: web of shop',
    ]);
  });

  test('counts once when the span comes again, and with one of several callees', () => {
    const spans = [client(verdict('consumer')), server()];
    const second = { ...server(), spanId: 'f'.repeat(16) };
    expect(sidesOf(paired(spans, spans, [second]).calls)).toEqual([
      'consumer: web of shop',
      undefined,
    ]);
  });

  test('that is none is left out and counted', () => {
    const { calls, counts } = paired([
      client({ [guardAttributes.verdict]: 'fine' }),
      server(),
      guardSpan(ids.client, {}),
    ]);
    expect(sidesOf(calls)).toEqual([undefined]);
    expect(counts.malformedVerdicts).toBe(2);
  });
});

describe('a verdict on a span of its own', () => {
  const peers = ({ consumer: from, provider: to, environment }: Call) =>
    `${from.service} ${from.version} → ${to.service} ${to.version} in ${environment}`;

  test.each([
    ['the caller', guardSpan(ids.client, verdict('consumer')), 'consumer'],
    ['the called', guardSpan(ids.server, verdict('provider')), 'provider'],
  ])('joins the half of %s while that waits', (_, span, side) => {
    const half = side === 'consumer' ? client() : server();
    const other = side === 'consumer' ? server() : client();
    const { calls, verdicts } = paired([span, half], [other]);
    expect(sidesOf(calls)).toEqual([`${side}: web of shop`]);
    expect(verdicts).toEqual([]);
  });

  test('joins a half that comes after it', () => {
    const { calls, verdicts } = paired(
      [guardSpan(ids.server, verdict('provider'))],
      [client(), server()],
    );
    expect(sidesOf(calls)).toEqual(['provider: web of shop']);
    expect(verdicts).toEqual([]);
  });

  test.each([
    ['HTTP, at the caller', [client(), server()], guardSpan(ids.client, verdict('consumer'))],
    ['HTTP, at the called', [client(), server()], guardSpan(ids.server, verdict('provider'))],
    [
      'an event, at the sender',
      [producer(), consumer()],
      guardSpan(ids.client, verdict('provider', { [guardAttributes.operation]: 'send it' })),
    ],
    [
      'an event, at the receiver',
      [producer(), consumer()],
      guardSpan(ids.server, verdict('consumer', { [guardAttributes.operation]: 'send it' })),
    ],
  ])('is told later with who took part: %s', (_, spans, span) => {
    const { calls, verdicts } = paired(spans, [span], [span]);
    expect(calls).toHaveLength(1);
    expect(sidesOf(calls)).toEqual([undefined]);
    expect(verdicts.map(peers)).toEqual(['web w1 → shop s1 in production']);
    expect(verdicts[0]).toMatchObject({ traceId, atMicros: 1000, failed: false, weight: 1 });
    expect(verdicts[0]?.exchange.kind).toBe(spans[0]?.kind === 'client' ? 'http' : 'message');
  });

  test('finds its half above inner spans', () => {
    const inner = aSpan({
      ...{ kind: 'internal', name: 'middleware', spanId: 'f'.repeat(16) },
      ...{ parentSpanId: ids.server, resource: shop },
    });
    const { verdicts } = paired(
      [client(), server(), inner],
      [guardSpan(inner.spanId, verdict('provider'))],
    );
    expect(verdicts.map(peers)).toEqual(['web w1 → shop s1 in production']);
  });

  test('without any half is told with the names it tells', () => {
    const named = verdict('provider', { [guardAttributes.consumer]: 'web' });
    const { calls, verdicts } = paired([
      guardSpan(ids.server, named),
      guardSpan(undefined, verdict('consumer', { [guardAttributes.operation]: 'send it' }), {
        spanId: 'f'.repeat(16),
      }),
    ]);
    expect(calls).toEqual([]);
    expect(verdicts.map(peers)).toEqual([
      'web undefined → shop s1 in production',
      'web w1 → unknown undefined in production',
    ]);
    expect(verdicts.map(({ exchange }) => exchange)).toEqual([
      expect.objectContaining({ kind: 'http', method: 'GET', route: '/orders/{id}' }),
      expect.objectContaining({ kind: 'message', event: 'it' }),
    ]);
  });

  test('tells the exchange as its own span does', () => {
    const told = { ...http, 'http.response.status_code': 503, ...verdict('provider') };
    const { verdicts } = paired([guardSpan(ids.server, told)]);
    expect(verdicts[0]?.exchange).toMatchObject({ kind: 'http', path: '/orders/7', status: 503 });
  });

  test('about a request that nobody traced began is told with the names it tells', () => {
    const root = { ...server(), parentSpanId: undefined };
    const lone = guardSpan(ids.server, verdict('provider'), { parentSpanId: ids.server });
    const pairing = createPairing({ windowMicros: 1000 });
    pairing.add(columnsOf([root]), 0);
    expect(sidesOf(pairing.expire(1000).calls)).toEqual([undefined]);
    const { verdicts } = pairing.add(columnsOf([lone]), 1001);
    expect(sidesOf(verdicts)).toEqual(['provider: unknown of shop']);
  });

  test('under a caller of the same service is told with the names it tells', () => {
    const own = aSpan({ resource: shop });
    const { verdicts } = paired([own, server()], [guardSpan(ids.server, verdict('provider'))]);
    expect(sidesOf(verdicts)).toEqual(['provider: unknown of shop']);
  });

  test('of a callee among others finds its own', () => {
    const first = { ...server(), spanId: 'f'.repeat(16) };
    const { calls } = paired(
      [server(), first, guardSpan(ids.server, verdict('provider'))],
      [client()],
    );
    expect(calls.map(({ serverSpanId, guard }) => [serverSpanId, guard?.length])).toEqual(
      expect.arrayContaining([
        [ids.server, 1],
        [first.spanId, undefined],
      ]),
    );
  });

  test('of a root callee joins it', () => {
    const root = { ...server(), parentSpanId: undefined };
    const { calls } = paired([root, guardSpan(ids.server, verdict('provider'))]);
    expect(sidesOf(calls)).toEqual(['provider: user of shop']);
  });

  test('below spans without end is told all the same', () => {
    const nested = Array.from({ length: 70 }, (_, at) =>
      aSpan({
        ...{ kind: 'internal', name: 'deeper', resource: shop },
        spanId: (at + 16).toString(16).padStart(16, '0'),
        parentSpanId: (at + 15).toString(16).padStart(16, '0'),
      }),
    );
    const deepest = (70 + 15).toString(16).padStart(16, '0');
    const { verdicts } = paired([...nested, guardSpan(deepest, verdict('provider'))]);
    expect(sidesOf(verdicts)).toEqual(['provider: unknown of shop']);
  });

  test('waits for its half in no larger number than it may', () => {
    const many = Array.from({ length: 10_002 }, (_, at) =>
      guardSpan((at + 16).toString(16).padStart(16, '0'), verdict('provider'), {
        spanId: (at + 65_536).toString(16).padStart(16, '0'),
      }),
    );
    const pairing = createPairing();
    expect(pairing.add(columnsOf(many), 0).verdicts).toHaveLength(2);
    expect(pairing.expire(window - 1).verdicts).toHaveLength(0);
    expect(pairing.flush().verdicts).toHaveLength(10_000);
  });

  test('is one of a bounded number at its span', () => {
    const many = Array.from({ length: 20 }, (_, at) =>
      guardSpan(ids.server, verdict('provider'), { spanId: `${at + 10}`.padStart(16, '0') }),
    );
    expect(paired(many, [client(), server()]).calls[0]?.guard).toHaveLength(8);
    expect(paired([server(), ...many], [client()]).calls[0]?.guard).toHaveLength(8);
  });
});
