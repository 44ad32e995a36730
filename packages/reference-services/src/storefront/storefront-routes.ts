import { type Request, Router } from 'express';
import { Problem } from '../service/problem.ts';
import { bodyOf, linesOf, objectOf, textOf } from '../service/read-body.ts';
import type { GatewayClient } from './gateway-client.ts';

/** The pages' backend; the document is contracts/openapi/storefront.yaml. */
export function storefrontRoutes(gateway: GatewayClient): Router {
  const router = Router();

  router.get('/home', async (request, response) => {
    response.json({ recommended: await gateway.recommendations(sessionOf(request)) });
  });

  router.post('/checkout', async (request, response) => {
    const body = bodyOf(request);
    const order = await gateway.placeOrder(sessionOf(request), {
      customer: textOf(body, 'customer'),
      lines: linesOf(body),
      payment: { card: textOf(objectOf(body, 'payment'), 'card') },
    });
    const { id: orderId, status, totalCents, currency } = order;
    response.status(201).json({ orderId, status, totalCents, currency });
  });

  router.get('/orders/:id', async (request, response) => {
    const order = await gateway.order(sessionOf(request), request.params.id);
    if (order === undefined) {
      throw new Problem(404, 'UNKNOWN_ORDER', {
        detail: `there is no order '${request.params.id}'`,
      });
    }
    response.json(order);
  });

  router.get('/customers/:customer/orders', async (request, response) => {
    const orders = await gateway.ordersOf(sessionOf(request), request.params.customer);
    response.json({ orders });
  });

  return router;
}

/** Visitors without a session share one until they sign in. */
function sessionOf(request: Request): string {
  return request.get('x-session-id') ?? 'visitor';
}
