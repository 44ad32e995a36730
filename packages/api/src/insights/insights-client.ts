import type { z } from 'zod';
import {
  type FoundInteractions,
  foundInteractionsSchema,
  type PactInteractions,
  pactInteractionsSchema,
} from '../interactions/interaction-schema.ts';
import {
  type Aliases,
  type AliasSuggestions,
  aliasesSchema,
  aliasSuggestionsSchema,
} from './alias-schema.ts';
import { type DeploymentsAnswer, deploymentsSchema } from './deployment-schema.ts';
import { type EdgeDetail, type Edges, edgeDetailSchema, edgesSchema } from './edge-schema.ts';
import { type Fields, fieldsSchema } from './field-schema.ts';
import { type FindingDetailResource, findingDetailSchema } from './finding-schema.ts';
import { type GuardPacts, guardPactsSchema } from './guard-schema.ts';
import { type Overrides, overridesSchema } from './override-schema.ts';
import { type Removal, removalSchema } from './removal-schema.ts';
import { type Routes, routesSchema } from './route-schema.ts';
import {
  type ServiceDetail,
  type Services,
  serviceDetailSchema,
  servicesSchema,
} from './service-schema.ts';
import { type Findings, findingsSchema, type Summary, summarySchema } from './summary-schema.ts';
import { type Usages, usageSchema } from './usage-schema.ts';

/** Times are ISO 8601 or milliseconds since the epoch, as text. */
export interface WindowQuery {
  readonly environment?: string;
  readonly since?: string;
  readonly until?: string;
}

/** Pages start at 1. */
export interface EdgesQuery extends WindowQuery {
  readonly page?: number;
  readonly size?: number;
}

/** `kind` and `state` are lists with commas between; `state` is `open` when not given, `all` for every one. */
export interface FindingsQuery {
  readonly kind?: string;
  readonly state?: string;
  readonly operation?: string;
  readonly consumer?: string;
  readonly provider?: string;
  readonly environment?: string;
  readonly since?: string;
  readonly page?: number;
  readonly size?: number;
}

/** `pointer`: that field and all below it, with `*` for positions. */
export interface FieldsQuery {
  readonly provider: string;
  readonly operation: string;
  readonly consumer?: string;
  readonly environment?: string;
  readonly pointer?: string;
  readonly since?: string;
  readonly page?: number;
  readonly size?: number;
}

/** `version` is the pacticipant's: as a consumer it is judged by what that version published. */
export interface GuardPactsQuery {
  readonly pacticipant: string;
  readonly environment?: string;
  readonly version?: string;
}

/** `provider` or `consumer` must be given; `window` (`7d`) excludes the times of its base. */
export interface UsageQuery extends WindowQuery {
  readonly provider?: string;
  readonly consumer?: string;
  readonly operation?: string;
  readonly window?: string;
  readonly page?: number;
  readonly size?: number;
}

/** Pages start at 1. */
export interface PageQuery {
  readonly page?: number;
  readonly size?: number;
}

export interface DeploymentsQuery extends PageQuery {
  readonly environment?: string;
  readonly pacticipant?: string;
}

/** `operation` or `event`; `field` is a JSON pointer, `window` such as `30d`. */
export interface RemovalQuery {
  readonly provider: string;
  readonly operation?: string;
  readonly event?: string;
  readonly field?: string;
  readonly environment?: string;
  readonly window?: string;
}

export interface OverridesQuery {
  readonly pacticipant?: string;
  readonly version?: string;
  readonly environment?: string;
  readonly page?: number;
  readonly size?: number;
}

/** `q` holds words that must all be found; `scope` is `current` when not given. */
export interface InteractionsQuery {
  readonly q?: string;
  readonly consumer?: string;
  readonly provider?: string;
  readonly kind?: string;
  readonly scope?: string;
  readonly page?: number;
  readonly size?: number;
}

/** The part of the platform's `fetch` that the client needs; a caller adds authorization by wrapping it. */
export type InsightsFetch = (
  url: string,
  init: { readonly headers: Readonly<Record<string, string>> },
) => Promise<{ readonly status: number; text(): Promise<string> }>;

/** The hub refused, or answered something that is no answer of `/insights`; `status` is the HTTP status. */
export class InsightsError extends Error {
  readonly status: number;

  constructor(message: string, options: { readonly status: number; readonly cause?: unknown }) {
    super(message, { cause: options.cause });
    this.name = 'InsightsError';
    this.status = options.status;
  }
}

