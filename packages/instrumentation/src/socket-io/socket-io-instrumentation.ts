import {
  InstrumentationBase,
  InstrumentationNodeModuleDefinition,
  InstrumentationNodeModuleFile,
  isWrapped,
} from '@opentelemetry/instrumentation';
import { patchAdd, patchEncode } from './parser-patch.ts';
import {
  patchBroadcast,
  patchEmit,
  patchListen,
  patchOnEvent,
  patchUnlisten,
} from './socket-patch.ts';

const supported = ['>=4 <5'];

type Patch = (original: never) => unknown;
type Patches = Readonly<Record<string, Patch>>;
type Class = { readonly prototype: Record<string, unknown> };
type Exports = Readonly<Record<string, Class>>;

/**
 * Producer and consumer spans of Socket.IO 4, server and client, with the trace context beside each event; the
 * instrumentation of the OpenTelemetry project makes such spans but propagates nothing. Acknowledgements make no spans:
 * their handlers run where the event was sent.
 */
export class SocketIoInstrumentation extends InstrumentationBase {
  constructor() {
    super('@concordat/instrumentation/socket.io', '0.1.0', {});
  }

  protected override init(): InstrumentationNodeModuleDefinition[] {
    const inFile = (file: string, name: string, patches: () => Patches) =>
      new InstrumentationNodeModuleFile(
        `socket.io/dist/${file}.js`,
        supported,
        (exports: Exports) => this.#patch(exports, name, patches()),
        (exports: Exports) => this.#unpatch(exports, name, patches()),
      );
    const inPackage = (name: string, classes: () => Readonly<Record<string, Patches>>) =>
      new InstrumentationNodeModuleDefinition(
        name,
        supported,
        (exports: Exports) => {
          for (const [one, patches] of Object.entries(classes()))
            this.#patch(exports, one, patches);
          return exports;
        },
        (exports: Exports) => {
          for (const [one, patches] of Object.entries(classes()))
            this.#unpatch(exports, one, patches);
        },
      );
    const server = new InstrumentationNodeModuleDefinition(
      'socket.io',
      supported,
      undefined,
      undefined,
      [
        inFile('socket', 'Socket', () => this.#socketPatches()),
        inFile('broadcast-operator', 'BroadcastOperator', () => ({
          emit: patchBroadcast(this.tracer),
        })),
      ],
    );
    return [
      server,
      inPackage('socket.io-client', () => ({ Socket: this.#socketPatches() })),
      inPackage('socket.io-parser', () => ({
        Encoder: { encode: patchEncode },
        Decoder: { add: patchAdd },
      })),
    ];
  }

  #socketPatches(): Patches {
    const listen = patchListen(this.tracer);
    return {
      emit: patchEmit(this.tracer),
      onevent: patchOnEvent,
      on: listen,
      once: listen,
      addListener: listen,
      addEventListener: listen,
      prependListener: listen,
      prependOnceListener: listen,
      off: patchUnlisten,
      removeListener: patchUnlisten,
      removeEventListener: patchUnlisten,
    };
  }

  /** Server and client have not the same methods; inherited ones are wrapped on the class itself. */
  #patch(exports: Exports, name: string, patches: Patches): Exports {
    const prototype = exports[name]?.prototype;
    for (const [method, patch] of Object.entries(patches)) {
      if (typeof prototype?.[method] !== 'function' || isWrapped(prototype[method])) continue;
      this._wrap(prototype, method, patch as (original: unknown) => unknown);
    }
    return exports;
  }

  #unpatch(exports: Exports | undefined, name: string, patches: Patches): void {
    const prototype = exports?.[name]?.prototype;
    for (const method of Object.keys(patches)) {
      if (isWrapped(prototype?.[method])) this._unwrap(prototype, method);
    }
  }
}
