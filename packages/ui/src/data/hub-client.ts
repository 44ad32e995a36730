import {
  type AcknowledgeRequest,
  type AliasSuggestionResource,
  createInsightsClient,
  type DeploymentResource,
  type Edge,
  type EdgeDetail,
  type FindingDetailResource,
  type FindingResource,
  type FoundInteraction,
  type FoundInteractions,
  type InsightsClient,
  InsightsError,
  type NewAlias,
  type OperationUsage,
  type PactInteractions,
  type RecordedRunning,
  type RecordRunning,
  type Removal,
  type RemovalQuery,
  recordedRunningSchema,
  type Service,
  type ServiceDetail,
  type Summary,
  type WindowQuery,
} from '@concordat/api';
import { type InteractionSearch, interactionsQuery } from '../interactions/interaction-search.ts';
import { type Clocks, readNames, readTraces, type Trace } from '../traces/trace.ts';
import { jaegerQuery, type TraceSearch } from '../traces/trace-search.ts';
import type { EventStream } from './news.ts';
import { type HubFetch, type Sending, send } from './send.ts';

/** Everything the page asks of the hub. Lists are complete: every page of them is fetched. */
export interface HubClient {
  summary(): Promise<Summary>;
  /** An empty environment means all. */
  edges(environment: string): Promise<readonly Edge[]>;
  /** The same edges with the figures of the time since then; one without calls and promises in it is not there. */
  edgesSince(environment: string, since: string): Promise<readonly Edge[]>;
  edge(consumer: string, provider: string): Promise<EdgeDetail>;
  /** `state` is one of a finding's states, or `all`. */
  findings(environment: string, state: string): Promise<readonly FindingResource[]>;
  /** With its history. */
  finding(id: string): Promise<FindingDetailResource>;
  acknowledge(id: string, request: AcknowledgeRequest): Promise<void>;
  unacknowledge(id: string): Promise<void>;
  /** Which versions run against which were recorded. */
  deployments(environment: string): Promise<readonly DeploymentResource[]>;
  recordRunning(request: RecordRunning): Promise<RecordedRunning>;
  /** The surest few. */
  aliasSuggestions(): Promise<readonly AliasSuggestionResource[]>;
  addAlias(alias: NewAlias): Promise<void>;
  /** Who calls which operation, by versions. */
  usage(consumer: string, provider: string): Promise<readonly OperationUsage[]>;
  canIRemove(query: RemovalQuery): Promise<Removal>;
  /** Tells when something has changed; undefined where there are no streams. */
  stream(): EventStream | undefined;
  /** One page of hits. */
  interactions(search: InteractionSearch): Promise<FoundInteractions>;
  /** Services with spans in the window, with their figures. */
  monitored(window: WindowQuery): Promise<readonly Service[]>;
  /** The operations of one service by minute. */
  monitor(service: string, window: WindowQuery): Promise<ServiceDetail>;
  pact(content: Pick<FoundInteraction, 'consumer' | 'provider' | 'sha'>): Promise<PactInteractions>;
  services(): Promise<readonly string[]>;
  operations(service: string): Promise<readonly string[]>;
  traces(search: TraceSearch, now: number): Promise<readonly Trace[]>;
  /** Rejects with status 404 when the hub does not have it. */
  trace(traceId: string, clocks: Clocks): Promise<Trace>;
}

const pageSize = 1000;

interface HubAccess {
  /** The hub's own root, ending in `/`. */
  readonly hub: string;
  readonly fetch: HubFetch;
  readonly openStream?: (url: string) => EventStream;
}

