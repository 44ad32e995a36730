export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** Writes one JSON line; `fields` must not carry secrets or contract content. */
export type Log = (
  level: Exclude<LogLevel, 'silent'>,
  message: string,
  fields?: Readonly<Record<string, unknown>>,
) => void;

const ranks: Readonly<Record<LogLevel, number>> = {
  debug: 0,
  info: 1,
  warn: 2,
  error: 3,
  silent: 4,
};

/** A log that drops what is below `level`; the hub gives it standard error, so that standard output stays the command's. */
export function createLog(level: LogLevel, write: (line: string) => void): Log {
  return (lineLevel, message, fields) => {
    if (ranks[lineLevel] < ranks[level]) return;
    const time = new Date().toISOString();
    write(`${JSON.stringify({ time, level: lineLevel, message, ...fields })}\n`);
  };
}
