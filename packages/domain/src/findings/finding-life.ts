export type FindingState = 'open' | 'acknowledged' | 'resolved';

/** `agrees`: it was promised, declared, recorded or used · `no-longer-seen`: traffic went on without it. */
export type Resolution = 'agrees' | 'no-longer-seen';

/** Somebody knows of it and lets it be. */
export interface Acknowledgement {
  readonly by: string;
  readonly reason: string;
  /** UTC, ISO 8601. */
  readonly at: string;
  /** The finding is open again from then on; undefined for ever. */
  readonly until: string | undefined;
}

export interface FindingLife {
  readonly state: FindingState;
  /** UTC, ISO 8601; when it was opened the first time. */
  readonly openedAt: string;
  readonly resolvedAt: string | undefined;
  readonly resolution: Resolution | undefined;
  /** Stands also while the finding is resolved, and counts again when it comes back. */
  readonly acknowledgement: Acknowledgement | undefined;
}

export type FindingEventKind =
  | 'opened'
  | 're-seen'
  | 'resolved'
  | 'reopened'
  | 'acknowledged'
  | 'unacknowledged'
  | 'acknowledgement-expired';

/** A turn in the life of a finding. */
export interface FindingEvent {
  readonly id: number;
  readonly kind: FindingEventKind;
  /** UTC, ISO 8601. */
  readonly at: string;
  /** Who, where somebody did it. */
  readonly by: string | undefined;
  /** The reason of an acknowledgement, the cause of a resolution. */
  readonly note: string | undefined;
}

/** An acknowledgement whose time is over says nothing any more. */
export function lifeOf(told: Omit<FindingLife, 'state'>, now: Date): FindingLife {
  const { acknowledgement } = told;
  const holds = acknowledgement !== undefined && !hasExpired(acknowledgement, now);
  const state = told.resolvedAt !== undefined ? 'resolved' : holds ? 'acknowledged' : 'open';
  return { ...told, state, acknowledgement: holds ? acknowledgement : undefined };
}

function hasExpired({ until }: Acknowledgement, now: Date): boolean {
  return until !== undefined && Date.parse(until) <= now.getTime();
}
