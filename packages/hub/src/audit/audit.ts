import type { Request, RequestHandler, Router } from 'express';
import type { Database } from '../database/database.ts';
import type { Log } from '../log.ts';
import type { AuditConfig } from './audit-config.ts';
import { auditRetention } from './audit-retention.ts';
import { auditRoutes } from './audit-routes.ts';
import { AuditWriter } from './audit-writer.ts';
import { type KnownActor, recordChanges } from './record-changes.ts';

/** What the rest of the hub sees of the audit log. */
export interface Audit {
  /** Has to come before whatever can change something. */
  readonly recording: RequestHandler;
  readonly routes: Router;
  /** A change the hub made by itself. */
  readonly recordOwn: (change: OwnChange) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface OwnChange {
  /** What made it, such as `schedule`. */
  readonly by: string;
  readonly action: string;
  /** Whom it is about; nobody in particular when not given. */
  readonly pacticipants?: readonly string[];
  readonly names: Readonly<Record<string, string>>;
}

export function openAudit(deps: {
  readonly db: Database;
  readonly config: AuditConfig;
  readonly actorOf: (request: Request) => KnownActor;
  readonly log: Log;
}): Audit {
  const now = (): Date => new Date();
  const { retentionHours, trustedProxies } = deps.config;
  const writer = new AuditWriter(deps);
  const retention = auditRetention({ ...deps, retentionHours, now });
  retention.start();
  const { actorOf } = deps;
  return {
    recording: recordChanges({ writer, actorOf, trustedProxies, now }),
    routes: auditRoutes(deps),
    recordOwn: ({ by, action, pacticipants = [], names }) =>
      writer.write({
        at: now().toISOString(),
        actor_kind: 'hub',
        actor: by,
        client: '',
        action,
        method: '',
        path: '',
        pacticipants: JSON.stringify(pacticipants),
        names: JSON.stringify(names),
        status: 0,
        request_id: '',
      }),
    close: async () => {
      await retention.close();
      await writer.settled();
    },
  };
}
