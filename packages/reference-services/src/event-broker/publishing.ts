import type { ChannelPort, Handlers } from './channel.ts';
import { ContentAssembler } from './content-assembler.ts';
import type { Frame } from './frames.ts';
import type { PublishResult, VirtualHost } from './virtual-host.ts';

/** One channel's publishing: content, mandatory messages and confirms. */
export class Publishing {
  readonly #host: VirtualHost;
  readonly #port: ChannelPort;
  readonly #content = new ContentAssembler();
  #confirming = false;
  #published = 0;

  constructor(host: VirtualHost, port: ChannelPort) {
    this.#host = host;
    this.#port = port;
  }

  get waitingForContent(): boolean {
    return this.#content.waiting;
  }

  handlers(): Handlers {
    return {
      'confirm.select': ({ nowait }) => {
        this.#confirming = true;
        if (!nowait) this.#port.send('confirm.select-ok', {});
      },
      'basic.publish': ({ exchange, routingKey, mandatory }) => {
        // An exchange that is not there is refused before its content, as the publisher should stop sending it.
        if (exchange !== '') this.#host.exchange(exchange);
        this.#content.begin({ exchange, routingKey, mandatory });
      },
    };
  }

  take(frame: Frame): void {
    const publication = this.#content.add(frame);
    if (publication === undefined) return;
    const { message, mandatory } = publication;
    const result = this.#host.publish(message);
    if (mandatory && result.routed === 0) {
      const { exchange, routingKey } = message;
      this.#port.sendContent(
        'basic.return',
        { code: 312, text: 'NO_ROUTE', exchange, routingKey },
        message,
      );
    }
    this.#confirm(result);
  }

  #confirm(result: PublishResult): void {
    if (!this.#confirming) return;
    this.#published += 1;
    const deliveryTag = BigInt(this.#published);
    if (result.accepted) this.#port.send('basic.ack', { deliveryTag, multiple: false });
    else this.#port.send('basic.nack', { deliveryTag, multiple: false, requeue: false });
  }
}
