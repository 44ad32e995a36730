import type { Aliases, AliasResource, AliasSuggestions } from '@concordat/api';
import { type AliasDefect, aliasDefects } from '@concordat/domain';
import type { Request, Response, Router } from 'express';
import type { Database } from '../../database/database.ts';
import { createRouter } from '../../http/app.ts';
import { noteChange } from '../../http/change-note.ts';
import { HubError } from '../../http/hub-error.ts';
import { readBodyOf } from '../../http/read-body-of.ts';
import { knownParameters, type PageRequest, pageParameters } from '../../http/read-parameters.ts';
import { parameter, resource } from '../../http/resource.ts';
import { sendEmpty, sendJson } from '../../http/send.ts';
import type { PromiseBook } from '../promise-book.ts';
import { AliasStore, type KeptAlias } from './alias-store.ts';
import type { Rename } from './renaming-store.ts';
import { suggestionsOf } from './suggestions.ts';

export interface AliasRoutesDeps {
  readonly db: Database;
  /** With everything that was recorded before. */
  readonly book: () => Promise<PromiseBook>;
  /** Resolves when names are read anew, and what was counted under the old one is counted under the new. */
  readonly aliasesChanged: (rename?: Rename) => Promise<void>;
  /** Who makes a request; undefined for nobody in particular. */
  readonly actorOf: (request: Request) => string | undefined;
  readonly now: () => Date;
}

const provides = ['application/json'];

/** `/insights/aliases`: which services are which pacticipants. */
export function aliasRoutes(deps: AliasRoutesDeps): Router {
  const router = createRouter();
  resource(router, '/insights/aliases', {
    provides,
    GET: (request, response) => list(deps, request, response),
    POST: (request, response) => add(deps, request, response),
  });
  resource(router, '/insights/aliases/suggestions', {
    provides,
    GET: (request, response) => suggest(deps, request, response),
  });
  resource(router, '/insights/aliases/:service', {
    provides,
    DELETE: (request, response) => remove(deps, request, response),
  });
  return router;
}

async function list({ db }: AliasRoutesDeps, request: Request, response: Response): Promise<void> {
  knownParameters(request, ['page', 'size']);
  const page = pageParameters(request);
  const aliases = await new AliasStore(db).all();
  const body: Aliases = { aliases: pageOf(aliases, page), page: describePage(aliases, page) };
  sendJson(response, body);
}

async function add(deps: AliasRoutesDeps, request: Request, response: Response): Promise<void> {
  const { newAliasSchema } = await import('@concordat/api');
  const {
    service,
    pacticipant,
    force = false,
  } = await readBodyOf(request, newAliasSchema, 'An alias needs a service and a pacticipant.');
  const store = new AliasStore(deps.db);
  const known = await store.all();
  const { pacticipants } = await deps.book();
  refuse(
    aliasDefects(
      { service, pacticipant },
      { pacticipants: [...pacticipants], aliases: known, forced: force },
    ),
  );
  noteChange(response, { pacticipants: [pacticipant], names: { service } });
  const same = known.find((alias) => alias.service === service);
  if (same !== undefined) {
    sendJson(response, same);
    return;
  }
  const alias: KeptAlias = {
    ...{ service, pacticipant },
    createdAt: deps.now().toISOString(),
    createdBy: deps.actorOf(request) ?? '',
  };
  if (!(await store.add(alias))) throw new HubError('CONFLICT', takenMeanwhile(service));
  await deps.aliasesChanged({ from: { service }, to: { service: pacticipant } });
  const body: AliasResource = alias;
  sendJson(response, body, 201);
}

function takenMeanwhile(service: string): string {
  return `"${service}" has just been given an alias by somebody else; look at the list.`;
}

/** What names nobody is not found; everything else is wrong with the request, or with another alias. */
function refuse(defects: readonly AliasDefect[]): void {
  const [first] = defects;
  if (first === undefined) return;
  const message = defects.map((defect) => defect.message).join(' ');
  switch (first.kind) {
    case 'invalid':
      throw new HubError('VALIDATION_FAILED', message, { errors: [message] });
    case 'unknown':
      throw new HubError('NOT_FOUND', message);
    case 'conflict':
      throw new HubError('CONFLICT', message);
  }
}

async function remove(deps: AliasRoutesDeps, request: Request, response: Response): Promise<void> {
  const service = parameter(request, 'service');
  const removed = await new AliasStore(deps.db).remove(service);
  if (removed === undefined) throw new HubError('NOT_FOUND', `"${service}" has no alias.`);
  noteChange(response, { pacticipants: [removed.pacticipant] });
  await deps.aliasesChanged();
  sendEmpty(response);
}

async function suggest(deps: AliasRoutesDeps, request: Request, response: Response): Promise<void> {
  knownParameters(request, ['page', 'size']);
  const page = pageParameters(request);
  const suggestions = await suggestionsOf(deps.db, await deps.book());
  const body: AliasSuggestions = {
    suggestions: pageOf(suggestions, page).map(({ lastSeen, reasons, alternatives, ...rest }) => ({
      ...rest,
      reasons: [...reasons],
      alternatives: [...alternatives],
      lastSeen: new Date(Math.floor(lastSeen / 1000)).toISOString(),
    })),
    page: describePage(suggestions, page),
  };
  sendJson(response, body);
}

function pageOf<T>(items: readonly T[], { number, size }: PageRequest): T[] {
  return items.slice((number - 1) * size, number * size);
}

function describePage(items: readonly unknown[], { number, size }: PageRequest): Aliases['page'] {
  const totalElements = items.length;
  return { number, size, totalElements, totalPages: Math.ceil(totalElements / size) };
}
