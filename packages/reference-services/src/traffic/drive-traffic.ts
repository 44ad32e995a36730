import { randomUUID } from 'node:crypto';
import { type HandledEvents, readHandled, untilHandled } from './handled-events.ts';
import { Shopper } from './shopper.ts';

export interface TrafficOptions {
  readonly storefrontUrl: string;
  readonly shippingUrl: string;
  readonly notificationsUrl: string;
  /** Good baskets in this round; the ways an order can fail come on top. */
  readonly baskets: number;
  readonly deadlineMillis: number;
}

/** Failed orders of one round: two each of out of stock, declined card and a supplier who refuses. */
const failuresEach = 2;

/**
 * One round of honest visits: every page is used, every promised answer is asked for, and the round ends when the
 * events it caused have been handled.
 */
export async function driveTraffic(options: TrafficOptions): Promise<void> {
  const before = await readHandled(options);
  for (let basket = 0; basket < options.baskets; basket += 1) await visit(options, basket);
  for (let failure = 0; failure < failuresEach; failure += 1) await unluckyVisit(options);
  await untilHandled(options, expectedAfter(before, options.baskets));
}

async function visit(options: TrafficOptions, basket: number): Promise<void> {
  const shopper = new Shopper(options.storefrontUrl, `customer-${basket}`);
  await shopper.lookAround();
  const orderId = await shopper.buy(basket % 2 === 0 ? 'mug-classic' : 'tea-green');
  await shopper.readOrder(orderId);
  await shopper.readOrders();
}

async function unluckyVisit(options: TrafficOptions): Promise<void> {
  const shopper = new Shopper(options.storefrontUrl, 'unlucky');
  await shopper.failToBuy('poster-rare', { card: 'card-good', status: 409 });
  await shopper.failToBuy('mug-classic', { card: 'card-declined', status: 402 });
  await shopper.failToBuy('lamp-custom', { card: 'card-good', status: 409 });
  await shopper.failToBuy('no-such-product', { card: 'card-good', status: 422 });
  await shopper.readMissingOrder(randomUUID());
}

/** A good order is placed and confirmed, a failed one placed and cancelled; shipping does not hear of placing. */
function expectedAfter(before: HandledEvents, baskets: number): HandledEvents {
  const orders = baskets + 3 * failuresEach;
  return { shipping: before.shipping + orders, notifications: before.notifications + 2 * orders };
}
