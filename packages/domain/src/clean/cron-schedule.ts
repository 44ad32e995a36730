/** When something happens, as five cron fields say: minute, hour, day of month, month, day of week; all in UTC. */
export interface CronSchedule {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  /** 0 is Sunday. */
  readonly weekdays: ReadonlySet<number>;
  /** A day fits when either list has it, if both lists leave days out. */
  readonly isEitherDay: boolean;
}

const ranges = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const;

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** 29 February comes back after at most eight years. */
const MOST_DAYS = 8 * 366;

/** Undefined when the text is no schedule; numbers, lists, ranges and steps are understood, names of days and months are not. */
export function readCronSchedule(text: string): CronSchedule | undefined {
  const fields = text.trim().split(/\s+/);
  if (fields.length !== ranges.length) return undefined;
  const [minutes, hours, days, months, weekdays] = ranges.map(([low, high], index) =>
    readField(String(fields[index]), low, high),
  );
  if (!minutes || !hours || !days || !months || !weekdays) return undefined;
  const isEitherDay = !fields[2]?.startsWith('*') && !fields[4]?.startsWith('*');
  return {
    ...{ minutes, hours, days, months, isEitherDay },
    weekdays: new Set([...weekdays].map((day) => day % 7)),
  };
}

/** The first minute of the schedule after `after`; undefined when there is none, as on 30 February. */
export function nextOf(schedule: CronSchedule, after: Date): Date | undefined {
  const first = Math.floor(after.getTime() / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
  const midnight = Math.floor(first / DAY_MS) * DAY_MS;
  for (let day = 0; day < MOST_DAYS; day += 1) {
    const start = midnight + day * DAY_MS;
    if (!fitsDay(schedule, new Date(start))) continue;
    const found = firstMinute(schedule, start, first);
    if (found !== undefined) return new Date(found);
  }
  return undefined;
}

function fitsDay({ days, months, weekdays, isEitherDay }: CronSchedule, date: Date): boolean {
  if (!months.has(date.getUTCMonth() + 1)) return false;
  const fitsDate = days.has(date.getUTCDate());
  const fitsWeekday = weekdays.has(date.getUTCDay());
  return isEitherDay ? fitsDate || fitsWeekday : fitsDate && fitsWeekday;
}

function firstMinute(
  { hours, minutes }: CronSchedule,
  start: number,
  earliest: number,
): number | undefined {
  for (const hour of [...hours].sort(ascending)) {
    for (const minute of [...minutes].sort(ascending)) {
      const time = start + (hour * 60 + minute) * MINUTE_MS;
      if (time >= earliest) return time;
    }
  }
  return undefined;
}

function readField(field: string, low: number, high: number): ReadonlySet<number> | undefined {
  const values = new Set<number>();
  for (const part of field.split(',')) {
    const run = readRun(part, low, high);
    if (run === undefined) return undefined;
    for (let value = run.from; value <= run.to; value += run.every) values.add(value);
  }
  return values;
}

interface Run {
  readonly from: number;
  readonly to: number;
  readonly every: number;
}

/** `*`, `5`, `1-5`, each with a step behind it or without. */
function readRun(part: string, low: number, high: number): Run | undefined {
  const match = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/.exec(part);
  if (match === null) return undefined;
  const [, first, last, step] = match;
  const isSingle = first !== undefined && step === undefined;
  const run = {
    from: Number(first ?? low),
    to: Number(last ?? (isSingle ? first : high)),
    every: Number(step ?? 1),
  };
  const isSound = run.from >= low && run.to <= high && run.from <= run.to && run.every > 0;
  return isSound ? run : undefined;
}

function ascending(one: number, other: number): number {
  return one - other;
}
