import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type EventStream, followHub, News } from './news.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

class ScriptedStream implements EventStream {
  readyState = 1;
  readonly #listeners = new Map<string, () => void>();

  addEventListener(name: string, listener: () => void): void {
    this.#listeners.set(name, listener);
  }

  close(): void {
    this.readyState = 2;
  }

  send(name: string): void {
    this.#listeners.get(name)?.();
  }
}

function follow() {
  const streams: ScriptedStream[] = [];
  const page = { hidden: false, changed: (): void => undefined };
  let told = 0;
  const stop = followHub({
    open: () => {
      const stream = new ScriptedStream();
      streams.push(stream);
      return stream;
    },
    visibility: {
      hidden: () => page.hidden,
      onChange: (callback) => {
        page.changed = callback;
        return () => {
          page.changed = () => undefined;
        };
      },
    },
    onNews: () => {
      told += 1;
    },
  });
  const hide = (hidden: boolean) => {
    page.hidden = hidden;
    page.changed();
  };
  const openNow = () => streams.filter(({ readyState }) => readyState !== 2).length;
  return { streams, stop, hide, openNow, told: () => told };
}

test('every event is news, at once and then at most once a second', async () => {
  const { streams, stop, told } = follow();
  for (const name of ['finding', 'summary', 'edge', 'resync', 'ready']) streams[0]?.send(name);
  await vi.advanceTimersByTimeAsync(0);
  expect(told()).toBe(1);
  streams[0]?.send('finding');
  await vi.advanceTimersByTimeAsync(999);
  expect(told()).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(told()).toBe(2);
  streams[0]?.send('finding');
  stop();
  await vi.advanceTimersByTimeAsync(5000);
  expect(told()).toBe(2);
});

test('the stream is closed while the page is hidden, and never more than one is open', async () => {
  const { streams, stop, hide, openNow, told } = follow();
  expect(openNow()).toBe(1);
  hide(true);
  expect(openNow()).toBe(0);
  hide(false);
  hide(false);
  expect([openNow(), streams.length]).toEqual([1, 3]);
  streams[0]?.send('finding');
  await vi.advanceTimersByTimeAsync(2000);
  expect(told()).toBe(0);
  stop();
  hide(false);
  expect(openNow()).toBe(0);
});

test('a stream that was refused is tried again after a while, one that comes back by itself is left alone', async () => {
  const { streams, stop, openNow } = follow();
  streams[0]?.send('error');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(streams).toHaveLength(1);
  streams[0]?.close();
  streams[0]?.send('error');
  await vi.advanceTimersByTimeAsync(14_999);
  expect(streams).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect([streams.length, openNow()]).toEqual([2, 1]);
  stop();
});

test('where there are no streams nothing happens', () => {
  const visibility = { hidden: () => false, onChange: () => () => undefined };
  const onNews = vi.fn();
  followHub({ open: () => undefined, visibility, onNews })();
  expect(onNews).not.toHaveBeenCalled();
});

test('news reach who listens, until they stop', () => {
  const news = new News();
  const heard = vi.fn();
  const stop = news.listen(heard);
  news.tell();
  stop();
  news.tell();
  expect(heard).toHaveBeenCalledTimes(1);
});
