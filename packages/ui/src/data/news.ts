import { createContext, useContext } from 'react';
import type { Visibility } from './resource.ts';

/** The part of the platform's `EventSource` that is used. */
export interface EventStream {
  /** 2: closed for good, it does not come back by itself. */
  readonly readyState: number;
  addEventListener(name: string, listener: () => void): void;
  close(): void;
}

/** Lets views know that the hub may have something new to say. */
export class News {
  readonly #listeners = new Set<() => void>();

  /** Returns how to stop. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

export const NewsContext = createContext(new News());

export function useNews(): News {
  return useContext(NewsContext);
}

interface Following {
  /** Undefined where there are no streams. */
  readonly open: () => EventStream | undefined;
  readonly visibility: Visibility;
  readonly onNews: () => void;
}

const eventNames = ['finding', 'summary', 'edge', 'resync', 'error'] as const;
const atMostEvery = 1000;
const retryAfter = 15_000;

/** Keeps one stream open while the page is seen; tells at most once a second. Returns how to stop. */
export function followHub({ open, visibility, onNews }: Following): () => void {
  let stream: EventStream | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let next: ReturnType<typeof setTimeout> | undefined;
  let told = Number.NEGATIVE_INFINITY;

  const tell = () => {
    next ??= setTimeout(
      () => {
        next = undefined;
        told = Date.now();
        onNews();
      },
      Math.max(0, told + atMostEvery - Date.now()),
    );
  };
  const stop = () => {
    clearTimeout(retry);
    clearTimeout(next);
    next = undefined;
    stream?.close();
    stream = undefined;
  };
  const start = () => {
    stop();
    if (visibility.hidden()) return;
    const opened = open();
    stream = opened;
    for (const name of eventNames) {
      opened?.addEventListener(name, () => {
        if (stream !== opened) return;
        if (name !== 'error') tell();
        else if (opened.readyState === 2) {
          // Refused: views go on asking by themselves until it is tried again.
          clearTimeout(retry);
          retry = setTimeout(start, retryAfter);
        }
      });
    }
  };
  const unsubscribe = visibility.onChange(start);
  start();
  return () => {
    unsubscribe();
    stop();
  };
}
