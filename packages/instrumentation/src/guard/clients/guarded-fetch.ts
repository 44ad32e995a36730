import type { Watch } from '../capture/client-exchange.ts';
import type { FieldWatch } from './field-watch.ts';
import type { Dispatch, Interceptor, UndiciGuard } from './undici-interceptor.ts';

/** A dispatcher of undici, of which only this is used. */
interface Dispatcher {
  dispatch: Dispatch;
}

type Fetch = typeof globalThis.fetch;
/** Node's types know another option of this name. */
type WithDispatcher = Omit<RequestInit, 'dispatcher'> & { readonly dispatcher?: Dispatcher };

const key = Symbol.for('undici.globalDispatcher.1');
const shared = globalThis as { [key]?: Dispatcher };
/** Dispatchers a guard stands before, and what is behind. */
const guarded = new WeakMap<Dispatcher, Dispatcher>();

/** The dispatcher that fetch uses when it is given none; undefined in a Node.js that keeps it elsewhere. */
function globalDispatcher(): Dispatcher | undefined {
  // Naming a class of fetch loads undici, which makes its dispatcher then.
  if (shared[key] === undefined) void globalThis.Headers;
  return shared[key];
}

function guardedDispatcher(dispatcher: Dispatcher, interceptor: Interceptor): Dispatcher {
  const dispatch = interceptor((options, handler) => dispatcher.dispatch(options, handler));
  const proxy = new Proxy(dispatcher, {
    get: (target, name) => {
      if (name === 'dispatch') return dispatch;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  guarded.set(proxy, dispatcher);
  return proxy;
}

/** Guards every fetch of this process that names no dispatcher of its own. Returns what undoes it. */
export function guardGlobalDispatcher(undici: UndiciGuard): () => void {
  const before = globalDispatcher();
  if (before === undefined) return () => undefined;
  const own = guardedDispatcher(before, undici.interceptor());
  shared[key] = own;
  return () => {
    if (shared[key] === own) shared[key] = before;
  };
}

export interface FetchParts {
  readonly undici: UndiciGuard;
  /** undefined: what is read of answers is not watched. */
  readonly fields: FieldWatch | undefined;
}

/** A fetch that does what the given one does; it must take the option `dispatcher`, as Node's own and that of undici do. */
export function guardedFetch(fetchLike: Fetch, { undici, fields }: FetchParts): Fetch {
  const throughGuard = (init: RequestInit | undefined, watch?: Watch): RequestInit => {
    const given = init as WithDispatcher | undefined;
    const own = given?.dispatcher ?? globalDispatcher();
    if (own === undefined || (guarded.has(own) && watch === undefined)) return init ?? {};
    const dispatcher = guardedDispatcher(guarded.get(own) ?? own, undici.interceptor(watch));
    return { ...init, dispatcher } as WithDispatcher as RequestInit;
  };
  if (fields === undefined) {
    return (input, init) => fetchLike(input, throughGuard(init));
  }
  return async (input, init) => {
    const watch = fields.begin();
    const response = await fetchLike(input, throughGuard(init, watch));
    return watch === undefined ? response : watch.around(response);
  };
}
