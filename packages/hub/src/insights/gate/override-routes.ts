import type { NewOverride, OverrideResource, Overrides } from '@concordat/api';
import { type Override, overrideDefects } from '@concordat/domain';
import type { Request, Response, Router } from 'express';
import type { Database } from '../../database/database.ts';
import { transact } from '../../database/transact.ts';
import { noteChange } from '../../http/change-note.ts';
import { baseUrlOf, pathTo } from '../../http/hal.ts';
import { HubError } from '../../http/hub-error.ts';
import { readBodyOf } from '../../http/read-body-of.ts';
import { knownParameters, pageParameters, textParameter } from '../../http/read-parameters.ts';
import { parameter, resource } from '../../http/resource.ts';
import { sendEmpty, sendJson } from '../../http/send.ts';
import { OverrideStore } from './override-store.ts';

const JSON_TYPE = ['application/json'];
const REFUSAL = 'The override cannot be kept.';

export interface OverrideDeps {
  readonly db: Database;
  /** Tells of those that have expired before any is read. */
  readonly expire: () => Promise<void>;
  /** Whose request it is; undefined when the hub does not ask. */
  readonly nameOfActor: (request: Request) => string | undefined;
  readonly now: () => Date;
}

/** `/insights/overrides`: exceptions from can-i-deploy, made, listed and taken back. */
export function addOverrideRoutes(router: Router, deps: OverrideDeps): void {
  resource(router, '/insights/overrides', {
    provides: JSON_TYPE,
    GET: (request, response) => list(request, response, deps),
    POST: (request, response) => add(request, response, deps),
  });
  resource(router, '/insights/overrides/:id', {
    provides: JSON_TYPE,
    DELETE: (request, response) => remove(request, response, deps),
  });
}

async function list(request: Request, response: Response, deps: OverrideDeps): Promise<void> {
  knownParameters(request, ['pacticipant', 'version', 'environment', 'page', 'size']);
  const page = pageParameters(request);
  const filter = {
    pacticipant: textParameter(request, 'pacticipant'),
    version: textParameter(request, 'version'),
    environment: textParameter(request, 'environment'),
  };
  await deps.expire();
  const overrides = await new OverrideStore(deps.db).inForce(filter, deps.now());
  const start = (page.number - 1) * page.size;
  const body: Overrides = {
    overrides: overrides.slice(start, start + page.size).map(resourceOf),
    page: {
      ...page,
      totalElements: overrides.length,
      totalPages: Math.ceil(overrides.length / page.size),
    },
  };
  sendJson(response, body);
}

async function add(request: Request, response: Response, deps: OverrideDeps): Promise<void> {
  const { newOverrideSchema } = await import('@concordat/api');
  const wanted: NewOverride = await readBodyOf(request, newOverrideSchema, REFUSAL);
  const now = deps.now();
  const override = overrideOf(wanted, deps.nameOfActor(request), now);
  const kept = await transact(deps.db, async (tx) => {
    const store = new OverrideStore(tx);
    refuse(await unknownNames(override, store));
    return store.add(override);
  });
  const { id, pacticipant, version, environment, reason, until } = kept;
  const consumer = kept.consumer ?? kept.provider;
  noteChange(response, {
    pacticipants: [pacticipant, ...(consumer === undefined ? [] : [consumer])],
    names: { id, version, environment, reason, until, by: kept.by },
  });
  response.setHeader('Location', `${baseUrlOf(response)}${pathTo('insights', 'overrides', id)}`);
  sendJson(response, resourceOf(kept), 201);
}

/** A date alone is its first moment, UTC. */
function overrideOf(
  wanted: NewOverride,
  actor: string | undefined,
  now: Date,
): Omit<Override, 'id'> {
  const { pacticipant, version, environment, consumer, provider, reason } = wanted;
  const until = /^\d{4}-/.test(wanted.until) ? new Date(wanted.until) : new Date(Number.NaN);
  const by = actor ?? wanted.by;
  refuse({
    ...overrideDefects({ pacticipant, consumer, provider, reason, until }, now),
    ...(by === undefined ? { by: ['must say who, for this hub does not ask who you are'] } : {}),
  });
  return {
    ...{ pacticipant, version, environment, consumer, provider },
    reason: reason.trim(),
    by: by ?? '',
    createdAt: now.toISOString(),
    until: until.toISOString(),
  };
}

/** A misspelled name would make an override that never counts. */
async function unknownNames(
  override: Omit<Override, 'id'>,
  store: OverrideStore,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const { pacticipant, version, environment, consumer, provider } = override;
  const unknown = await store.unknown({
    pacticipants: [pacticipant, consumer ?? provider ?? pacticipant],
    version: { pacticipant, number: version },
    environment,
  });
  const missing = (name: string): readonly string[] => [`'${name}' is not known`];
  const errors: Record<string, readonly string[]> = {};
  const sides = { pacticipant, consumer, provider };
  for (const [member, name] of Object.entries(sides)) {
    if (name !== undefined && unknown.pacticipants.includes(name)) errors[member] = missing(name);
  }
  if (unknown.version && errors.pacticipant === undefined) errors.version = missing(version);
  if (unknown.environment) errors.environment = missing(environment);
  return errors;
}

function refuse(errors: Readonly<Record<string, readonly string[]>>): void {
  if (Object.keys(errors).length > 0) throw new HubError('VALIDATION_FAILED', REFUSAL, { errors });
}

async function remove(request: Request, response: Response, deps: OverrideDeps): Promise<void> {
  const id = parameter(request, 'id');
  await deps.expire();
  const removed = await transact(deps.db, (tx) => new OverrideStore(tx).remove(id, deps.now()));
  if (removed === undefined) {
    throw new HubError('NOT_FOUND', `No override in force has the id '${id}'.`);
  }
  const { pacticipant, version, environment } = removed;
  noteChange(response, { pacticipants: [pacticipant], names: { version, environment } });
  sendEmpty(response);
}

function resourceOf({ consumer, provider, ...override }: Override): OverrideResource {
  return { ...override, consumer: consumer ?? null, provider: provider ?? null };
}
