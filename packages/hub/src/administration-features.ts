import { openAudit } from './audit/audit.ts';
import { actorOf } from './auth/actor.ts';
import { openClean } from './clean/clean.ts';
import type { HubConfig } from './config.ts';
import type { Database } from './database/database.ts';
import type { Events } from './events.ts';
import type { Feature } from './feature.ts';
import type { Log } from './log.ts';

/** The part of the wiring that looks after a hub. Before whatever can change something: the audit log hears of it first. */
export function administrationFeatures(parts: {
  readonly db: Database;
  readonly config: HubConfig;
  readonly events: Events;
  readonly log: Log;
}): readonly Feature[] {
  const { config, events } = parts;
  const audit = openAudit({ ...parts, config: config.audit, actorOf });
  const clean = openClean({
    ...parts,
    config: config.clean,
    nameOfActor: (request) => actorOf(request).name,
    cleaned: async (event) => {
      if (event.startedBy === 'schedule') {
        const { startedBy: by, versions, branches } = event;
        const names = { versions: String(versions), branches: String(branches) };
        await audit.recordOwn({ by, action: 'clean.run', names });
      }
      await events.emit(event);
      await events.emit({ kind: 'contractsDeleted', at: event.at });
    },
  });
  events.subscribe(async (event) => {
    if (event.kind !== 'overrideExpired') return;
    const { id, pacticipant, version, environment, until } = event;
    const names = { id, version, environment, until };
    await audit.recordOwn({
      by: 'expiry',
      action: 'override.expire',
      pacticipants: [pacticipant],
      names,
    });
  });
  return [{ routes: audit.recording }, audit, clean];
}
