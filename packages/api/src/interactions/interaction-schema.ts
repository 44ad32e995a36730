import { z } from 'zod';
import { pageSchema } from '../insights/edge-schema.ts';

const kindSchema = z.enum(['http', 'message', 'synchronous-message', 'unknown']);
const ruleSchema = z.object({ place: z.string(), text: z.string() });

/** What one side sends; `text` of a JSON body is indented, with its numbers as they were written. */
const partSchema = z.object({
  name: z.enum(['request', 'response', 'message']),
  headline: z.string(),
  headers: z.array(z.object({ name: z.string(), value: z.string() })),
  body: z
    .object({
      form: z.enum(['json', 'text', 'base64']),
      text: z.string(),
      mediaType: z.string().nullable(),
    })
    .nullable(),
  rules: z.array(ruleSchema),
  generators: z.array(ruleSchema),
});

/** One interaction of a pact of any specification version. */
export const interactionSchema = z.object({
  position: z.number(),
  id: z.string().nullable(),
  kind: kindSchema,
  description: z.string(),
  summary: z.string(),
  providerStates: z.array(z.object({ name: z.string(), parameters: z.string().nullable() })),
  /** V4: may fail without failing the verification. */
  pending: z.boolean(),
  transport: z.string().nullable(),
  comments: z.array(z.string()),
  plugins: z.array(
    z.object({ name: z.string(), version: z.string().nullable(), configuration: z.string() }),
  ),
  /** What a plugin wrote for people; text, never to be run as markup. */
  markup: z.object({ text: z.string(), type: z.string() }).nullable(),
  parts: z.array(partSchema),
});

/** `GET /insights/pacts/{consumer}/{provider}/{sha}`. */
export const pactInteractionsSchema = z.object({
  consumer: z.string(),
  provider: z.string(),
  sha: z.string(),
  interactions: z.array(interactionSchema),
});

/** One hit of the search; `lines` are the facts that hold the words asked for, at most five. */
export const foundInteractionSchema = z.object({
  consumer: z.string(),
  provider: z.string(),
  /** Of the newest content that has it. */
  sha: z.string(),
  /** The newest consumer version that published this content; null when its publications are gone. */
  consumerVersion: z.string().nullable(),
  position: z.number(),
  kind: kindSchema,
  description: z.string(),
  summary: z.string(),
  lines: z.array(z.string()),
});

/** `GET /insights/interactions`. */
export const foundInteractionsSchema = z.object({
  interactions: z.array(foundInteractionSchema),
  page: pageSchema,
  /** False while contents wait to be described: there may be more. */
  complete: z.boolean(),
});

export type InteractionResource = z.infer<typeof interactionSchema>;
export type PactInteractions = z.infer<typeof pactInteractionsSchema>;
export type FoundInteraction = z.infer<typeof foundInteractionSchema>;
export type FoundInteractions = z.infer<typeof foundInteractionsSchema>;
