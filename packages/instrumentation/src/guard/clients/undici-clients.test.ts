import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { CapturedBody } from '../capture/captured-body.ts';
import type { ClientExchange } from '../capture/client-exchange.ts';
import { observedBody } from './observed-body.ts';
import { observedHandler } from './observed-handler.ts';
import { readTraceParent } from './read-trace-parent.ts';

/** What a handler and a body are shown to. */
function anExchange(whole = true) {
  const told: string[] = [];
  const exchange = {
    ...{ ticket: { whole }, sent: new CapturedBody(100), received: new CapturedBody(100) },
    ...{ status: 0, responseHeaders: {} },
    finish: () => told.push('finish'),
    abort: () => told.push('abort'),
  };
  return { told, exchange, seen: exchange as unknown as ClientExchange };
}

/** Notes what it is told, and by which `this`. */
class Handler {
  readonly calls: string[] = [];
  #secret = 7;

  onConnect(...args: unknown[]): number {
    return this.#note('onConnect', args);
  }

  onHeaders(...args: unknown[]): number {
    return this.#note('onHeaders', args);
  }

  onData(...args: unknown[]): number {
    return this.#note('onData', args);
  }

  onComplete(...args: unknown[]): number {
    return this.#note('onComplete', args);
  }

  onError(...args: unknown[]): number {
    return this.#note('onError', args);
  }

  onResponseStart(...args: unknown[]): number {
    return this.#note('onResponseStart', args);
  }

  onResponseData(...args: unknown[]): number {
    return this.#note('onResponseData', args);
  }

  onResponseEnd(...args: unknown[]): number {
    return this.#note('onResponseEnd', args);
  }

  onResponseError(...args: unknown[]): number {
    return this.#note('onResponseError', args);
  }

  #note(name: string, args: readonly unknown[]): number {
    this.calls.push(`${name} ${args.length}`);
    return this.#secret;
  }
}

type Observed = Record<string, (...args: unknown[]) => unknown>;

describe('a handler of undici', () => {
  test.each([
    {
      api: 'up to version 6',
      calls: [
        ['onHeaders', 103, []],
        ['onHeaders', 200, [Buffer.from('X-A'), Buffer.from('1')], () => undefined, 'OK'],
        ['onData', Buffer.from('body')],
        ['onComplete', []],
        ['onError', new Error('late')],
      ],
    },
    {
      api: 'since version 7',
      calls: [
        ['onResponseStart', {}, 103, {}],
        ['onResponseStart', {}, 200, { 'X-A': '1' }, 'OK'],
        ['onResponseData', {}, Buffer.from('body')],
        ['onResponseEnd', {}, {}],
        ['onResponseError', {}, new Error('late')],
      ],
    },
  ])('shows what it is told, and is told all of it: $api', ({ calls }) => {
    const handler = new Handler();
    const { exchange, seen, told } = anExchange();
    const observed = observedHandler(handler, seen) as Observed;
    expect('onUpgrade' in observed).toBe(false);
    for (const [name, ...args] of calls) expect(observed[String(name)]?.(...args)).toBe(7);
    expect(handler.calls).toEqual(calls.map(([name, ...args]) => `${name} ${args.length}`));
    expect([exchange.status, exchange.responseHeaders]).toEqual([200, { 'x-a': '1' }]);
    expect([String(exchange.received.content), told]).toEqual(['body', ['finish', 'abort']]);
  });

  test('is told what breaks the exchange, and nothing is captured of what is not sampled', () => {
    const handler = new Handler();
    const { exchange, seen, told } = anExchange(false);
    const observed = observedHandler(handler, seen) as Observed;
    observed.onData?.(Buffer.from('body'));
    expect(exchange.received.content?.length).toBe(0);
    observed.onHeaders?.(200, { [Symbol.iterator]: 7 });
    expect([told, handler.calls]).toEqual([['abort'], ['onData 1', 'onHeaders 2']]);
  });
});

describe('the body of a request', () => {
  const options = { path: '/', method: 'POST' };

  test.each([
    { what: 'none', body: undefined, sent: '' },
    { what: 'null', body: null, sent: '' },
    { what: 'text', body: 'text', sent: 'text' },
    { what: 'bytes', body: Buffer.from('bytes'), sent: 'bytes' },
    { what: 'a stream', body: Readable.from(['a']), sent: undefined },
    { what: 'a form', body: new FormData(), sent: undefined },
  ])('stays the very same: $what', ({ body, sent }) => {
    const { exchange, seen } = anExchange();
    const given = { ...options, body };
    expect(observedBody(given, seen)).toBe(given);
    expect(exchange.sent.content?.toString()).toBe(sent);
  });

  test('that is generated is seen as it is taken', async () => {
    async function* generated() {
      yield Buffer.from('one');
      yield Buffer.from('two');
    }
    const { exchange, seen } = anExchange();
    const { body } = observedBody({ ...options, body: generated() }, seen);
    const taken: string[] = [];
    for await (const chunk of body as AsyncIterable<Buffer>) taken.push(String(chunk));
    expect([taken, String(exchange.sent.content)]).toEqual([['one', 'two'], 'onetwo']);
  });

  test('that fails, or is given up, does so as ever', async () => {
    async function* failing() {
      yield Buffer.from('one');
      throw new Error('broken');
    }
    const { exchange, seen } = anExchange();
    const taken = async (give: boolean): Promise<void> => {
      const { body } = observedBody({ ...options, body: failing() }, seen);
      for await (const _ of body as AsyncIterable<Buffer>) if (give) break;
    };
    await taken(true);
    await expect(taken(false)).rejects.toThrow('broken');
    await new Promise(setImmediate);
    expect(exchange.sent.content).toBeUndefined();
    const { body } = observedBody({ ...options, body: failing() }, seen);
    const iterator = (body as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
    await expect(iterator.throw?.(new Error('thrown in'))).rejects.toThrow('thrown in');
  });
});

test.each([
  { header: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, flags: 1 },
  { header: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-00`, flags: 0 },
  { header: `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`, flags: undefined },
  { header: 'nothing', flags: undefined },
  { header: undefined, flags: undefined },
])('the header $header names a span of flags $flags', ({ header, flags }) => {
  expect(readTraceParent(header)?.traceFlags).toBe(flags);
});
