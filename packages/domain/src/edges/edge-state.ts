/** The words are the map's; `edgeState` says which fits. */
export type EdgeState =
  | 'kept'
  | 'unverified'
  | 'verification-failed'
  | 'drift'
  | 'uncontracted'
  | 'unused';

export interface EdgeFacts {
  /** Interactions in the pacts in force. */
  readonly promised: number;
  /** Of those, the ones whose pact's latest verification succeeded. */
  readonly verified: number;
  /** Of those, the ones whose pact's latest verification failed. */
  readonly failed: number;
  /** Open findings. */
  readonly findings: number;
  readonly calls: number;
}

/** The worst that is true of an edge; what is broken goes before what is missing. */
export function edgeState(edge: EdgeFacts): EdgeState {
  if (edge.failed > 0) {
    return 'verification-failed';
  }
  if (edge.findings > 0) {
    return 'drift';
  }
  if (edge.promised === 0) {
    return 'uncontracted';
  }
  if (edge.calls === 0) {
    return 'unused';
  }
  return edge.verified < edge.promised ? 'unverified' : 'kept';
}
