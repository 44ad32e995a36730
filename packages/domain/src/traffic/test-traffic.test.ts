import { expect, test } from 'vitest';
import { columnsOf } from './columns-of-spans.ts';
import { createPairing } from './pair-spans.ts';
import type { Span } from './span.ts';

const marker = { 'concordat.verification': true };

function aSpan(more: Partial<Span> & { readonly environment?: string }): Span {
  return {
    traceId: 'a'.repeat(32),
    spanId: 'b'.repeat(16),
    parentSpanId: undefined,
    traceState: '',
    flags: 0,
    name: 'GET',
    kind: 'client',
    startMicros: 0,
    durationMicros: 1,
    status: 'unset',
    statusMessage: '',
    attributes: { 'http.request.method': 'GET', 'url.path': '/' },
    events: [],
    links: [],
    scope: { name: '', version: '' },
    resource: {
      service: 'web',
      version: undefined,
      environment: more.environment ?? 'production',
      attributes: {},
    },
    ...more,
  };
}

const server = { kind: 'server', spanId: 'c'.repeat(16), parentSpanId: 'b'.repeat(16) } as const;
const shop = { service: 'shop', version: undefined, environment: 'production' };

test.each([
  [
    'of two in production is production',
    aSpan({}),
    aSpan({ ...server, resource: { ...shop, attributes: {} } }),
    'production',
  ],
  [
    'of a caller in test is test',
    aSpan({ environment: 'test' }),
    aSpan({ ...server, resource: { ...shop, attributes: {} } }),
    'test',
  ],
  [
    'of a called service in test is test',
    aSpan({}),
    aSpan({ ...server, resource: { ...shop, environment: 'test', attributes: {} } }),
    'test',
  ],
  [
    'of a service under verification is of its own',
    aSpan({}),
    aSpan({ ...server, resource: { ...shop, attributes: marker } }),
    'verification',
  ],
  [
    'with the marker on a span is of its own',
    aSpan({ attributes: { 'http.request.method': 'GET', ...marker } }),
    aSpan({ ...server, resource: { ...shop, attributes: {} } }),
    'verification',
  ],
])('the environment %s', (...[, client, called, environment]) => {
  const pairing = createPairing();
  expect(pairing.add(columnsOf([client, called]), 0).calls.map((call) => call.environment)).toEqual(
    [environment],
  );
});
