import type { Router } from 'express';
import { createRouter } from '../http/app.ts';
import { baseUrlOf } from '../http/hal.ts';
import { resource } from '../http/resource.ts';
import { sendHal } from '../http/send.ts';
import { indexLinks } from './index-links.ts';

/** `/`: where every client of the broker begins. */
export function indexRoutes(): Router {
  const router = createRouter();
  resource(router, '/', {
    GET: (_request, response) => sendHal(response, { _links: indexLinks(baseUrlOf(response)) }),
  });
  return router;
}
