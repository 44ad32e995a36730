import type { RequestHandler } from 'express';
import { send } from '../../http/send.ts';

/** What Jaeger answers where its API knows nothing; to be asked when nobody else took the path. */
export const unknownApi: RequestHandler = (_request, response) => {
  send(response, { status: 404, type: 'text/plain', text: '404 page not found\n' });
};
