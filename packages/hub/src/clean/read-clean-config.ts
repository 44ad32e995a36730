import {
  type CleanPolicy,
  type CleanPolicyReading,
  defaultCleanPolicy,
  readCleanPolicy,
  readCronSchedule,
} from '@concordat/domain';
import type { Settings } from '../settings.ts';
import type { CleanConfig } from './clean-config.ts';

/** Everything about cleaning up, with the policy of the file and the variables. */
export function readCleanConfig(settings: Settings): CleanConfig {
  const cron = settings.variable('DATABASE_CLEAN_CRON_SCHEDULE') ?? '15 2 * * *';
  const schedule = readCronSchedule(cron);
  if (schedule === undefined) {
    settings.defects.push(
      `DATABASE_CLEAN_CRON_SCHEDULE is '${cron}'; give five cron fields, such as '15 2 * * *'.`,
    );
  }
  return {
    enabled: settings.flag('DATABASE_CLEAN_ENABLED', false),
    schedule: schedule ?? noTime,
    cron,
    dryRun: settings.flag('DATABASE_CLEAN_DRY_RUN', false),
    policy: readPolicy(settings),
  };
}

const noTime: CleanConfig['schedule'] = {
  ...{ minutes: new Set(), hours: new Set(), days: new Set() },
  ...{ months: new Set(), weekdays: new Set(), isEitherDay: false },
};

/** The file says what is not as built in; the broker's own variables win over it. */
function readPolicy(settings: Settings): CleanPolicy {
  const file = settings.jsonFile('DATABASE_CLEAN_POLICY_FILE') ?? {};
  const base = checkedPolicy(settings, readCleanPolicy(file));
  const given = {
    keepVersionSelectors: settings.json('DATABASE_CLEAN_KEEP_VERSION_SELECTORS'),
    overwrittenDataMaxAge: settings.whole('DATABASE_CLEAN_OVERWRITTEN_DATA_MAX_AGE'),
    deletionLimit: settings.whole('DATABASE_CLEAN_DELETION_LIMIT'),
  };
  return checkedPolicy(settings, readCleanPolicy(given, base));
}

function checkedPolicy(settings: Settings, reading: CleanPolicyReading): CleanPolicy {
  if (reading.ok) return reading.policy;
  settings.defects.push(...reading.defects.map((defect) => `DATABASE_CLEAN: ${defect}.`));
  return defaultCleanPolicy;
}
