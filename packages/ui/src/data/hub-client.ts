import {
  createInsightsClient,
  type Edge,
  type EdgeDetail,
  type FindingResource,
  type FoundInteraction,
  type FoundInteractions,
  type InsightsClient,
  InsightsError,
  type InsightsFetch,
  type PactInteractions,
  type Service,
  type ServiceDetail,
  type Summary,
  type WindowQuery,
} from '@concordat/api';
import { type InteractionSearch, interactionsQuery } from '../interactions/interaction-search.ts';
import { type Clocks, readNames, readTraces, type Trace } from '../traces/trace.ts';
import { jaegerQuery, type TraceSearch } from '../traces/trace-search.ts';

/** Everything the page reads. Lists are complete: every page of them is fetched. */
export interface HubClient {
  summary(): Promise<Summary>;
  /** An empty environment means all. */
  edges(environment: string): Promise<readonly Edge[]>;
  /** The same edges with the figures of the time since then; one without calls and promises in it is not there. */
  edgesSince(environment: string, since: string): Promise<readonly Edge[]>;
  edge(consumer: string, provider: string): Promise<EdgeDetail>;
  findings(environment: string): Promise<readonly FindingResource[]>;
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

/** `hub` is the hub's own root, ending in `/`. */
export function createHubClient(hub: string, fetch: InsightsFetch): HubClient {
  const insights = createInsightsClient(hub, fetch);
  const jaeger = (path: string) => readJaeger(`${hub}api/${path}`, fetch);
  return {
    summary: () => insights.summary(),
    edges: (environment) => everyEdge(insights, inEnvironment(environment)),
    edgesSince: (environment, since) =>
      everyEdge(insights, { ...inEnvironment(environment), since }),
    edge: (consumer, provider) => insights.edge(consumer, provider),
    findings: (environment) =>
      everyPage(async (page) => {
        const answer = await insights.findings({
          ...inEnvironment(environment),
          page,
          size: pageSize,
        });
        return { items: answer.findings, pages: answer.page.totalPages };
      }),
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

async function readJaeger(url: string, fetch: InsightsFetch): Promise<unknown> {
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
