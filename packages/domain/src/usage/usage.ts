/** Usage of a promise: seen, not seen although there was enough traffic to see it, or too little traffic to say. */
export type Usage = 'used' | 'not-seen' | 'no-evidence';

/** What a statement about traffic rests on. */
export interface Evidence {
  /** Seconds between the first and the last look at this edge. */
  readonly window: number;
  /** Calls on the edge within the window, sample weights applied. */
  readonly calls: number;
  /** 0 < rate <= 1; share of calls that were sampled. */
  readonly sampleRate: number;
}
