/** Where reading stands; what was read of the date is kept as written. */
export interface DateState {
  readonly text: string;
  at: number;
  year: string | undefined;
  month: string | undefined;
  day: string | undefined;
}

export type DateReader = (state: DateState) => void;

/** The message is the native library's name for what went wrong. */
export class ReadFault extends Error {
  constructor(state: DateState, parser: string) {
    super(`Nom(${JSON.stringify(state.text.slice(state.at))}, ${parser})`);
  }
}

class RangeFault extends ReadFault {
  constructor(state: DateState, name: string, value: string) {
    super(state, '');
    this.message = `${name}(${JSON.stringify(value)})`;
  }
}

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const QUARTERS = ['1st quarter', '2nd quarter', '3rd quarter', '4th quarter'];

/** Readers by letter of a Java pattern and how often it is repeated. A letter that is missing makes the pattern invalid. */
export const DATE_LETTERS: Readonly<Record<string, (count: number) => DateReader | undefined>> = {
  G: () => (state) => word(state, ['AD', 'BC']),
  y: year,
  Y: year,
  u: year,
  M: (count) => (count >= 3 ? monthName(count) : month),
  L: () => month,
  d: () => (state) => {
    state.day = ranged(state, { digits: 2, low: 1, high: 31, fault: 'InvalidDayInMonth' });
  },
  D: () => number({ digits: 3, low: 1, high: 366, fault: 'InvalidDayInYear' }),
  E: (count) => dayName(count),
  e: (count) => (count >= 3 ? dayName(count) : number(WEEKDAY)),
  c: (count) => (count >= 2 ? undefined : number(WEEKDAY)),
  q: quarter,
  Q: quarter,
  w: () => number({ digits: 2, low: 1, high: 54, fault: 'InvalidWeekInYear' }),
  W: () => number({ digits: 1, low: 1, high: 5, fault: 'InvalidWeekInYear' }),
  F: () => number({ digits: 1, low: 0, high: 4, fault: 'InvalidWeekInYear' }),
  a: () => (state) => word(state, ['AM', 'PM']),
  H: () => number({ digits: 2, low: 0, high: 23, fault: 'InvalidHour' }),
  k: () => number({ digits: 2, low: 1, high: 24, fault: 'InvalidHour' }),
  K: () => number({ digits: 2, low: 0, high: 11, fault: 'InvalidHour' }),
  h: () => number({ digits: 2, low: 1, high: 12, fault: 'InvalidHour' }),
  m: () => number({ digits: 2, low: 0, high: 59, fault: 'InvalidMinute' }),
  s: () => number({ digits: 2, low: 0, high: 60, fault: 'InvalidMinute' }),
  S: (count) => (state) => void digits(state, count),
  n: () => (state) => void digits(state, Number.POSITIVE_INFINITY),
  N: () => (state) => void digits(state, Number.POSITIVE_INFINITY),
  A: () => (state) => void digits(state, Number.POSITIVE_INFINITY),
  X: (count) => (state) => {
    if (state.text.startsWith('Z', state.at)) {
      state.at += 1;
    } else {
      offset(state, count);
    }
  },
  x: (count) => (state) => offset(state, count),
  Z: (count) => (count === 4 ? greenwich : (state) => offset(state, count === 5 ? 3 : 2)),
  O: (count) => (state) => {
    word(state, ['GMT']);
    offset(state, count >= 4 ? 3 : 1);
    if (state.text.startsWith(':', state.at)) {
      minutes(state, true);
    }
  },
  V: () => zoneId,
  z: (count) => (count >= 4 ? undefined : zoneName),
};

const WEEKDAY = { digits: 1, low: 1, high: 7, fault: 'InvalidDayOfWeek' } as const;

interface Bounds {
  readonly digits: number;
  readonly low: number;
  readonly high: number;
  readonly fault: string;
}

function year(count: number): DateReader {
  return (state) => {
    state.year = digits(state, count);
  };
}

function month(state: DateState): void {
  state.month = ranged(state, { digits: 2, low: 1, high: 12, fault: 'InvalidMonth' });
}

