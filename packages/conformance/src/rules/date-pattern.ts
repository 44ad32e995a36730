import { DATE_LETTERS, type DateReader, type DateState, ReadFault } from './date-letters.ts';

/** Undefined for a text in the format, else what is wrong with it, in the native library's words. */
export type DateTest = (text: string) => string | undefined;

const LONGEST_DATE = 200;

/**
 * A test for text in a Java date format, as the native library reads them: digits fewer than letters are let pass, ranges and days of
 * months are checked, everything has to be read. Two differences are wanted: offsets go to 18 hours (the native library stops at 11 and
 * refuses New Zealand) and the year has all its days (it refuses the last ones).
 */
export function compileDatePattern(format: string): DateTest {
  const readers = readersOf(format);
  if (readers === undefined) {
    return (text) => `Error parsing '${text}': "Parsing datetime pattern '${format}' failed"`;
  }
  return (text) => {
    if (text.length > LONGEST_DATE) {
      return 'The text is too long for a date';
    }
    const state: DateState = { text, at: 0, year: undefined, month: undefined, day: undefined };
    try {
      for (const read of readers) {
        read(state);
      }
    } catch (fault) {
      if (!(fault instanceof ReadFault)) {
        throw fault;
      }
      return `Error(${fault.message})`;
    }
    return state.at < text.length
      ? `Remaining data after applying pattern ${JSON.stringify(text.slice(state.at))}`
      : dayFault(state);
  };
}

const PIECE = /''|'((?:[^']|'')+)'|([A-Za-z])\2*|[^A-Za-z'[\]{}#]|#/uy;

function readersOf(format: string): readonly DateReader[] | undefined {
  const readers: DateReader[] = [];
  let at = 0;
  while (at < format.length) {
    PIECE.lastIndex = at;
    const found = PIECE.exec(format);
    const reader = found === null ? undefined : readerOf(found);
    if (reader === undefined) {
      return undefined;
    }
    readers.push(reader);
    at = PIECE.lastIndex;
  }
  return readers;
}

function readerOf([whole, quoted, letter]: RegExpExecArray): DateReader | undefined {
  if (letter !== undefined) {
    return DATE_LETTERS[letter]?.(whole.length);
  }
  if (quoted !== undefined) {
    return literal(quoted.replaceAll("''", "'"));
  }
  return literal(whole === "''" ? "'" : whole);
}

function literal(expected: string): DateReader {
  return (state) => {
    if (!state.text.startsWith(expected, state.at)) {
      throw new ReadFault(state, 'Tag');
    }
    state.at += expected.length;
  };
}

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** Without a year February has 28 days. */
function dayFault({ year, month, day }: DateState): string | undefined {
  if (month === undefined || day === undefined) {
    return undefined;
  }
  const leap = year !== undefined && isLeap(Number(year)) && Number(month) === 2 ? 1 : 0;
  if (Number(day) <= (DAYS_IN_MONTH[Number(month) - 1] ?? 31) + leap) {
    return undefined;
  }
  const inYear = year === undefined ? '' : ` in year ${Number(year)}`;
  return `'${day}' is not a valid day for month '${month}'${inYear}`;
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}
