import { z } from 'zod';
import { pageSchema } from './edge-schema.ts';
import { latencySchema } from './latency-schema.ts';

/** Rate, errors and duration of one service, over what it answered: spans of kinds `server` and `consumer`. */
export const serviceSchema = z.object({
  service: z.string(),
  environments: z.array(z.string()),
  /** Calls answered, sample weights applied. */
  calls: z.number(),
  /** Calls a second over the asked window. */
  rate: z.number(),
  /** 0 to 1; 0 without calls. */
  errorRate: z.number(),
  /** Null without calls. */
  latency: latencySchema.nullable(),
  /** Distinct operations of all kinds. */
  operations: z.number(),
  /** Begin of the latest minute with spans. */
  lastSeen: z.string(),
});

/** Services with spans in the window, by name. `since` and `until` are whole minutes; `until` is not included. */
export const servicesSchema = z.object({
  since: z.string(),
  until: z.string(),
  services: z.array(serviceSchema),
  page: pageSchema,
});

const operationPointSchema = z.object({
  at: z.string(),
  calls: z.number(),
  errors: z.number(),
  /** Milliseconds. */
  p95: z.number().nullable(),
});

const serviceOperationSchema = z.object({
  name: z.string(),
  kind: z.enum(['unspecified', 'internal', 'server', 'client', 'producer', 'consumer']),
  calls: z.number(),
  rate: z.number(),
  errorRate: z.number(),
  /** Milliseconds; null without calls. Times `calls` it is the operation's impact: where the service's time goes. */
  meanDuration: z.number().nullable(),
  latency: latencySchema.nullable(),
  exemplarTraceId: z.string().nullable(),
  /** By time, `step` apart; times without calls have no point. */
  points: z.array(operationPointSchema),
});

/** The busiest operations first. A span name beyond the bound of a service is counted under `__overflow__`. */
export const serviceDetailSchema = z.object({
  service: z.string(),
  environment: z.string().nullable(),
  environments: z.array(z.string()),
  since: z.string(),
  until: z.string(),
  /** Seconds between two points: 60, longer in long windows. */
  step: z.number(),
  operations: z.array(serviceOperationSchema),
});

export type Service = z.infer<typeof serviceSchema>;
export type Services = z.infer<typeof servicesSchema>;
export type ServiceDetail = z.infer<typeof serviceDetailSchema>;
export type ServiceOperation = ServiceDetail['operations'][number];
