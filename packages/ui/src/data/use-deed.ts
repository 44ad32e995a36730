import { useState } from 'react';
import { explainRefusal } from './problem.ts';

/** Something the reader has the hub do. */
export interface Deed {
  readonly busy: boolean;
  /** Why the last one did not happen. */
  readonly refusal: string | undefined;
  readonly run: (work: () => Promise<void>) => Promise<void>;
}

/** One deed at a time; what a second click asks for meanwhile is left out. */
export function useDeed(): Deed {
  const [state, setState] = useState<Omit<Deed, 'run'>>({ busy: false, refusal: undefined });
  const run = async (work: () => Promise<void>) => {
    if (state.busy) return;
    setState({ busy: true, refusal: undefined });
    const refusal = await work().then(() => undefined, explainRefusal);
    setState({ busy: false, refusal });
  };
  return { ...state, run };
}
