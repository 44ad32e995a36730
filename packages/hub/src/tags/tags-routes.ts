import type { Request, Response, Router } from 'express';
import type { Database } from '../database/database.ts';
import { transact } from '../database/transact.ts';
import type { VersionRegistry } from '../database/version-registry.ts';
import type { Events } from '../events.ts';
import { createRouter } from '../http/app.ts';
import { baseUrlOf, halTimestamps, pathTo } from '../http/hal.ts';
import { documentNotFound } from '../http/hub-error.ts';
import { parameter, resource } from '../http/resource.ts';
import { sendEmpty, sendHal } from '../http/send.ts';
import { type Tag, TagStore } from './tag-store.ts';

export interface TagDeps {
  readonly db: Database;
  readonly registryFor: (tx: Database) => VersionRegistry;
  readonly events: Events;
  readonly now: () => Date;
}

interface TagNames {
  readonly pacticipant: string;
  readonly version: string;
  readonly name: string;
}

/** One tag of a version; putting it on an unknown version creates that. */
export function tagsRoutes(deps: TagDeps): Router {
  const router = createRouter();
  resource(router, '/pacticipants/:pacticipant/versions/:version/tags/:tag', {
    GET: async (request, response) => {
      const names = namesOf(request);
      sendHal(response, tagBody(names, await find(deps.db, names), baseUrlOf(response)));
    },
    PUT: (request, response) => add(request, response, deps),
    DELETE: async (request, response) => {
      await transact(deps.db, async (tx) =>
        new TagStore(tx).delete(await find(tx, namesOf(request))),
      );
      await changed(request, deps);
      sendEmpty(response);
    },
  });
  return router;
}

async function add(request: Request, response: Response, deps: TagDeps): Promise<void> {
  const names = namesOf(request);
  const at = deps.now();
  const { created, tag } = await transact(deps.db, async (tx) => {
    const registry = deps.registryFor(tx);
    const pacticipant = await registry.pacticipant(names.pacticipant, at);
    const { row: version } = await registry.version(pacticipant, names.version, at);
    const { created } = await registry.addTag(version, names.name, at);
    return { created, tag: await find(tx, names) };
  });
  await changed(request, deps);
  const baseUrl = baseUrlOf(response);
  if (created) response.setHeader('Location', tagUrl(names, baseUrl));
  sendHal(response, tagBody(names, tag, baseUrl), created ? 201 : 200);
}

async function find(db: Database, names: TagNames): Promise<Tag> {
  const tag = await new TagStore(db).find(names);
  if (tag === undefined) throw documentNotFound();
  return tag;
}

function namesOf(request: Request): TagNames {
  return {
    pacticipant: parameter(request, 'pacticipant'),
    version: parameter(request, 'version'),
    name: parameter(request, 'tag'),
  };
}

function tagBody(names: TagNames, tag: Tag, baseUrl: string): object {
  const { pacticipant, version, name } = names;
  const href = `${baseUrl}${pathTo('pacticipants', pacticipant)}`;
  return {
    name,
    ...halTimestamps(tag),
    _links: {
      self: { title: 'Tag', name, href: tagUrl(names, baseUrl) },
      version: { title: 'Version', name: version, href: `${href}${pathTo('versions', version)}` },
      pacticipant: { title: 'Pacticipant', name: pacticipant, href },
    },
  };
}

function tagUrl({ pacticipant, version, name }: TagNames, baseUrl: string): string {
  return `${baseUrl}${pathTo('pacticipants', pacticipant, 'versions', version, 'tags', name)}`;
}

/** Tags can record deployments and name branches: what is in force may have changed. */
function changed(request: Request, deps: TagDeps): Promise<void> {
  const pacticipant = parameter(request, 'pacticipant');
  return deps.events.emit({ kind: 'versionLabelsChanged', at: deps.now(), pacticipant });
}
