import { expect, test } from 'vitest';
import { callPlaceOf, newCallValues } from './call-attributes.ts';
import { columnsOf } from './columns-of-spans.ts';
import type { Span } from './span.ts';

const span: Span = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  parentSpanId: '00f067aa0ba902b7',
  traceState: 'ot=th:8',
  flags: 0x301,
  name: 'GET',
  kind: 'client',
  startMicros: 1,
  durationMicros: 2.5,
  status: 'error',
  statusMessage: '',
  attributes: { 'http.method': 'GET', 'thread.id': 1 },
  events: [],
  links: [{ traceId: 'a', spanId: 'b', attributes: {} }],
  scope: { name: '', version: '' },
  resource: { service: 'web', version: '1', environment: undefined, attributes: {} },
};

test('spans that are objects become columns, with one resource for all that share it', () => {
  const columns = columnsOf([span, { ...span, parentSpanId: undefined, kind: 'internal' }]);
  const values = newCallValues();
  columns.readCallValues(0, values);
  expect([...columns.ids.subarray(0, 8)].map((word) => word.toString(16))).toEqual([
    'af76519',
    '16cd43dd',
    '8448eb21',
    '1c80319c',
    'b7ad6b71',
    '69203331',
    'f067aa',
    'ba902b7',
  ]);
  expect([...columns.ids.subarray(14)]).toEqual([0, 0]);
  expect(columns).toMatchObject({ length: 2, resources: [span.resource], names: ['GET', 'GET'] });
  expect([[...columns.kinds], [...columns.statuses], [...columns.resourceOf]]).toEqual([
    [3, 1],
    [2, 2],
    [0, 0],
  ]);
  expect([columns.traceState(0), columns.links(1)]).toEqual(['ot=th:8', span.links]);
  expect(values.filter((value) => value !== undefined)).toEqual(['GET']);
  expect(values[callPlaceOf('http.method')]).toBe('GET');
});
