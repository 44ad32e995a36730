import { z } from 'zod';
import { pageSchema } from './edge-schema.ts';

/** Calls of this service are counted as those of that pacticipant. */
export const aliasSchema = z.object({
  service: z.string(),
  pacticipant: z.string(),
  /** UTC, ISO 8601. */
  createdAt: z.string(),
  createdBy: z.string(),
});

/** By service. */
export const aliasesSchema = z.object({ aliases: z.array(aliasSchema), page: pageSchema });

/** `force` is needed where the service is a pacticipant of its own. */
export const newAliasSchema = z.object({
  service: z.string(),
  pacticipant: z.string(),
  force: z.boolean().optional(),
});

export const aliasSuggestionSchema = z.object({
  service: z.string(),
  pacticipant: z.string(),
  /** 0 to 1. */
  score: z.number(),
  reasons: z.array(z.string()),
  /** Pacticipants whose names are as near. */
  alternatives: z.array(z.string()),
  /** Calls on either side, sample weights applied. */
  calls: z.number(),
  lastSeen: z.string(),
  /** It sends no spans: the name is what others call it. */
  virtual: z.boolean(),
});

/** The surest first. */
export const aliasSuggestionsSchema = z.object({
  suggestions: z.array(aliasSuggestionSchema),
  page: pageSchema,
});

export type AliasResource = z.infer<typeof aliasSchema>;
export type Aliases = z.infer<typeof aliasesSchema>;
export type NewAlias = z.infer<typeof newAliasSchema>;
export type AliasSuggestionResource = z.infer<typeof aliasSuggestionSchema>;
export type AliasSuggestions = z.infer<typeof aliasSuggestionsSchema>;
