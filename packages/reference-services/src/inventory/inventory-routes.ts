import { Router } from 'express';
import { Problem } from '../service/problem.ts';
import { bodyOf, linesOf, textOf } from '../service/read-body.ts';
import type { Reservation, Stock } from './stock.ts';

/** What inventory offers; the document is contracts/openapi/inventory.yaml. */
export function inventoryRoutes(stock: Stock): Router {
  const router = Router();

  router.get('/v1/products/:sku', (request, response) => {
    const { sku } = request.params;
    const product = stock.product(sku);
    if (product === undefined) {
      throw new Problem(404, 'UNKNOWN_PRODUCT', { detail: `there is no product '${sku}'` });
    }
    const { name, priceCents } = product;
    response.json({ sku, name, priceCents, currency: 'EUR', available: stock.available(sku) });
  });

  router.post('/v1/reservations', (request, response) => {
    const body = bodyOf(request);
    const result = stock.reserve(textOf(body, 'orderId'), linesOf(body));
    if (result.kind === 'out-of-stock') {
      throw new Problem(409, 'OUT_OF_STOCK', {
        detail: `only ${result.available} of '${result.sku}' are left`,
        extra: { sku: result.sku, available: result.available },
      });
    }
    response.status(201).json(result.reservation);
  });

  router.put('/v1/reservations/:id/confirmation', (request, response) => {
    const reservation = existing(stock, request.params.id);
    if (stock.confirm(reservation) === 'refused') {
      throw new Problem(409, 'SUPPLIER_REFUSED', {
        detail: `the supplier cannot deliver reservation ${reservation.id}`,
      });
    }
    response.status(204).end();
  });

  router.delete('/v1/reservations/:id', (request, response) => {
    stock.release(request.params.id);
    response.status(204).end();
  });

  return router;
}

function existing(stock: Stock, id: string): Reservation {
  const reservation = stock.reservation(id);
  if (reservation !== undefined) return reservation;
  throw new Problem(404, 'UNKNOWN_RESERVATION', { detail: `there is no reservation '${id}'` });
}
