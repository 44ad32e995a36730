import { z } from 'zod';
import { findingSchema } from './finding-schema.ts';

export const findingsSchema = z.object({
  findings: z.array(findingSchema),
  page: z.object({
    number: z.number(),
    size: z.number(),
    totalElements: z.number(),
    totalPages: z.number(),
  }),
});

/** Counts over everything the hub knows; the demo prints them. */
export const summarySchema = z.object({
  /** Services seen in traces or known as pacticipants, virtual peers left out. */
  services: z.number(),
  /** Pacts in force and provider contracts together. */
  contracts: z.number(),
  pacts: z.number(),
  providerContracts: z.number(),
  /** Interactions of the pacts in force. */
  interactions: z.number(),
  verified: z.number(),
  used: z.number(),
  notSeen: z.number(),
  noEvidence: z.number(),
  edges: z.number(),
  calls: z.number(),
  /** Open findings by kind; kinds without one are absent. */
  findings: z.record(z.string(), z.number()),
});

export type Findings = z.infer<typeof findingsSchema>;
export type Summary = z.infer<typeof summarySchema>;
