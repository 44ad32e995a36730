import { type EdgeDetail, type FindingResource, InsightsError } from '@concordat/api';
import type { HubClient } from '../hub-client/hub-client.ts';
import { CliError } from '../terminal/cli-error.ts';
import { type ObservedCall, type ObservedRequest, parametersOf, pathOf } from './observed-call.ts';
import { fetchTarget } from './seen-target.ts';

export interface DraftQuestion {
  readonly consumer: string;
  readonly provider: string;
  readonly environment: string | undefined;
}

/** Calls of a pair that its pacts do not promise, by operation and status, as the hub's findings have them. */
export async function gatherObserved(
  hub: HubClient,
  question: DraftQuestion,
): Promise<readonly ObservedCall[]> {
  const edge = await readEdge(hub, question);
  const found = edge.findings.filter(
    ({ kind, operation }) => isDrafted(kind) && operation !== null,
  );
  const calls = await Promise.all(found.map((finding) => callsOf(hub, edge, finding)));
  return calls
    .flat()
    .sort((left, right) => left.operation.localeCompare(right.operation) || byStatus(left, right));
}

async function readEdge(hub: HubClient, question: DraftQuestion): Promise<EdgeDetail> {
  const { consumer, provider, environment } = question;
  const query = { ...(environment !== undefined && { environment }) };
  try {
    return await hub.insights.edge(consumer, provider, query);
  } catch (error) {
    if (!(error instanceof InsightsError) || error.status !== 404) throw error;
    throw new CliError(
      `The hub knows no call and no pact between consumer '${consumer}' and provider '${provider}'; \`concordat findings\` has the names that were seen.`,
      { cause: error },
    );
  }
}

function isDrafted(kind: FindingResource['kind']): boolean {
  return kind === 'uncovered-call' || kind === 'unpromised-status';
}

function byStatus(left: ObservedCall, right: ObservedCall): number {
  return (left.kind === 'http' ? left.status : 0) - (right.kind === 'http' ? right.status : 0);
}

async function callsOf(
  hub: HubClient,
  edge: EdgeDetail,
  finding: FindingResource,
): Promise<readonly ObservedCall[]> {
  const operation = finding.operation ?? '';
  const traceId = finding.exemplarTraceId ?? undefined;
  const sighting = { operation, calls: finding.count, lastSeen: finding.lastSeen, traceId };
  const [method = '', ...rest] = operation.split(' ');
  if (method === 'send') return [{ kind: 'message', event: rest.join(' '), ...sighting }];
  const target =
    traceId === undefined
      ? undefined
      : await fetchTarget(hub, { traceId, method, service: finding.provider });
  const request: Omit<ObservedRequest, 'status'> = {
    ...sighting,
    ...{ kind: 'http', method, path: pathOf(rest.join(' '), target) },
    parameters: parametersOf(target?.query ?? ''),
  };
  return statusesOf(edge, finding).map((status) => ({ ...request, status }));
}

/** Statuses that were seen and are promised nowhere; those that only say "not now" are left out unless there is nothing else. */
function statusesOf(edge: EdgeDetail, { operation, kind }: FindingResource): readonly number[] {
  const seen = edge.operations
    .filter((one) => one.operation === operation)
    .flatMap(({ statuses }) => Object.keys(statuses).map(Number).filter(Number.isInteger));
  const promised = edge.interactions
    .filter((one) => one.operation === operation && kind === 'unpromised-status')
    .map(({ status }) => status);
  const open = [...new Set(seen)].filter((status) => !promised.includes(status));
  const meant = open.filter((status) => status < 500 && status !== 429 && status !== 408);
  return meant.length > 0 ? meant : open;
}