function monthName(count: number): DateReader {
  const names = count === 3 ? MONTHS.map((name) => name.slice(0, 3)) : MONTHS;
  return (state) => {
    state.month = String(word(state, names) + 1);
  };
}

function dayName(count: number): DateReader {
  const names = count <= 3 ? DAYS.map((name) => name.slice(0, 3)) : DAYS;
  return (state) => void word(state, names);
}

function quarter(count: number): DateReader {
  if (count <= 2) {
    return number({ digits: count, low: 1, high: 4, fault: 'InvalidQuarter' });
  }
  const names = count === 3 ? ['Q1', 'Q2', 'Q3', 'Q4'] : QUARTERS;
  return (state) => void word(state, names);
}

function number(bounds: Bounds): DateReader {
  return (state) => void ranged(state, bounds);
}

function ranged(state: DateState, bounds: Bounds): string {
  const text = digits(state, bounds.digits);
  if (Number(text) < bounds.low || Number(text) > bounds.high) {
    throw new RangeFault(state, bounds.fault, text);
  }
  return text;
}

/** One to `most` digits. */
function digits(state: DateState, most: number): string {
  let end = state.at;
  while (end - state.at < most && isDigit(state.text.charCodeAt(end))) {
    end += 1;
  }
  if (end === state.at) {
    throw new ReadFault(state, 'TakeWhileMN');
  }
  const text = state.text.slice(state.at, end);
  state.at = end;
  return text;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** Reads one of the words in any case; returns its position in the list. */
function word(state: DateState, words: readonly string[]): number {
  const rest = state.text.slice(state.at, state.at + 16).toLowerCase();
  const found = words.findIndex((candidate) => rest.startsWith(candidate.toLowerCase()));
  if (found < 0) {
    throw new ReadFault(state, 'Tag');
  }
  state.at += words[found]?.length ?? 0;
  return found;
}

/** 1: hours, and minutes if digits follow; 2 and 4: with minutes; 3 and 5: with minutes behind a colon. Seconds may end 4 and 5. */
function offset(state: DateState, form: number): void {
  const sign = state.text.charAt(state.at);
  if (sign !== '+' && sign !== '-') {
    throw new ReadFault(state, 'IsA');
  }
  state.at += 1;
  ranged(state, { digits: 2, low: 0, high: 18, fault: 'InvalidHour' });
  const colon = form === 3 || form === 5;
  if (form !== 1 || isDigit(state.text.charCodeAt(state.at))) {
    minutes(state, colon);
  }
  if (form >= 4 && /^:?\d\d/.test(state.text.slice(state.at))) {
    minutes(state, colon);
  }
}

function minutes(state: DateState, colon: boolean): void {
  if (colon) {
    if (state.text.charAt(state.at) !== ':') {
      throw new ReadFault(state, 'Tag');
    }
    state.at += 1;
  }
  ranged(state, { digits: 2, low: 0, high: 59, fault: 'InvalidMinute' });
}

function greenwich(state: DateState): void {
  word(state, ['GMT']);
  if (state.at < state.text.length) {
    offset(state, 3);
  }
}

const ZONE_ID = /[A-Za-z_]+\/[A-Za-z0-9_+/-]+/y;

function zoneId(state: DateState): void {
  ZONE_ID.lastIndex = state.at;
  const found = ZONE_ID.exec(state.text)?.[0];
  if (found === undefined) {
    throw new ReadFault(state, 'Char');
  }
  if (!isZone(found)) {
    throw new RangeFault(state, 'InvalidTimezone', found);
  }
  state.at += found.length;
}

/** Asked of the runtime, which knows zones in any case; the native library wants theirs. */
function isZone(name: string): boolean {
  if (!/^[A-Z]/.test(name)) {
    return false;
  }
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const ZONE_NAME = /[A-Z]{3,4}(?![A-Za-z])/y;

function zoneName(state: DateState): void {
  ZONE_NAME.lastIndex = state.at;
  const found = ZONE_NAME.exec(state.text)?.[0];
  if (found === undefined) {
    throw new ReadFault(state, 'TakeWhileMN');
  }
  if (found === 'UTC') {
    throw new RangeFault(state, 'InvalidTimezone', found);
  }
  state.at += found.length;
}
