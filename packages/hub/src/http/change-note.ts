import type { Response } from 'express';

/** What a change is about beyond the names in its path, for the audit log. Never secrets, never content. */
export interface ChangeNote {
  /** The word for what was done, where path and method do not tell. */
  readonly action?: string;
  readonly pacticipants?: readonly string[];
  readonly names?: Readonly<Record<string, string | undefined>>;
}

/** Tells whom a change is about that a request's body, and not its path, names. */
export function noteChange(response: Response, note: ChangeNote): void {
  response.locals.change = note;
}

/** A request that only asked, though its method is one of those that change something. */
export function noteNoChange(response: Response): void {
  response.locals.change = 'none';
}

/** What was noted; `none` when nothing has changed. */
export function changeNoteOf(response: Response): ChangeNote | 'none' {
  return (response.locals.change as ChangeNote | 'none' | undefined) ?? {};
}
