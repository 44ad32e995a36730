import { z } from 'zod';

/** Milliseconds, estimated from histograms: between two bounds of a bucket the truth is guessed by proportion. */
export const latencySchema = z.object({ p50: z.number(), p95: z.number(), p99: z.number() });

export type Latency = z.infer<typeof latencySchema>;
