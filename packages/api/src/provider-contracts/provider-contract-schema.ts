import { z } from 'zod';
import { pageSchema } from '../insights/edge-schema.ts';

/** One published document; `_links.document` answers it byte for byte. */
export const providerContractSchema = z.object({
  provider: z.string(),
  /** Pacticipant version that published it. */
  version: z.string(),
  specification: z.enum(['openapi', 'asyncapi']),
  specificationVersion: z.string(),
  title: z.string(),
  /** `info.version` of the document. */
  documentVersion: z.string(),
  contentType: z.string(),
  /** Of the bytes as sent, in hex. */
  sha256: z.string(),
  publishedAt: z.string(),
  /** How many routes or events it describes. */
  operations: z.number(),
  /** `GET /orders/{id}`, `send order.placed`: the same names as in findings. */
  operationKeys: z.array(z.string()),
  /** `$ref`s to other files, kept as written and not followed. */
  externalReferences: z.array(z.string()),
  _links: z.object({
    document: z.object({ href: z.string() }),
    provider: z.object({ href: z.string() }),
  }),
});

export const providerContractsSchema = z.object({
  contracts: z.array(providerContractSchema),
  page: pageSchema,
});

/** Refused documents: every defect with its place, `errors` beside the members of RFC 9457. */
export const documentDefectSchema = z.object({
  detail: z.string(),
  pointer: z.string(),
  line: z.number().nullable(),
  column: z.number().nullable(),
});

export type ProviderContractResource = z.infer<typeof providerContractSchema>;
export type ProviderContracts = z.infer<typeof providerContractsSchema>;
export type DocumentDefectResource = z.infer<typeof documentDefectSchema>;
