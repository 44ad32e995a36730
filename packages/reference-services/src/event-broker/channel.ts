import { AmqpError } from './amqp-error.ts';
import { Consuming } from './consuming.ts';
import { declarationHandlers } from './declaration-handlers.ts';
import { type Frame, frameTypes } from './frames.ts';
import type { Message } from './message.ts';
import { type MethodArguments, type MethodName, readMethod } from './methods.ts';
import { Publishing } from './publishing.ts';
import type { VirtualHost } from './virtual-host.ts';

/** What a channel can do with its connection. */
export interface ChannelPort {
  /** Stands for the connection: exclusive queues belong to it. */
  readonly owner: object;
  /** False while too much waits to be sent. */
  readonly canSend: () => boolean;
  readonly send: <Name extends MethodName>(name: Name, values: MethodArguments<Name>) => void;
  readonly sendContent: <Name extends MethodName>(
    name: Name,
    values: MethodArguments<Name>,
    message: Message,
  ) => void;
}

/** What is done for each method; a method without handler is refused. */
export type Handlers = {
  readonly [Name in MethodName]?: (values: MethodArguments<Name>) => void;
};

/** One AMQP channel. Errors it throws end it or its connection; the connection sees to that. */
export class Channel {
  readonly #handlers: Handlers;
  readonly #consuming: Consuming;
  readonly #publishing: Publishing;
  /** The server has closed it and waits for the client to say so too; everything else is ignored meanwhile. */
  closing = false;

  constructor(host: VirtualHost, port: ChannelPort) {
    this.#consuming = new Consuming(host, port);
    this.#publishing = new Publishing(host, port);
    this.#handlers = {
      'channel.flow': ({ active }) => port.send('channel.flow-ok', { active }),
      ...declarationHandlers(host, port),
      ...this.#consuming.handlers(),
      ...this.#publishing.handlers(),
    };
  }

  take(frame: Frame): void {
    if (frame.type !== frameTypes.method) {
      this.#publishing.take(frame);
      return;
    }
    if (this.#publishing.waitingForContent) {
      throw new AmqpError('UNEXPECTED_FRAME', 'a method came where content was expected');
    }
    const method = readMethod(frame.payload);
    // The table's type ties each handler to its method's arguments; the lookup by a union of names loses that tie.
    const handler = this.#handlers[method.name] as ((values: unknown) => void) | undefined;
    if (handler === undefined) {
      throw new AmqpError('COMMAND_INVALID', `${method.name} is nothing a client sends here`);
    }
    handler(method.arguments);
  }

  serve(): void {
    this.#consuming.serve();
  }

  end(): void {
    this.#consuming.end();
  }
}
