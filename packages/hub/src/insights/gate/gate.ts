import type { AskedRow, Override, RowJudgement } from '@concordat/domain';
import type { Request, Router } from 'express';
import type { Database } from '../../database/database.ts';
import type { OverrideExpired } from '../../events.ts';
import { createRouter } from '../../http/app.ts';
import type { Log } from '../../log.ts';
import { judgeRows, type RowPlace, type RowSources } from './judge-rows.ts';
import { addOverrideRoutes } from './override-routes.ts';
import { OverrideStore } from './override-store.ts';
import { addRemovalRoutes } from './removal-routes.ts';
import type { RemovalSources } from './removal-sources.ts';

const EXPIRY_MS = 60_000;

export interface GateDeps extends RowSources, RemovalSources {
  readonly db: Database;
  readonly nameOfActor: (request: Request) => string | undefined;
  readonly expired: (event: OverrideExpired) => Promise<void>;
  readonly now: () => Date;
  readonly log: Log;
}

/** What traffic and people add to can-i-deploy, and whether something may go. */
export interface Gate {
  readonly judge: (rows: readonly AskedRow[], place: RowPlace) => Promise<readonly RowJudgement[]>;
  readonly overrides: (environment: string, now: Date) => Promise<readonly Override[]>;
  readonly routes: Router;
  readonly close: () => Promise<void>;
}

/** Overrides that have expired are told of within a minute, and before any is read. */
export function openGate(deps: GateDeps): Gate {
  const { db } = deps;
  const expire = (): Promise<void> => expireOverrides(deps);
  let last: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    last = expire().catch((error: unknown) => report(error, deps.log));
  }, EXPIRY_MS).unref();
  return {
    judge: (rows, place) => judgeRows(rows, place, deps),
    overrides: async (environment, at) => {
      await expire();
      return new OverrideStore(db).inForce({ environment }, at);
    },
    routes: routesOf(deps, expire),
    close: async () => {
      clearInterval(timer);
      await last;
    },
  };
}

function routesOf(deps: GateDeps, expire: () => Promise<void>): Router {
  const { db, now, nameOfActor } = deps;
  const router = createRouter();
  addOverrideRoutes(router, { db, expire, nameOfActor, now });
  addRemovalRoutes(router, deps, now);
  return router;
}

async function expireOverrides({ db, expired, now }: GateDeps): Promise<void> {
  const at = now();
  for (const override of await new OverrideStore(db).expire(at)) {
    const { id, pacticipant, version, environment, until } = override;
    await expired({ kind: 'overrideExpired', at, id, pacticipant, version, environment, until });
  }
}

function report(error: unknown, log: Log): void {
  log('error', 'expired overrides could not be taken away and are tried again', {
    error: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });
}