/** Reads `/insights/*` of the hub at `baseUrl`; every answer is checked against its schema, every refusal is an `InsightsError`. */
export function createInsightsClient(baseUrl: string, fetch: InsightsFetch): InsightsClient {
  const root = baseUrl.replace(/\/+$/, '');
  const read = <T>(path: string, schema: z.ZodType<T>): Promise<T> =>
    readJson(`${root}/insights/${path}`, schema, fetch);
  return {
    summary: () => read('summary', summarySchema),
    edges: (query = {}) => read(`edges${searchOf({ ...query })}`, edgesSchema),
    edge: (consumer, provider, query = {}) =>
      read(
        `edges/${encodeURIComponent(consumer)}/${encodeURIComponent(provider)}${searchOf({ ...query })}`,
        edgeDetailSchema,
      ),
    services: (query = {}) => read(`services${searchOf({ ...query })}`, servicesSchema),
    service: (service, query = {}) =>
      read(`services/${encodeURIComponent(service)}${searchOf({ ...query })}`, serviceDetailSchema),
    deployments: (query = {}) => read(`deployments${searchOf({ ...query })}`, deploymentsSchema),
    aliases: (query = {}) => read(`aliases${searchOf({ ...query })}`, aliasesSchema),
    aliasSuggestions: (query = {}) =>
      read(`aliases/suggestions${searchOf({ ...query })}`, aliasSuggestionsSchema),
    findings: (query = {}) => read(`findings${searchOf({ ...query })}`, findingsSchema),
    finding: (id) => read(`findings/${encodeURIComponent(id)}`, findingDetailSchema),
    fields: (query) => read(`fields${searchOf({ ...query })}`, fieldsSchema),
    guardPacts: (query) => read(`guard/pacts${searchOf({ ...query })}`, guardPactsSchema),
    routes: (provider) => read(`routes${searchOf({ provider })}`, routesSchema),
    usage: (query) => read(`usage${searchOf({ ...query })}`, usageSchema),
    canIRemove: (query) => read(`can-i-remove${searchOf({ ...query })}`, removalSchema),
    overrides: (query = {}) => read(`overrides${searchOf({ ...query })}`, overridesSchema),
    interactions: (query = {}) =>
      read(`interactions${searchOf({ ...query })}`, foundInteractionsSchema),
    pactInteractions: (content) =>
      read(
        `pacts/${[content.consumer, content.provider, content.sha].map(encodeURIComponent).join('/')}`,
        pactInteractionsSchema,
      ),
  };
}

export interface InsightsClient {
  summary(): Promise<Summary>;
  edges(query?: EdgesQuery): Promise<Edges>;
  edge(consumer: string, provider: string, query?: WindowQuery): Promise<EdgeDetail>;
  /** The window is the last hour when not given. */
  services(query?: EdgesQuery): Promise<Services>;
  service(service: string, query?: WindowQuery): Promise<ServiceDetail>;
  /** What runs against what was recorded. */
  deployments(query?: DeploymentsQuery): Promise<DeploymentsAnswer>;
  /** Which services are which pacticipants. */
  aliases(query?: PageQuery): Promise<Aliases>;
  aliasSuggestions(query?: PageQuery): Promise<AliasSuggestions>;
  findings(query?: FindingsQuery): Promise<Findings>;
  /** With its history. */
  finding(id: string): Promise<FindingDetailResource>;
  /** Which fields of an operation live guards saw. */
  fields(query: FieldsQuery): Promise<Fields>;
  /** What a live guard judges by. */
  guardPacts(query: GuardPactsQuery): Promise<GuardPacts>;
  /** What contracts call the routes of a provider. */
  routes(provider: string): Promise<Routes>;
  usage(query: UsageQuery): Promise<Usages>;
  /** Who would notice if an operation, an event or a field went. */
  canIRemove(query: RemovalQuery): Promise<Removal>;
  /** Exceptions from can-i-deploy that are in force. */
  overrides(query?: OverridesQuery): Promise<Overrides>;
  interactions(query?: InteractionsQuery): Promise<FoundInteractions>;
  pactInteractions(content: {
    readonly consumer: string;
    readonly provider: string;
    readonly sha: string;
  }): Promise<PactInteractions>;
}

async function readJson<T>(url: string, schema: z.ZodType<T>, fetch: InsightsFetch): Promise<T> {
  const response = await fetch(url, { headers: { accept: 'application/json' } });
  const text = await response.text();
  if (response.status !== 200) {
    throw new InsightsError(`${url} answered ${response.status}: ${reasonOf(text)}`, {
      status: response.status,
    });
  }
  const parsed = schema.safeParse(jsonOf(text, url));
  if (!parsed.success) {
    throw new InsightsError(`${url} answered JSON of an unknown shape: ${parsed.error.message}`, {
      status: 200,
      cause: parsed.error,
    });
  }
  return parsed.data;
}

function jsonOf(text: string, url: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InsightsError(`${url} did not answer JSON; is this address a Concordat hub?`, {
      status: 200,
      cause,
    });
  }
}

/** The problem's own words when the hub sent some (RFC 9457), else the start of the body. */
function reasonOf(text: string): string {
  try {
    const problem = JSON.parse(text) as { detail?: unknown; title?: unknown } | null;
    const words = problem?.detail ?? problem?.title;
    if (typeof words === 'string') {
      return words;
    }
  } catch {
    // Not JSON: a proxy's page; its first words are the best there is.
  }
  return text.slice(0, 200) || 'no reason given';
}

function searchOf(query: Readonly<Record<string, string | number | undefined>>): string {
  const search = Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
    .join('&');
  return search === '' ? '' : `?${search}`;
}
