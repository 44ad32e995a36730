import { once } from 'node:events';
import type { AuditEntry } from '@concordat/api';
import type { Request, Response, Router } from 'express';
import type { Database } from '../database/database.ts';
import { createRouter } from '../http/app.ts';
import { baseUrlOf } from '../http/hal.ts';
import { HubError } from '../http/hub-error.ts';
import {
  knownParameters,
  pageParameters,
  textParameter,
  timeParameter,
} from '../http/read-parameters.ts';
import { mediaTypeOf, resource } from '../http/resource.ts';
import { HAL_JSON, send } from '../http/send.ts';
import { type AuditFilter, type AuditRow, AuditStore } from './audit-store.ts';

const LINES = 'application/x-ndjson';
const SLICE = 1_000;
const FILTERS = ['since', 'until', 'actor', 'action', 'pacticipant'];

/** `/audit`: who changed what, the newest first; in pages, or as one line of JSON for each entry. */
export function auditRoutes(deps: { readonly db: Database }): Router {
  const router = createRouter();
  resource(router, '/audit', {
    provides: [HAL_JSON, 'application/json', LINES],
    GET: async (request, response) => {
      const store = new AuditStore(deps.db);
      if (mediaTypeOf(response) === LINES) await sendLines(request, response, store);
      else await sendPage(request, response, store);
    },
  });
  return router;
}

async function sendPage(request: Request, response: Response, store: AuditStore): Promise<void> {
  knownParameters(request, [...FILTERS, 'page', 'size']);
  const page = pageParameters(request);
  const filter = filterOf(request);
  const totalElements = await store.count(filter);
  const entries = (await store.page(filter, page)).map(entryResource);
  const totalPages = Math.ceil(totalElements / page.size);
  const linkTo = (number: number): object => ({ href: pageUrl(request, response, number) });
  const body = {
    entries,
    page: { ...page, totalElements, totalPages },
    _links: {
      self: linkTo(page.number),
      ...(page.number < totalPages ? { next: linkTo(page.number + 1) } : {}),
      ...(page.number > 1 ? { previous: linkTo(page.number - 1) } : {}),
    },
  };
  send(response, { status: 200, type: mediaTypeOf(response), text: JSON.stringify(body) });
}

/** Everything that fits, read and sent in slices: the reader's pace is the pace. */
async function sendLines(request: Request, response: Response, store: AuditStore): Promise<void> {
  knownParameters(request, FILTERS);
  const filter = filterOf(request);
  response.setHeader('Content-Type', `${LINES};charset=utf-8`);
  let below: number | undefined;
  do {
    const rows = await store.slice(filter, { below, limit: SLICE });
    const text = rows.map((row) => `${JSON.stringify(entryResource(row))}\n`).join('');
    if (text !== '' && !response.write(text) && !response.closed) {
      await Promise.race([once(response, 'drain'), once(response, 'close')]);
    }
    below = rows.length < SLICE ? undefined : rows.at(-1)?.id;
  } while (below !== undefined && !response.closed);
  response.end();
}

function filterOf(request: Request): AuditFilter {
  const since = timeParameter(request, 'since')?.toISOString();
  const until = timeParameter(request, 'until')?.toISOString();
  if (since !== undefined && until !== undefined && since >= until) {
    throw new HubError('INVALID_PARAMETER', `since (${since}) must be before until (${until}).`);
  }
  return {
    since,
    until,
    actor: textParameter(request, 'actor'),
    action: textParameter(request, 'action'),
    pacticipant: textParameter(request, 'pacticipant'),
  };
}

/** The same question for another page. */
function pageUrl(request: Request, response: Response, number: number): string {
  const url = new URL(request.originalUrl, 'http://hub');
  url.searchParams.set('page', String(number));
  return `${baseUrlOf(response)}${request.path}${url.search}`;
}

function entryResource(row: AuditRow): AuditEntry {
  return {
    id: row.id,
    at: row.at,
    actor: { kind: row.actor_kind as AuditEntry['actor']['kind'], name: row.actor },
    client: row.client === '' ? null : row.client,
    action: row.action,
    method: row.method,
    path: row.path,
    pacticipants: JSON.parse(row.pacticipants) as string[],
    names: JSON.parse(row.names) as Record<string, string>,
    status: row.status,
    requestId: row.request_id,
  };
}
