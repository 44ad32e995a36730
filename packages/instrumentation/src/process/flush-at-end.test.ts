import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { flushAtEnd } from './flush-at-end.ts';

const events = ['SIGTERM', 'SIGINT', 'uncaughtException', 'beforeExit', 'exit'] as const;

/** The ends that kill a process are told by acceptance tests on real ones; here is what leads to them. */
describe('the end of a process', () => {
  const others = new Map<string, readonly ((...args: never) => unknown)[]>();
  let remove: () => void;
  let pending: number;
  const flush = vi.fn(async () => undefined);
  const stop = vi.fn(async () => undefined);
  const giveUp = vi.fn();
  const kill = vi.fn();
  const exit = vi.fn();

  beforeEach(() => {
    for (const event of events) {
      others.set(event, process.listeners(event as 'exit') as never);
      process.removeAllListeners(event);
    }
    for (const mock of [flush, stop, giveUp, kill, exit]) mock.mockClear();
    vi.spyOn(process, 'kill').mockImplementation(kill as never);
    vi.spyOn(process, 'exit').mockImplementation(exit as never);
    pending = 1;
    remove = flushAtEnd({ flush, stop, giveUp, pending: () => pending });
  });

  afterEach(() => {
    remove();
    for (const event of events) {
      process.removeAllListeners(event);
      for (const listener of others.get(event) ?? []) process.on(event, listener as () => void);
    }
  });

  const emit = (event: string, ...args: unknown[]): boolean =>
    (process.emit as (name: string, ...all: unknown[]) => boolean)(event, ...args);

  test('a signal that nobody handles stops tracing and ends the process by that signal', async () => {
    emit('SIGTERM');
    await vi.waitFor(() => expect(kill).toHaveBeenCalledWith(process.pid, 'SIGTERM'), 10_000);
    expect([stop.mock.calls.length, process.listenerCount('SIGTERM')]).toEqual([1, 0]);
  });

  test('the second signal waits for nothing', () => {
    stop.mockReturnValueOnce(new Promise(() => undefined));
    emit('SIGINT');
    expect(kill).not.toHaveBeenCalled();
    emit('SIGINT');
    expect(kill).toHaveBeenCalledWith(process.pid, 'SIGINT');
  });

  test('a signal that the service handles is its own affair; its last spans follow', async () => {
    process.once('SIGTERM', () => undefined);
    emit('SIGTERM');
    await vi.waitFor(() => expect(flush.mock.calls.length).toBeGreaterThan(1), 10_000);
    expect([stop.mock.calls.length, kill.mock.calls.length]).toEqual([0, 0]);
  });

  test('an exception that the service handles is its own affair', () => {
    process.on('uncaughtException', () => undefined);
    emit('uncaughtException', new Error('broken'));
    expect(flush).toHaveBeenCalledOnce();
    expect(process.listenerCount('uncaughtException')).toBe(2);
  });

  test('an exception that nobody handles is thrown on when the spans are sent', async () => {
    const thrown: unknown[] = [];
    vi.spyOn(globalThis, 'setImmediate').mockImplementation(((callback: () => void) => {
      try {
        callback();
      } catch (error) {
        thrown.push(error);
      }
    }) as never);
    const error = new Error('broken');
    emit('uncaughtException', error);
    await vi.waitFor(() => expect(thrown).toEqual([error]), 10_000);
    expect(process.listenerCount('uncaughtException')).toBe(0);
  });

  test.each([
    { spans: 1, stops: 1, exits: 1 },
    { spans: 0, stops: 0, exits: 0 },
  ])('with nothing more to do $spans pending spans are sent', async ({ spans, stops, exits }) => {
    pending = spans;
    emit('beforeExit', 0);
    await vi.waitFor(() => expect(exit).toHaveBeenCalledTimes(exits), 10_000);
    expect(stop).toHaveBeenCalledTimes(stops);
  });

  test('what comes after nothing more to do is not cut off', async () => {
    process.on('beforeExit', () => undefined);
    emit('beforeExit', 0);
    await Promise.resolve();
    expect([stop.mock.calls.length, exit.mock.calls.length]).toEqual([1, 0]);
  });

  test('process.exit() leaves only a word about what is lost', () => {
    emit('exit', 0);
    expect(giveUp).toHaveBeenCalledWith(expect.stringContaining('tracing.shutdown()'));
  });

  test('nothing of it stays when tracing is stopped', () => {
    remove();
    expect(events.map((event) => process.listenerCount(event))).toEqual([0, 0, 0, 0, 0]);
  });
});
