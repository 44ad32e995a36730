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

/** Loads and keeps fresh what `key` names; another key starts again from `loading`, undefined loads nothing. */
export function useResource<T>(
  key: string | undefined,
  load: () => Promise<T>,
  every?: number,
): Resource<T> {
  const [state, setState] = useState<{ key: string | undefined; resource: Resource<T> }>({
    key,
    resource: { kind: 'loading' },
  });
  const latest = useRef(load);
  useEffect(() => {
    latest.current = load;
  });
  useEffect(() => {
    if (key === undefined) return;
    const update = (change: (before: Resource<T>) => Resource<T>) =>
      setState((before) => ({
        key,
        resource: change(before.key === key ? before.resource : { kind: 'loading' }),
      }));
    return startPolling({
      load: () => latest.current(),
      onAnswer: (value) => update((before) => afterAnswer(before, value, Date.now())),
      onFailure: (error) => update((before) => afterFailure(before, error)),
      every,
      visibility: documentVisibility,
    });
  }, [key, every]);
  return state.key === key ? state.resource : { kind: 'loading' };
}
