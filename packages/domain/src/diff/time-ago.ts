const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MONTH = 30 * DAY;
const YEAR = 365 * DAY;

/** How long ago, in words for people: `less than a minute ago`, `3 minutes ago`, `about 2 hours ago`. The future is no time ago. */
export function timeAgo(from: Date, to: Date): string {
  const seconds = Math.max(0, (to.getTime() - from.getTime()) / 1000);
  return `${distance(seconds)} ago`;
}

function distance(seconds: number): string {
  if (seconds < MINUTE / 2) return 'less than a minute';
  if (seconds < 45 * MINUTE) return count(Math.max(1, Math.round(seconds / MINUTE)), 'minute');
  if (seconds < DAY) return `about ${count(Math.max(1, Math.round(seconds / HOUR)), 'hour')}`;
  if (seconds < MONTH) return count(Math.round(seconds / DAY), 'day');
  if (seconds < YEAR) return `about ${count(Math.round(seconds / MONTH), 'month')}`;
  return `about ${count(Math.round(seconds / YEAR), 'year')}`;
}

function count(number: number, unit: string): string {
  return `${number} ${unit}${number === 1 ? '' : 's'}`;
}
