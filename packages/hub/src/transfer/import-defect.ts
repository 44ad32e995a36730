import { HubError } from '../http/hub-error.ts';

/** What is wrong with a file that was to be imported: the line, and a sentence that goes on from "Line 7 …". */
export function importDefect(line: number, sentence: string, cause?: unknown): HubError {
  const message = `Line ${line} ${sentence}; nothing was imported.`;
  return new HubError('INVALID_IMPORT', message, { cause, extensions: { line } });
}
