const counts = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });

/** `1,234`; from ten million on `12.3M`. */
export function formatCount(count: number): string {
  if (count >= 10_000_000) return `${trim(count / 1_000_000)}M`;
  return counts.format(Math.round(count));
}

/** Microseconds as the unit a reader would choose: `870 µs`, `12.4 ms`, `1.25 s`, `2 min 5 s`, `3 h`. */
export function formatDuration(micros: number): string {
  const size = Math.abs(micros);
  if (size < 1000) return `${trim(micros)} µs`;
  if (size < 1_000_000) return `${trim(micros / 1000)} ms`;
  if (size < 60_000_000) return `${trim(micros / 1_000_000)} s`;
  const seconds = Math.round(micros / 1_000_000);
  if (size < 3_600_000_000) return parts(seconds, 60, ['min', 's']);
  return parts(Math.round(seconds / 60), 60, ['h', 'min']);
}

/** Milliseconds as `formatDuration` writes them; what is not known is a dash. */
export function formatMillis(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : formatDuration(value * 1000);
}

/** A share as per cent: `0 %`, `< 0.1 %`, `3.2 %`; no calls, no share: `–`. */
export function formatShare(part: number, total: number): string {
  if (total === 0) return '–';
  const percent = (100 * part) / total;
  if (percent > 0 && percent < 0.1) return '< 0.1 %';
  return `${trim(percent)} %`;
}

/** Calls a second in the unit a reader would choose: `12.4 / s`, `30 / min`, `2 / h`. */
export function formatRate(perSecond: number): string {
  if (perSecond === 0) return '0';
  if (perSecond >= 1) return `${trim(perSecond)} / s`;
  if (perSecond * 60 >= 1) return `${trim(perSecond * 60)} / min`;
  return `${trim(perSecond * 3600)} / h`;
}

/** How long before `now` an instant was: `just now`, `5 min ago`, `3 d ago`; null and broken text: `never`. */
export function formatAgo(instant: string | null, now: number): string {
  const then = instant === null ? Number.NaN : Date.parse(instant);
  if (Number.isNaN(then)) return 'never';
  const seconds = Math.round((now - then) / 1000);
  if (seconds < -60) return `in ${span(-seconds)}`;
  return seconds < 10 ? 'just now' : `${span(seconds)} ago`;
}

/** Local date and time to the second; `never` for null and broken text. */
export function formatInstant(instant: string | null): string {
  const then = instant === null ? Number.NaN : Date.parse(instant);
  if (Number.isNaN(then)) return 'never';
  const date = new Date(then);
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(pad).join('-');
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(pad).join(':')}`;
}

/** `1 span`, `2 spans`; the plural is the singular with an `s` unless given. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** Cuts to the number of characters that fit, the middle of long names kept apart from their ends by `…`. */
export function shorten(text: string, length: number): string {
  const letters = [...text];
  if (letters.length <= length) return text;
  const head = Math.ceil((length - 1) * 0.6);
  const tail = length - 1 - head;
  return `${letters.slice(0, head).join('')}…${letters.slice(letters.length - tail).join('')}`;
}

function parts(total: number, per: number, units: readonly [string, string]): string {
  const rest = Math.abs(total % per);
  const whole = `${Math.trunc(total / per)} ${units[0]}`;
  return rest === 0 ? whole : `${whole} ${rest} ${units[1]}`;
}

function span(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

function trim(value: number): string {
  const digits = Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0;
  return String(Number(value.toFixed(digits)));
}

function pad(part: number): string {
  return String(part).padStart(2, '0');
}
