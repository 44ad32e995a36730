/** Where a command writes: results go to standard output, everything else to standard error. */
export interface Output {
  result(text: string): void;
  note(text: string): void;
  /** Replaces the line that says how far the work is; only where a terminal can do that. */
  readonly status?: (text: string) => void;
}

/** Progress for people: on standard output, but on standard error when standard output must be JSON only. */
export function progressOf(output: Output, isJson: boolean): (line: string) => void {
  return isJson ? (line) => output.note(line) : (line) => output.result(line);
}
