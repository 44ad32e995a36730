import { Router } from 'express';
import { Problem } from '../service/problem.ts';
import { bodyOf, linesOf, objectOf, textOf } from '../service/read-body.ts';
import { cancelOrder } from './cancel-order.ts';
import { type OrderParts, placeOrder } from './place-order.ts';

/** What orders offers; the document is contracts/openapi/orders.yaml. */
export function ordersRoutes(parts: OrderParts): Router {
  const router = Router();

  router.post('/v1/orders', async (request, response) => {
    const body = bodyOf(request);
    const order = await placeOrder(parts, {
      customer: textOf(body, 'customer'),
      lines: linesOf(body),
      card: textOf(objectOf(body, 'payment'), 'card'),
    });
    response.status(201).location(`/v1/orders/${order.id}`).json(order);
  });

  router.get('/v1/orders', (request, response) => {
    const { customer } = request.query;
    if (typeof customer !== 'string' || customer === '') {
      throw new Problem(400, 'INVALID_REQUEST', { detail: "the query must name one 'customer'" });
    }
    response.json({ orders: parts.store.ofCustomer(customer) });
  });

  router.get('/v1/orders/:id', (request, response) => {
    const order = parts.store.find(request.params.id);
    if (order === undefined) {
      throw new Problem(404, 'UNKNOWN_ORDER', {
        detail: `there is no order '${request.params.id}'`,
      });
    }
    response.json(order);
  });

  router.delete('/v1/orders/:id', async (request, response) => {
    await cancelOrder(parts, request.params.id);
    response.status(204).end();
  });

  return router;
}
