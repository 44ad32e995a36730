import { describe, expect, test } from 'vitest';
import { type ObservedCall, type ObservedRequest, parametersOf, pathOf } from './observed-call.ts';
import { type DraftOptions, writeDraft } from './write-draft.ts';

const seen = { operation: 'GET /carts', calls: 1, lastSeen: '2026-11-21T00:00:00.000Z' };
const request: ObservedRequest = {
  ...{ ...seen, traceId: 'abc', kind: 'http', method: 'GET', status: 200 },
  ...{ path: ['carts'], parameters: [] },
};

function draftOf(call: Partial<ObservedRequest>, more: Partial<DraftOptions> = {}): string {
  return writeDraft({
    ...{ consumer: 'web', provider: 'shop', runner: 'vitest', pactFolder: 'pacts' },
    ...{ hubUrl: 'http://hub', calls: [{ ...request, ...call }] },
    ...more,
  });
}

describe('a drafted test', () => {
  test('needs no matchers for a fixed path', () => {
    const source = draftOf({});
    expect(source).toContain("import { PactV4 } from '@pact-foundation/pact';");
    expect(source).toContain(".withRequest('GET', '/carts')");
    expect(source).toContain('1 call, last 2026-11-21T00:00:00.000Z, http://hub/ui/traces/abc');
  });

  test('matches what varies by its form, with values of its own', () => {
    const source = draftOf({ path: ['a.b', { varies: 'number' }, { varies: 'text' }], calls: 2.6 });
    expect(source).toContain("regex('^/a\\\\.b/\\\\d+/[^/]+$', '/a.b/1/example')");
    expect(source).toContain('3 calls');
  });

  test('is for jest when it is told so', () => {
    expect(draftOf({}, { runner: 'jest' })).toContain("from '@jest/globals'");
  });

  test('leaves out the trace that is not known', () => {
    expect(draftOf({ traceId: undefined })).not.toContain('/ui/traces');
  });

  test.each(["it's", 'a\nb', 'back\\slash', '`${x', '*/ //', 'line\u2028end'])(
    'holds a name like %j without running it',
    async (name) => {
      const event: ObservedCall = { ...seen, traceId: name, kind: 'message', event: name };
      const odd = { operation: name, path: [name], parameters: [name], method: name };
      const source = draftOf(odd, { consumer: name, calls: [{ ...request, ...odd }, event] });
      const body = source.replaceAll(/^import .*$/gm, '');
      const told: string[] = [];
      const named = (title: string) => void told.push(title);
      const describeFake = (title: string, inside: () => void) => {
        told.push(title);
        inside();
      };
      new Function('MatchersV3', 'PactV4', 'describe', 'expect', 'test', body)(
        ...[{ regex: () => '' }, class {}, describeFake, undefined, named],
      );
      expect(told).toEqual([
        `${name} as consumer of shop`,
        `observed, not promised: ${name} answers 200`,
        `observed, not promised: ${name}`,
      ]);
    },
  );
});

describe('what varies in a path', () => {
  const uuid = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';
  test.each([
    ['/carts/{id}', '/carts/7', ['carts', { varies: 'number' }]],
    ['/carts/{id}', `/carts/${uuid}`, ['carts', { varies: 'uuid' }]],
    ['/carts/{id}/x', '/carts/seven/x', ['carts', { varies: 'text' }, 'x']],
    ['/carts/{id}', '/api/carts/7', ['carts', { varies: 'text' }]],
    ['/', '/', ['']],
  ])('of %s, seen as %s', (template, path, expected) => {
    expect(pathOf(template, { path, query: '' })).toEqual(expected);
  });

  test('is a text where nothing was seen', () => {
    expect(pathOf('/carts/{id}', undefined)).toEqual(['carts', { varies: 'text' }]);
  });

  test('is kept of parameters by name only', () => {
    expect(parametersOf('a=1&b=2&a=3&c')).toEqual(['a', 'b', 'c']);
    expect(parametersOf('')).toEqual([]);
  });
});
