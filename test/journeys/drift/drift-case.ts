import type { FindingResource } from '@concordat/api';
import type { Scene, SentSpans } from './scene.ts';

/** What a case expects to be told, by the members that matter to it. */
export interface ExpectedFinding {
  readonly kind: FindingResource['kind'];
  readonly operation?: string | null;
  readonly consumer?: string | null;
  readonly provider?: string;
  readonly environment?: string | null;
  readonly count?: number;
  /** Stands in the sentence. */
  readonly words?: string;
}

/** One way in which services and contracts part, or (without `finds`) one that only looks like it. */
export interface DriftCase {
  /** What happens. */
  readonly title: string;
  /** The pact that holds; the one of promises.ts when not given. */
  readonly pact?: object;
  /** Besides the pact of `c1` with the shop, and both recorded in production. */
  readonly given?: (scene: Scene) => Promise<void>;
  /** Each list is one export. */
  readonly exports: (scene: Scene) => readonly (readonly SentSpans[])[];
  /** What is done once the first is told, which makes it true no longer. */
  readonly mended?: {
    readonly finds: ExpectedFinding;
    readonly by: (scene: Scene) => Promise<void>;
  };
  /** Exactly these and no others; by scene where names are told. */
  readonly finds?: (scene: Scene) => readonly ExpectedFinding[];
}

export function repeated<T>(times: number, make: () => readonly T[]): readonly T[] {
  return Array.from({ length: times }, make).flat();
}
