import type { Request, Response, Router } from 'express';
import type { Database } from '../database/database.ts';
import { createRouter } from '../http/app.ts';
import { baseUrlOf } from '../http/hal.ts';
import { HubError } from '../http/hub-error.ts';
import { type Page, pageOf, pageParts, slicePage } from '../http/pagination.ts';
import type { RackMap } from '../http/rack-query.ts';
import { mediaTypeOf, parameter, resource } from '../http/resource.ts';
import { HAL_JSON, send, sendHal } from '../http/send.ts';
import { dashboardItem, dashboardText } from './dashboard-resource.ts';
import { type DashboardPair, type DashboardRow, DashboardStore } from './dashboard-store.ts';

const TEXT = 'text/plain';
const FIRST_PAGE: Page = { number: 1, size: 30 };

export interface DashboardDeps {
  readonly db: Database;
}

/** The pacts that matter now with their last results: of everything, and of one pair. */
export function dashboardRoutes(deps: DashboardDeps): Router {
  const router = createRouter();
  const store = new DashboardStore(deps.db);
  resource(router, '/dashboard', {
    provides: [HAL_JSON, TEXT],
    GET: async (request, response) => show(request, response, await store.rows()),
  });
  resource(router, '/dashboard/provider/:provider/consumer/:consumer', {
    provides: [HAL_JSON, TEXT],
    GET: async (request, response) =>
      show(request, response, await store.rows(await requirePair(request, store))),
  });
  return router;
}

/** Text is ordered by names, for reading; HAL JSON by what happened last. */
function show(request: Request, response: Response, rows: readonly DashboardRow[]): void {
  const asked = pageOf(request.query as RackMap);
  // Nobody who asked for no page needs to be told of one when everything is on it.
  const page = asked ?? (rows.length > FIRST_PAGE.size ? FIRST_PAGE : undefined);
  const isText = mediaTypeOf(response) === TEXT;
  const shown = slicePage([...rows].sort(isText ? byNames : byActivity), page);
  if (isText) {
    send(response, { status: 200, type: TEXT, text: dashboardText(shown) });
    return;
  }
  const baseUrl = baseUrlOf(response);
  const url = `${baseUrl}${request.path}`;
  const { search } = new URL(request.originalUrl, baseUrl);
  const { links, members } = pageParts(page, { total: rows.length, url: `${url}${search}` });
  sendHal(response, {
    items: shown.map((row) => dashboardItem(row, baseUrl)),
    ...members,
    ...(page === undefined
      ? {}
      : { _links: { self: { href: url, title: 'Dashboard' }, ...links } }),
  });
}

async function requirePair(request: Request, store: DashboardStore): Promise<DashboardPair> {
  const idOf = async (role: 'consumer' | 'provider'): Promise<number> => {
    const name = parameter(request, role);
    const id = await store.pacticipantId(name);
    if (id === undefined) throw new HubError('NOT_FOUND', `No ${role} with name '${name}' found`);
    return id;
  };
  return { consumerId: await idOf('consumer'), providerId: await idOf('provider') };
}

function byActivity(left: DashboardRow, right: DashboardRow): number {
  return compare(lastActivity(right), lastActivity(left)) || byNames(left, right);
}

function lastActivity({ publishedAt, verification }: DashboardRow): string {
  const verifiedAt = verification?.verifiedAt ?? '';
  return verifiedAt > publishedAt ? verifiedAt : publishedAt;
}

function byNames(left: DashboardRow, right: DashboardRow): number {
  return (
    compare(left.consumer.toLowerCase(), right.consumer.toLowerCase()) ||
    right.versionId - left.versionId ||
    compare(left.provider.toLowerCase(), right.provider.toLowerCase())
  );
}

function compare(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
