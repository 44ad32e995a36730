// Hot path: `addLatencies` runs for every observed call.
import { type Call, latencyBucket } from '@concordat/domain';
import { addBuckets, latencyCounts, noBuckets } from '../database/latency-columns.ts';
import type { EdgeLatenciesTable } from '../database/tables/insight-tables.ts';

/** Who measured: the caller or sender, the one who answered or received; or the time between a message's two. */
export type LatencySide = 'client' | 'server' | 'transit';

interface Latencies {
  timed: number;
  micros: number;
  readonly buckets: number[];
}

/** Latencies of calls that are alike in all names; a side that no call told is absent. */
export type SideLatencies = { [Side in LatencySide]?: Latencies };

/** Names and minute of an edge's operation. */
export interface LatencyPlace {
  readonly consumer: string;
  readonly provider: string;
  readonly transport: string;
  readonly environment: string;
  readonly operation: string;
  readonly minute: number;
}

export function addLatencies(sides: SideLatencies, call: Call): void {
  const { clientDurationMicros, serverDurationMicros, transitMicros, weight } = call;
  if (clientDurationMicros !== undefined) {
    sides.client ??= noLatencies();
    add(sides.client, clientDurationMicros, weight);
  }
  if (serverDurationMicros !== undefined) {
    sides.server ??= noLatencies();
    add(sides.server, serverDurationMicros, weight);
  }
  if (transitMicros !== undefined) {
    sides.transit ??= noLatencies();
    add(sides.transit, transitMicros, weight);
  }
}

function noLatencies(): Latencies {
  return { timed: 0, micros: 0, buckets: noBuckets() };
}

function add(latencies: Latencies, micros: number, weight: number): void {
  const bucket = latencyBucket(micros);
  latencies.timed += weight;
  latencies.micros += micros * weight;
  latencies.buckets[bucket] = (latencies.buckets[bucket] ?? 0) + weight;
}

/** What latencies add to the database with the next write: by minute, and in bucket 0 for all time. */
export class EdgeLatencyTally {
  #rows = new Map<string, { readonly names: Names; readonly latencies: Latencies }>();

  get isEmpty(): boolean {
    return this.#rows.size === 0;
  }

  add({ minute, ...place }: LatencyPlace, sides: SideLatencies): void {
    for (const [side, latencies] of Object.entries(sides)) {
      for (const bucket of [0, minute]) this.#add({ ...place, side, bucket }, latencies);
    }
  }

  take(): readonly EdgeLatenciesTable[] {
    const rows = [...this.#rows.values()].map(({ names, latencies }) => ({
      ...names,
      timed: latencies.timed,
      duration_micros: latencies.micros,
      ...latencyCounts(latencies.buckets),
    }));
    this.#rows = new Map();
    return rows;
  }

  #add(names: Names, added: Latencies): void {
    const key = JSON.stringify(names);
    const row = this.#rows.get(key) ?? { names, latencies: noLatencies() };
    this.#rows.set(key, row);
    row.latencies.timed += added.timed;
    row.latencies.micros += added.micros;
    addBuckets(row.latencies.buckets, added.buckets);
  }
}

type Names = Omit<LatencyPlace, 'minute'> & { readonly side: string; readonly bucket: number };
