import { setTimeout as wait } from 'node:timers/promises';

/** How many events each receiver has handled since it started. */
export interface HandledEvents {
  readonly shipping: number;
  readonly notifications: number;
}

interface Receivers {
  readonly shippingUrl: string;
  readonly notificationsUrl: string;
}

/** Asks the receivers' `/health`, which makes no spans. */
export async function readHandled(receivers: Receivers): Promise<HandledEvents> {
  const [shipping, notifications] = await Promise.all([
    handledBy(receivers.shippingUrl),
    handledBy(receivers.notificationsUrl),
  ]);
  return { shipping, notifications };
}

/** Resolves when both have handled at least so many; rejects after the deadline with what is missing. */
export async function untilHandled(
  options: Receivers & { readonly deadlineMillis: number },
  expected: HandledEvents,
): Promise<void> {
  const deadline = Date.now() + options.deadlineMillis;
  for (;;) {
    const handled = await readHandled(options);
    if (handled.shipping >= expected.shipping && handled.notifications >= expected.notifications)
      return;
    if (Date.now() > deadline) {
      throw new Error(`events were not handled in time: ${JSON.stringify({ expected, handled })}`);
    }
    await wait(50);
  }
}

async function handledBy(url: string): Promise<number> {
  const response = await fetch(`${url}/health`);
  if (!response.ok) throw new Error(`${url}/health answered ${response.status}`);
  const health = (await response.json()) as { events: { handled: number } };
  return health.events.handled;
}
