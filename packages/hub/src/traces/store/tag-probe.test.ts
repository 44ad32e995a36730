import { type AttributeValue, normaliseAttributes, outdatedNames } from '@concordat/domain';
import { expect, test } from 'vitest';
import { type Encodable, encodeKeyValue } from '../decode/encode-otlp.ts';
import { asText } from './match-span.ts';
import { tagProbe } from './tag-probe.ts';

test.each<[string, Encodable]>([
  ['text', 'blue'],
  ['text of other letters', 'grün 緑'],
  ['a number written as text', '500'],
  ['a whole number', 500],
  ['a negative number', -7],
  ['a number beyond 2^53', 9_007_199_254_740_993n],
  ['a fraction', 0.25],
  ['minus zero', -0],
  ['a huge fraction', 1.5e300],
  ['bytes', Uint8Array.of(1, 2, 250)],
])('the bytes of %s are found', (_caption, value) => {
  const bytes = encodeKeyValue('key', value);
  const text =
    value instanceof Uint8Array
      ? Buffer.from(value).toString('base64')
      : asText(value as AttributeValue);
  const probe = tagProbe('key', text);
  expect(probe?.(bytes)).toBe(true);
  expect(probe?.(encodeKeyValue('key', 'another'))).toBe(false);
});

test.each([
  ['a boolean', 'true'],
  ['nothing', ''],
  ['null', 'null'],
  ['a list', '["x"]'],
  ['an object', '{"a":1}'],
  ['text that was no UTF-8', 'a\ufffd'],
])('bytes tell nothing about %s', (_caption, value) => {
  expect(tagProbe('key', value)).toBeUndefined();
});

test('every current name whose value is made anew from an older one is known', () => {
  const samples: AttributeValue[] = [
    ...['get', 'GET', 'QUIC', '2.0', 'ip_tcp', 'publish', 'deliver', 'mssql', 'connect_rpc'],
    ...['http://a:80/b?c=d', 'a:80', '/b?c=d', '?c=d', '404', '404.0', 5, 16, 0.5, true],
  ];
  const kinds = ['client', 'server', 'producer', 'consumer', 'internal'] as const;
  for (const name of outdatedNames)
    for (const value of samples)
      for (const kind of kinds) {
        const sent = { [name]: value, 'rpc.method': 'Call' };
        const bytes = Buffer.concat(
          Object.entries(sent).map(([key, one]) => encodeKeyValue(key, one as Encodable)),
        );
        for (const [key, made] of Object.entries(normaliseAttributes(sent, kind))) {
          const probe = tagProbe(key, asText(made));
          expect([name, value, key, made, probe?.(bytes) ?? true]).toEqual([
            ...[name, value, key, made, true],
          ]);
        }
      }
});
