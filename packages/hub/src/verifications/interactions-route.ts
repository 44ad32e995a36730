import type { Request, Response, Router } from 'express';
import type { Database } from '../database/database.ts';
import { baseUrlOf } from '../http/hal.ts';
import { pageHeaders } from '../http/html.ts';
import { documentNotFound } from '../http/hub-error.ts';
import { pageOf } from '../http/pagination.ts';
import type { RackMap } from '../http/rack-query.ts';
import { mediaTypeOf, resource } from '../http/resource.ts';
import { HAL_JSON, send } from '../http/send.ts';
import { interactionReport } from './interaction-report.ts';
import { reportPage } from './interaction-report-page.ts';
import { reportResource } from './interaction-report-resource.ts';
import type { ContentKey, StoredVerification } from './verification-store.ts';

const FIRST_PAGE = { number: 1, size: 100 };

/** Every interaction of a pact with what one result says about it: ours, linked from the broker's own resource. */
export function addInteractionsRoute(
  router: Router,
  path: readonly string[],
  options: {
    readonly db: Database;
    readonly find: (request: Request) => Promise<{
      readonly content: ContentKey;
      readonly verification: StoredVerification | undefined;
    }>;
  },
): void {
  resource(router, path, {
    GET: async (request, response) => {
      const { content, verification } = await options.find(request);
      if (verification === undefined) throw documentNotFound();
      const verdicts = await interactionReport(verification.id, options.db);
      const view = { content, verification, verdicts, baseUrl: baseUrlOf(response) };
      answer(view, request, response);
    },
    provides: [HAL_JSON, 'application/json', 'text/html'],
  });
}

function answer(
  view: Parameters<typeof reportPage>[0],
  request: Request,
  response: Response,
): void {
  const type = mediaTypeOf(response);
  if (type === 'text/html') {
    send(response, { status: 200, type, text: reportPage(view), headers: pageHeaders });
    return;
  }
  const page = pageOf(request.query as unknown as RackMap) ?? FIRST_PAGE;
  send(response, { status: 200, type, text: JSON.stringify(reportResource(view, page)) });
}
