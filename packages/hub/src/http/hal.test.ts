import type { Request } from 'express';
import { describe, expect, test } from 'vitest';
import { chooseBaseUrl, halTimestamps, pathTo } from './hal.ts';

function requestWith(headers: Record<string, string>): Request {
  return { get: (name: string) => headers[name.toLowerCase()] } as unknown as Request;
}

describe('the base URL', () => {
  const own = { host: 'hub:9292' };
  test.each<[string, Record<string, string>, readonly string[], string]>([
    ['is the request’s own', own, [], 'http://hub:9292'],
    [
      'honours a proxy',
      { ...own, 'x-forwarded-proto': 'https', 'x-forwarded-host': 'b.example' },
      [],
      'https://b.example',
    ],
    ['takes the forwarded port', { ...own, 'x-forwarded-port': '81' }, [], 'http://hub:81'],
    [
      'leaves a default port out',
      { ...own, 'x-forwarded-port': '443', 'x-forwarded-proto': 'https' },
      [],
      'https://hub',
    ],
    [
      'takes the first of a chain of proxies',
      { ...own, 'x-forwarded-host': 'a.example, b' },
      [],
      'http://a.example',
    ],
    ['is the one configured', own, ['https://b.example'], 'https://b.example'],
    [
      'is the configured one that fits',
      own,
      ['https://b.example', 'http://hub:9292'],
      'http://hub:9292',
    ],
    [
      'is the first configured when none fits',
      own,
      ['https://b.example', 'https://c'],
      'https://b.example',
    ],
    ['does without a Host header', {}, [], 'http://localhost'],
    [
      'keeps the path below which a proxy shows the hub',
      { ...own, 'x-forwarded-host': 'a.example', 'x-forwarded-prefix': '/team/pacts/' },
      [],
      'http://a.example/team/pacts',
    ],
    [
      'leaves out a prefix that is no path',
      { ...own, 'x-forwarded-prefix': '"><b' },
      [],
      'http://hub:9292',
    ],
    [
      'is the configured one with the prefix that the proxy says',
      { ...own, 'x-forwarded-prefix': '/b' },
      ['http://hub:9292/a', 'http://hub:9292/b'],
      'http://hub:9292/b',
    ],
    [
      'is the configured one on the same host when the proxy says no prefix',
      { ...own, 'x-forwarded-host': 'c.example', 'x-forwarded-proto': 'https' },
      ['https://b.example/pacts', 'https://c.example/pacts'],
      'https://c.example/pacts',
    ],
  ])('%s', (...[, headers, configured, expected]) => {
    expect(chooseBaseUrl(requestWith(headers), configured)).toBe(expected);
  });
});

test('path segments are encoded as the broker encodes them', () => {
  expect(pathTo('a b', "feat/x'(1)!*", 'ü')).toBe('/a%20b/feat%2Fx%27%281%29%21%2A/%C3%BC');
});

test('updatedAt is only there when it differs', () => {
  const created_at = '2026-01-02T03:04:05.678Z';
  expect(halTimestamps({ created_at, updated_at: created_at })).toEqual({
    createdAt: '2026-01-02T03:04:05+00:00',
  });
  expect(halTimestamps({ created_at, updated_at: '2026-01-02T03:04:06.000Z' })).toEqual({
    createdAt: '2026-01-02T03:04:05+00:00',
    updatedAt: '2026-01-02T03:04:06+00:00',
  });
});
