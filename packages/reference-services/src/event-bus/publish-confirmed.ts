import type { ConfirmChannel, Options } from 'amqplib';

export interface OutgoingMessage {
  readonly exchange: string;
  readonly routingKey: string;
  readonly content: Buffer;
  readonly options: Options.Publish;
}

/** Resolves when the broker has taken the message; rejects when it refuses it or the channel closes before. */
export function publishConfirmed(channel: ConfirmChannel, message: OutgoingMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    const { exchange, routingKey, content, options } = message;
    channel.publish(exchange, routingKey, content, { persistent: true, ...options }, (error) => {
      if (error)
        reject(error instanceof Error ? error : new Error('the broker refused the message'));
      else resolve();
    });
  });
}
