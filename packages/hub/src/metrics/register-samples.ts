import type { Metric, Registry } from 'prom-client';

export interface Sample {
  readonly value: number;
  readonly labels: Readonly<Record<string, string>>;
}

/** A metric whose samples are made when it is read. */
export function registerSamples(
  registry: Registry,
  metric: {
    readonly name: string;
    readonly type: 'counter' | 'gauge' | 'histogram';
    readonly help: string;
    readonly samples: () => readonly Sample[] | Promise<readonly Sample[]>;
  },
): void {
  // The registry renames counters in place before it writes them, so the name lives on an object it may change.
  const written = {
    name: metric.name,
    help: metric.help,
    type: metric.type,
    get: async () => ({
      name: written.name,
      help: metric.help,
      type: metric.type,
      values: await metric.samples(),
    }),
  };
  registry.registerMetric(written as unknown as Metric);
}
