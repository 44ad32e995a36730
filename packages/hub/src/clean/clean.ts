import type { Request, Router } from 'express';
import type { Database } from '../database/database.ts';
import type { DataCleaned } from '../events.ts';
import type { Log } from '../log.ts';
import type { CleanConfig } from './clean-config.ts';
import { cleanRoutes } from './clean-routes.ts';
import { CleanSchedule } from './clean-schedule.ts';
import { Cleaner } from './cleaner.ts';

/** What the rest of the hub sees of cleaning. */
export interface Clean {
  readonly routes: Router;
  readonly close: () => Promise<void>;
}

/** Opens the routes, and starts the schedule when it is on. */
export function openClean(deps: {
  readonly db: Database;
  readonly config: CleanConfig;
  readonly log: Log;
  readonly cleaned: (event: DataCleaned) => Promise<void>;
  readonly nameOfActor: (request: Request) => string;
}): Clean {
  const now = (): Date => new Date();
  const cleaner = new Cleaner({ ...deps, now });
  const schedule = new CleanSchedule({ ...deps, cleaner, now });
  schedule.start();
  return {
    routes: cleanRoutes({ ...deps, cleaner, schedule }),
    close: async () => {
      schedule.close();
      await cleaner.close();
    },
  };
}
