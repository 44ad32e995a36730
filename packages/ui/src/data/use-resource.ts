import { useEffect, useRef, useState } from 'react';
import { useNews } from './news.ts';
import {
  afterAnswer,
  afterFailure,
  type Resource,
  startPolling,
  type Visibility,
} from './resource.ts';

/** How often views ask again. */
export const pollEvery = 5000;

export const documentVisibility: Visibility = {
  hidden: () => document.hidden,
  onChange: (callback) => {
    document.addEventListener('visibilitychange', callback);
    return () => document.removeEventListener('visibilitychange', callback);
  },
};

/** How often to ask again, until an answer is final. */
interface Poll<T> {
  readonly every: number;
  readonly until?: (value: T) => boolean;
  /** Asks at every news of the hub, too. */
  readonly live?: boolean;
}

/** For what changes with calls, findings and records. */
export const pollLive = { every: pollEvery, live: true } as const;

/** Loads and keeps fresh what `key` names; another key starts again from `loading`, undefined loads nothing. */
export function useResource<T>(
  key: string | undefined,
  load: () => Promise<T>,
  poll?: number | Poll<T>,
): Resource<T> {
  const { every, until, live } =
    typeof poll === 'object' ? poll : { every: poll, until: undefined, live: false };
  const news = useNews();
  const [state, setState] = useState<{ key: string | undefined; resource: Resource<T> }>({
    key,
    resource: { kind: 'loading' },
  });
  const latest = useRef({ load, until });
  useEffect(() => {
    latest.current = { load, until };
  });
  useEffect(() => {
    if (key === undefined) return;
    const update = (change: (before: Resource<T>) => Resource<T>) =>
      setState((before) => ({
        key,
        resource: change(before.key === key ? before.resource : { kind: 'loading' }),
      }));
    return startPolling({
      load: () => latest.current.load(),
      onAnswer: (value) => update((before) => afterAnswer(before, value, Date.now())),
      onFailure: (error) => update((before) => afterFailure(before, error)),
      every,
      until: (value) => latest.current.until?.(value) === true,
      visibility: documentVisibility,
      onNews: live === true ? (callback) => news.listen(callback) : undefined,
    });
  }, [key, every, live, news]);
  return state.key === key ? state.resource : { kind: 'loading' };
}
