import { z } from 'zod';

/** The first line of an export says this; a reader refuses other formats and newer versions. */
export const TRANSFER_FORMAT = 'concordat-export';
export const TRANSFER_VERSION = 1;

/** PostgreSQL keeps no NUL in a text. */
const text = z.string().refine((value) => !value.includes('\0'), 'must not contain NUL');
const name = text.min(1);
/** UTC with milliseconds, as `Date.toISOString` writes it: times are compared as texts. */
const time = z
  .string()
  .refine(
    (value) => !Number.isNaN(Date.parse(value)) && new Date(value).toISOString() === value,
    'must be a time like 2026-01-31T12:00:00.000Z',
  );
const json = text.refine(isJson, 'must be the text of a JSON document');
const sha = z.string().regex(/^[0-9a-f]{40}$/, 'must be 40 hex digits');
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hex digits');
const dated = { createdAt: time, updatedAt: time };

const label = z.strictObject({ name, createdAt: time });
const tag = z.strictObject({ name, ...dated });

const pacticipant = z.strictObject({
  type: z.literal('pacticipant'),
  name,
  displayName: text.optional(),
  repositoryUrl: text.optional(),
  repositoryName: text.optional(),
  repositoryNamespace: text.optional(),
  mainBranch: text.optional(),
  labels: z.array(label),
  ...dated,
});

const environment = z.strictObject({
  type: z.literal('environment'),
  uuid: name,
  name,
  displayName: text,
  production: z.boolean(),
  /** JSON text of a list. */
  contacts: json.optional(),
  /** Nobody has described it yet: it came with the hub. */
  preset: z.boolean(),
  ...dated,
});

/** In the order of their creation: it is what "latest" means. */
const version = z.strictObject({
  type: z.literal('version'),
  pacticipant: name,
  number: name,
  buildUrl: text.optional(),
  tags: z.array(tag),
  ...dated,
});

const branch = z.strictObject({
  type: z.literal('branch'),
  pacticipant: name,
  name,
  createdAt: time,
});

/** In the order in which versions were added; `head` marks the one that stands for the branch. */
const branchVersion = z.strictObject({
  type: z.literal('branchVersion'),
  pacticipant: name,
  branch: name,
  version: name,
  head: z.boolean(),
  autoCreated: z.boolean(),
  ...dated,
});

const integration = z.strictObject({
  type: z.literal('integration'),
  consumer: name,
  provider: name,
  createdAt: time,
  contractDataUpdatedAt: time,
});

/** `content` is the pact as it is served, without loss. */
const pactContent = z.strictObject({
  type: z.literal('pactContent'),
  consumer: name,
  provider: name,
  sha,
  createdAt: time,
  content: json,
});

const publication = z.strictObject({
  type: z.literal('publication'),
  consumer: name,
  version: name,
  provider: name,
  revision: z.int().min(1),
  sha,
  createdAt: time,
});

/** `number` grows from record to record; a hub without results keeps it, because clients have it in their links. */
const verification = z.strictObject({
  type: z.literal('verification'),
  consumer: name,
  provider: name,
  sha,
  providerVersion: name,
  number: z.int().min(1),
  success: z.boolean(),
  wip: z.boolean(),
  /** The run had the pact as pending. */
  pending: z.literal(true).optional(),
  buildUrl: text.optional(),
  verifiedBy: json.optional(),
  testResults: json.optional(),
  createdAt: time,
});

const deployedVersion = z.strictObject({
  type: z.literal('deployedVersion'),
  uuid: name,
  pacticipant: name,
  version: name,
  environment: name,
  applicationInstance: text,
  undeployedAt: time.optional(),
  ...dated,
});

const releasedVersion = z.strictObject({
  type: z.literal('releasedVersion'),
  uuid: name,
  pacticipant: name,
  version: name,
  environment: name,
  supportEndedAt: time.optional(),
  ...dated,
});

/** `redacted` names what was left out because it is a secret: `password`, `signingSecret`, `headers.authorization`. */
const webhook = z.strictObject({
  type: z.literal('webhook'),
  uuid: name,
  description: text.optional(),
  consumer: name.optional(),
  consumerLabel: name.optional(),
  provider: name.optional(),
  providerLabel: name.optional(),
  consumerBranches: z.array(text),
  consumerTags: z.array(text),
  enabled: z.boolean(),
  events: z.array(name),
  method: name,
  url: name,
  headers: z.record(text, text),
  body: json.optional(),
  username: text.optional(),
  password: text.optional(),
  signingSecret: text.optional(),
  redacted: z.array(text),
  ...dated,
});

const providerContractDocument = z.strictObject({
  type: z.literal('providerContractDocument'),
  sha256,
  specification: z.enum(['openapi', 'asyncapi']),
  specificationVersion: text,
  title: text,
  documentVersion: text,
  /** JSON texts of lists. */
  operations: json,
  externalReferences: json,
  /** The bytes as sent. */
  base64: z.base64(),
});

const providerContract = z.strictObject({
  type: z.literal('providerContract'),
  provider: name,
  version: name,
  specification: z.enum(['openapi', 'asyncapi']),
  sha256,
  contentType: text,
  createdAt: time,
});

const token = z.strictObject({
  type: z.literal('token'),
  uuid: name,
  description: name,
  role: z.enum(['read', 'publish', 'admin']),
  sha256,
  expiresAt: time.optional(),
  lastUsedAt: time.optional(),
  createdAt: time,
});

/** Everything a line after the first can be; the order of this list is the order of an export. */
export const transferRecordSchema = z.discriminatedUnion('type', [
  pacticipant,
  environment,
  version,
  branch,
  branchVersion,
  integration,
  pactContent,
  publication,
  verification,
  deployedVersion,
  releasedVersion,
  webhook,
  providerContractDocument,
  providerContract,
  token,
]);

export type TransferRecord = z.infer<typeof transferRecordSchema>;
export type TransferType = TransferRecord['type'];
export type TransferRecordOf<T extends TransferType> = Extract<TransferRecord, { type: T }>;

/** The first line; `counts` says how many records of each type follow, so that a file that was cut shows. */
export const transferHeaderSchema = z.strictObject({
  type: z.literal('header'),
  format: z.literal(TRANSFER_FORMAT),
  version: z.literal(TRANSFER_VERSION),
  exportedAt: time,
  secrets: z.boolean(),
  counts: z.partialRecord(
    z.enum(transferRecordSchema.options.map((option) => option.shape.type.value)),
    z.int().min(0),
  ),
});

export type TransferHeader = z.infer<typeof transferHeaderSchema>;

/** What an import did with the records of one type; skipped ones differ from what the hub has, which was kept. */
export const transferTallySchema = z.object({
  created: z.number(),
  updated: z.number(),
  unchanged: z.number(),
  skipped: z.number(),
});

export type TransferTally = z.infer<typeof transferTallySchema>;

/** The answer to an import; with `Accept: application/x-ndjson` the last of its lines, after lines that tell of progress. */
export const transferResultSchema = z.object({
  type: z.literal('result'),
  records: z.number(),
  tallies: z.record(z.string(), transferTallySchema),
  /** Webhooks that came without their secrets: name them again. */
  webhooksWithoutSecrets: z.array(
    z.object({ uuid: z.string(), description: z.string(), redacted: z.array(z.string()) }),
  ),
});

export type TransferResult = z.infer<typeof transferResultSchema>;

function isJson(value: string): boolean {
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}
