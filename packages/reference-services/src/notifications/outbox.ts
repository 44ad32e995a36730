export interface Notification {
  readonly customer: string;
  readonly text: string;
}

/** Messages to customers, newest last; the oldest are forgotten beyond the limit. */
export class Outbox {
  readonly #limit: number;
  readonly #notifications: Notification[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  send(notification: Notification): void {
    this.#notifications.push(notification);
    if (this.#notifications.length > this.#limit) this.#notifications.shift();
  }

  get sent(): readonly Notification[] {
    return this.#notifications;
  }
}
