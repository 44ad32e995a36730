import { useEffect, useRef, useState } from 'react';
import {
  afterAnswer,
  afterFailure,
  type Resource,
  startPolling,
  type Visibility,
} from './resource.ts';

/** How often views ask again. */
export const pollEvery = 5000;

const documentVisibility: Visibility = {
  hidden: () => document.hidden,
  onChange: (callback) => {
    document.addEventListener('visibilitychange', callback);
    return () => document.removeEventListener('visibilitychange', callback);
  },
};

/** How often to ask again, until an answer is final. */
interface PollUntil<T> {
  readonly every: number;
  readonly until: (value: T) => boolean;
}

/** Loads and keeps fresh what `key` names; another key starts again from `loading`, undefined loads nothing. */
export function useResource<T>(
  key: string | undefined,
  load: () => Promise<T>,
  poll?: number | PollUntil<T>,
): Resource<T> {
  const { every, until } = typeof poll === 'object' ? poll : { every: poll };
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
    });
  }, [key, every]);
  return state.key === key ? state.resource : { kind: 'loading' };
}
