const UNIT_SECONDS = { m: 60, h: 3600, d: 86_400, w: 604_800 } as const;
const LONGEST_SECONDS = 366 * UNIT_SECONDS.d;

/** Seconds of a span of time such as `30m`, `12h`, `7d` or `2w`; undefined for anything else, for nothing and for more than a year. */
export function readTrafficWindow(text: string): number | undefined {
  const [, count, unit] = /^(\d{1,5})([mhdw])$/.exec(text) ?? [];
  if (unit !== 'm' && unit !== 'h' && unit !== 'd' && unit !== 'w') return undefined;
  const seconds = Number(count) * UNIT_SECONDS[unit];
  return seconds > 0 && seconds <= LONGEST_SECONDS ? seconds : undefined;
}
