const UNITS: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** `30m`, `24h`, `14d` or `2w` in milliseconds; undefined for what is no duration. */
function readDuration(text: string): number | undefined {
  const [, count, unit = ''] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * (UNITS[unit] ?? 0);
}

/** A time that is over: ISO 8601, or so long before now; undefined for neither. */
export function readPast(text: string, now: Date): Date | undefined {
  const duration = readDuration(text);
  return duration === undefined ? readTime(text) : new Date(now.getTime() - duration);
}

/** A time to come: ISO 8601 (a day alone is meant to its end, UTC), or so long from now; undefined for neither. */
export function readFuture(text: string, now: Date): Date | undefined {
  const duration = readDuration(text);
  if (duration !== undefined) return new Date(now.getTime() + duration);
  return readTime(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T23:59:59.999Z` : text);
}

function readTime(text: string): Date | undefined {
  const time = new Date(text);
  return /^\d{4}-/.test(text) && !Number.isNaN(time.getTime()) ? time : undefined;
}
