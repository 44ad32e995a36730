import type { Edge, Summary } from '@concordat/api';
import type { FindingFilter } from './finding-filter.ts';

/** A counter that changed; it may get lost, the next one says more. */
export interface StreamHint {
  readonly text: string;
  readonly isFor: (filter: FindingFilter) => boolean;
}

export interface HintSources {
  readonly summary: () => Promise<Summary>;
  readonly edges: () => Promise<readonly Edge[]>;
}

const EVERY_MS = 3000;
/** Counting takes at most this part of the time. */
const PAUSES = 20;
const MOST_EDGES = 200;

/** Tells which counters of the summary and of edges have changed since it was last asked. */
export class StreamHints {
  readonly #sources: HintSources;
  #summary = '';
  #edges: ReadonlyMap<string, string> | undefined;
  #dueAt = Number.NEGATIVE_INFINITY;

  constructor(sources: HintSources) {
    this.#sources = sources;
  }

  /** Nothing when asked too early. */
  async changes(): Promise<readonly StreamHint[]> {
    const start = performance.now();
    if (start < this.#dueAt) return [];
    const hints = [
      ...this.#summaryHints(await this.#sources.summary()),
      ...this.#edgeHints(await this.#sources.edges()),
    ];
    const took = performance.now() - start;
    this.#dueAt = performance.now() + Math.max(EVERY_MS, took * PAUSES);
    return hints;
  }

  #summaryHints({ services, edges, calls, findings }: Summary): readonly StreamHint[] {
    const data = JSON.stringify({ services, edges, calls, findings });
    if (data === this.#summary) return [];
    this.#summary = data;
    return [{ text: `event: summary\ndata: ${data}\n\n`, isFor: () => true }];
  }

  #edgeHints(edges: readonly Edge[]): readonly StreamHint[] {
    const before = this.#edges;
    const told = edges.map((edge) => ({ edge, key: keyOf(edge), data: countersOf(edge) }));
    this.#edges = new Map(told.map(({ key, data }) => [key, data]));
    // The first look has nothing to compare with.
    if (before === undefined) return [];
    return told
      .filter(({ key, data }) => before.get(key) !== data)
      .slice(0, MOST_EDGES)
      .map(({ edge, data }) => ({
        text: `event: edge\ndata: ${data}\n\n`,
        isFor: ({ consumer, provider }) =>
          (consumer === undefined || consumer === edge.consumer) &&
          (provider === undefined || provider === edge.provider),
      }));
  }
}

function keyOf({ consumer, provider, transport }: Edge): string {
  return `${consumer}\n${provider}\n${transport}`;
}

function countersOf({ consumer, provider, transport, state, calls, findings }: Edge): string {
  return JSON.stringify({ consumer, provider, transport, state, calls, findings });
}
