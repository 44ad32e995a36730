import { type RequestHandler, type Response, Router } from 'express';
import type { HttpAnswer } from '../service/http-client.ts';
import { Problem } from '../service/problem.ts';
import type { Orders } from './orders-client.ts';

const recommended = ['mug-classic', 'tea-green'];

/** The shop's one door: it asks for a session and passes on, without business rules of its own. */
export function gatewayRoutes(orders: Orders): Router {
  const router = Router();
  router.use('/v1', requireSession);

  router.post('/v1/orders', async (request, response) => {
    passOn(response, await orders.placeOrder(request.body));
  });

  router.get('/v1/orders', async (request, response) => {
    passOn(response, await orders.ordersOf(String(request.query.customer ?? '')));
  });

  router.get('/v1/orders/:id', async (request, response) => {
    passOn(response, await orders.order(request.params.id));
  });

  router.delete('/v1/orders/:id', async (request, response) => {
    passOn(response, await orders.cancelOrder(request.params.id));
  });

  router.get('/v1/recommendations', (_request, response) => {
    response.json({ skus: recommended });
  });

  return router;
}

const requireSession: RequestHandler = (request, _response, next) => {
  if (request.get('x-session-id')) return next();
  throw new Problem(401, 'NO_SESSION', { detail: "the header 'X-Session-Id' is missing" });
};

function passOn(response: Response, answer: HttpAnswer): void {
  response.status(answer.status);
  if (answer.body === undefined) {
    response.end();
    return;
  }
  if (answer.status >= 400) response.type('application/problem+json');
  response.json(answer.body);
}
