import { pointerStep } from '../verdict/pointer-names.ts';

const mostFields = 100;

/**
 * A view of a JSON value that notes the pointers of the members that are read, array positions as `*`. It is a Proxy: it lists,
 * spreads, serialises and compares as the value does and can be changed like it, but structuredClone and postMessage refuse it.
 */
export function recordingView(value: unknown, read: Set<string>): unknown {
  return new Recording(read).viewOf(value, '');
}

class Recording {
  readonly #read: Set<string>;
  /** A member gives the same view each time, as it gives the same object. */
  readonly #views = new WeakMap<object, object>();

  constructor(read: Set<string>) {
    this.#read = read;
  }

  viewOf(target: unknown, pointer: string): unknown {
    if (typeof target !== 'object' || target === null) return target;
    const known = this.#views.get(target);
    if (known !== undefined) return known;
    const view = new Proxy(target, {
      get: (own, name, receiver) => {
        const member: unknown = Reflect.get(own, name, receiver);
        return isMember(own, name) ? this.#member(member, { own, name, pointer }) : member;
      },
    });
    this.#views.set(target, view);
    return view;
  }

  #member(member: unknown, { own, name, pointer }: Place): unknown {
    const isList = Array.isArray(own);
    const at = `${pointer}/${isList ? '*' : pointerStep(name)}`;
    if (!isList && this.#read.size < mostFields) this.#read.add(at);
    return isFrozen(own, name) ? member : this.viewOf(member, at);
  }
}

interface Place {
  readonly own: object;
  readonly name: string;
  readonly pointer: string;
}

/** Methods, symbols and the length of a list are not what was sent. */
function isMember(own: object, name: string | symbol): name is string {
  if (typeof name !== 'string' || !Object.hasOwn(own, name)) return false;
  return !(Array.isArray(own) && name === 'length');
}

/** Of a member that cannot change a Proxy must give the very value. */
function isFrozen(own: object, name: string): boolean {
  const descriptor = Reflect.getOwnPropertyDescriptor(own, name);
  return descriptor?.configurable === false && descriptor.writable === false;
}