export function createHubClient({ hub, fetch, openStream }: HubAccess): HubClient {
  const insights = createInsightsClient(hub, fetch);
  const change = (method: Sending['method'], path: string, body?: object) =>
    send(fetch, { method, url: `${hub}insights/${path}`, ...(body && { body }) });
  const jaeger = (path: string) => readJaeger(`${hub}api/${path}`, fetch);
  return {
    summary: () => insights.summary(),
    edges: (environment) => everyEdge(insights, inEnvironment(environment)),
    edgesSince: (environment, since) =>
      everyEdge(insights, { ...inEnvironment(environment), since }),
    edge: (consumer, provider) => insights.edge(consumer, provider),
    findings: (environment, state) =>
      everyPage(async (page) => {
        const answer = await insights.findings({
          ...{ ...inEnvironment(environment), state, page, size: pageSize },
        });
        return { items: answer.findings, pages: answer.page.totalPages };
      }),
    finding: (id) => insights.finding(id),
    acknowledge: async (id, request) => {
      await change('PUT', `findings/${encodeURIComponent(id)}/acknowledgement`, request);
    },
    unacknowledge: async (id) => {
      await change('DELETE', `findings/${encodeURIComponent(id)}/acknowledgement`);
    },
    deployments: (environment) =>
      everyPage(async (page) => {
        const query = { ...inEnvironment(environment), page, size: pageSize };
        const answer = await insights.deployments(query);
        return { items: answer.deployments, pages: answer.page.totalPages };
      }),
    recordRunning: async (request) =>
      recordedRunningSchema.parse(await change('POST', 'deployments/record', request)),
    aliasSuggestions: async () => (await insights.aliasSuggestions({ size: 5 })).suggestions,
    addAlias: async (alias) => {
      await change('POST', 'aliases', alias);
    },
    usage: (consumer, provider) =>
      everyPage(async (page) => {
        const answer = await insights.usage({ consumer, provider, page, size: pageSize });
        return { items: answer.operations, pages: answer.page.totalPages };
      }),
    canIRemove: (query) => insights.canIRemove(query),
    stream: () => openStream?.(`${hub}insights/stream`),
    interactions: (search) => insights.interactions(interactionsQuery(search)),
    monitored: (window) =>
      everyPage(async (page) => {
        const answer = await insights.services({ ...window, page, size: pageSize });
        return { items: answer.services, pages: answer.page.totalPages };
      }),
    monitor: (service, window) => insights.service(service, window),
    pact: (content) => insights.pactInteractions(content),
    services: async () => readNames(await jaeger('services')),
    operations: async (service) =>
      readNames(await jaeger(`services/${encodeURIComponent(service)}/operations`)),
    traces: async (search, now) =>
      readTraces(await jaeger(`traces?${jaegerQuery(search, now)}`), 'recorded'),
    trace: async (traceId, clocks) => {
      const [trace] = readTraces(await jaeger(tracePath(traceId, clocks)), clocks);
      if (trace === undefined) throw new InsightsError(`No trace ${traceId}`, { status: 404 });
      return trace;
    },
  };
}

/** Where a trace is below `/api/`. */
export function tracePath(traceId: string, clocks: Clocks): string {
  return `traces/${encodeURIComponent(traceId)}?raw=${clocks === 'recorded'}`;
}

function everyEdge(insights: InsightsClient, window: WindowQuery): Promise<readonly Edge[]> {
  return everyPage(async (page) => {
    const answer = await insights.edges({ ...window, page, size: pageSize });
    return { items: answer.edges, pages: answer.page.totalPages };
  });
}

function inEnvironment(environment: string): { environment?: string } {
  return environment === '' ? {} : { environment };
}

async function everyPage<T>(
  read: (page: number) => Promise<{ items: readonly T[]; pages: number }>,
): Promise<readonly T[]> {
  const first = await read(1);
  const rest: T[] = [];
  for (let page = 2; page <= first.pages; page += 1) rest.push(...(await read(page)).items);
  return rest.length === 0 ? first.items : [...first.items, ...rest];
}

async function readJaeger(url: string, fetch: HubFetch): Promise<unknown> {
  const response = await fetch(url, { headers: { accept: 'application/json' } });
  const text = await response.text();
  if (response.status !== 200) {
    throw new InsightsError(jaegerReason(text) || `${url} answered ${response.status}`, {
      status: response.status,
    });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InsightsError(`${url} did not answer JSON`, { status: 200, cause });
  }
}

/** Jaeger's envelope carries its reasons as `errors[].msg`. */
function jaegerReason(text: string): string {
  try {
    const body = JSON.parse(text) as { errors?: readonly { msg?: unknown }[] } | null;
    const messages = body?.errors?.map(({ msg }) => msg) ?? [];
    return messages.filter((message) => typeof message === 'string').join('; ');
  } catch {
    return '';
  }
}
