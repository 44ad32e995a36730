import { context, type Tracer } from '@opentelemetry/api';
import { type Carrier, carry, type Packet, sendWith } from './packet.ts';
import { consume, deliver, produce } from './spans.ts';

/** Of a Socket of the server or of the client. */
interface Socket {
  readonly nsp?: string | { readonly name?: string };
  /** Client only: what waits for the connection. */
  readonly sendBuffer?: readonly Packet[];
  /** Client only: with retries, `emit` first queues the event and sends it by a second `emit` with this flag. */
  readonly flags?: { readonly fromQueue?: boolean; readonly volatile?: boolean };
  readonly _opts?: { readonly retries?: number };
}

/** Of the server's BroadcastOperator. */
interface Operator {
  /** A parent of dynamic namespaces may have none. */
  adapter: Adapter | undefined;
  readonly rooms?: ReadonlySet<string>;
}

interface Adapter {
  readonly nsp?: { readonly name?: string };
  readonly broadcast: Broadcast;
  readonly broadcastWithAck: Broadcast;
}

type Broadcast = (packet: Packet, ...others: readonly unknown[]) => unknown;
type Emit<This> = (this: This, event: unknown, ...args: unknown[]) => unknown;
type Handler = (this: unknown, ...args: unknown[]) => unknown;
type Listen = (this: unknown, event: string, handler?: unknown) => unknown;

/** Names that both sides keep for themselves; they never cross the wire. */
const reserved: ReadonlySet<unknown> = new Set([
  'connect',
  'connect_error',
  'disconnect',
  'disconnecting',
  'newListener',
  'removeListener',
]);

export function patchEmit(tracer: Tracer) {
  return (emit: Emit<Socket>): Emit<Socket> =>
    function emitWithinSpan(event, ...args) {
      const bound = args.map(bindAck);
      const call = (): unknown => emit.call(this, event, ...bound);
      if (typeof event !== 'string' || reserved.has(event) || onlyQueues(this)) return call();
      return produce({ tracer, event, namespace: namespaceOf(this) }, (carrier) =>
        sendWith(carrier, () => {
          const waiting = this.sendBuffer?.length ?? 0;
          const result = call();
          for (const packet of this.sendBuffer?.slice(waiting) ?? []) carry(packet, carrier);
          return result;
        }),
      );
    };
}

function onlyQueues({ _opts, flags }: Socket): boolean {
  return Boolean(_opts?.retries && !flags?.fromQueue && !flags?.volatile);
}

/** Only the last argument is an acknowledgement, and functions anywhere else cannot be sent at all. */
function bindAck(argument: unknown): unknown {
  if (typeof argument !== 'function') return argument;
  // The client marks acknowledgements that take an error by a property.
  return Object.assign(context.bind(context.active(), argument as Handler), argument);
}

/** Namespaces, rooms and `socket.broadcast`: one span, however many receive it. */
export function patchBroadcast(tracer: Tracer) {
  return (emit: Emit<Operator>): Emit<Operator> =>
    function broadcastWithinSpan(event, ...args) {
      const { adapter, rooms = [] } = this;
      if (typeof event !== 'string' || reserved.has(event) || adapter === undefined)
        return emit.call(this, event, ...args);
      const about = { tracer, event, namespace: adapter.nsp?.name, rooms: [...rooms] };
      const bound = args.map(bindAck);
      return produce(about, (carrier) => {
        this.adapter = carryingAdapter(adapter, carrier);
        try {
          return emit.call(this, event, ...bound);
        } finally {
          this.adapter = adapter;
        }
      });
    };
}

/** The packet must have its context before the adapter gets it: adapters of several servers send it on at once. */
function carryingAdapter(adapter: Adapter, carrier: Carrier): Adapter {
  const carrying =
    (name: 'broadcast' | 'broadcastWithAck'): Broadcast =>
    (packet, ...others) => {
      carry(packet, carrier);
      return adapter[name](packet, ...others);
    };
  return new Proxy(adapter, {
    get: (target, name) => {
      if (name === 'broadcast' || name === 'broadcastWithAck') return carrying(name);
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** `socket.onevent()` dispatches a packet to the handlers of its event. */
export function patchOnEvent(onEvent: Handler): Handler {
  return function onEventWithContext(this: unknown, ...args) {
    return deliver(args[0] as Packet, namespaceOf(this as Socket) ?? '/', () =>
      onEvent.apply(this, args),
    );
  };
}

function namespaceOf({ nsp }: Socket): string | undefined {
  return typeof nsp === 'string' ? nsp : nsp?.name;
}

/** One wrapper for a handler and event, so that taking a handler away finds it. */
const wrappers = new WeakMap<object, Map<string, Handler>>();

/** `on`, `once` and their kin. */
export function patchListen(tracer: Tracer) {
  return (listen: Listen): Listen =>
    function listenWithinSpan(event, handler) {
      if (typeof handler !== 'function' || reserved.has(event) || isOnceWrapper(handler))
        return listen.call(this, event, handler);
      return listen.call(this, event, wrapperOf(tracer, event, handler as Handler));
    };
}

/** `once` of both emitters adds its own wrapper by `on`; they find it again by these properties. */
function isOnceWrapper(handler: object): boolean {
  return 'listener' in handler || 'fn' in handler;
}

function wrapperOf(tracer: Tracer, event: string, handler: Handler): Handler {
  const known = wrappers.get(handler) ?? new Map<string, Handler>();
  wrappers.set(handler, known);
  const found = known.get(event);
  if (found !== undefined) return found;
  const wrapper: Handler = function handleWithinSpan(...args) {
    return consume(tracer, event, () => handler.apply(this, args));
  };
  known.set(event, wrapper);
  return wrapper;
}

/** `off` and its kin. */
export function patchUnlisten(unlisten: Handler): Handler {
  return function unlistenWrapped(...args) {
    const [event, handler] = args;
    const wrapper =
      typeof handler === 'function' ? wrappers.get(handler)?.get(event as string) : undefined;
    if (wrapper === undefined) return unlisten.apply(this, args);
    // Before tracing was started the handler may have been added as it is.
    unlisten.call(this, event, wrapper);
    return unlisten.call(this, event, handler);
  };
}
