import { type Evidence, judgeUsage, type MessageOperation } from '@concordat/domain';
import type { EdgeTotals } from '../call-count-store.ts';
import { edgeKey, type TrafficFacts } from '../gather-facts.ts';
import { evidenceOf } from '../interaction-usage.ts';
import type { FindingSources, FoundFacts } from '../open-findings.ts';
import { declarationShape, sentEvents } from './event-declaration.ts';

/** Events that a service declares and never sent, although it sent enough others since they were declared. */
export function silentEvents(
  sources: Pick<FindingSources, 'book' | 'traffic' | 'floor'>,
): readonly FoundFacts[] {
  const { book, traffic } = sources;
  const contracts = book.providerContracts;
  const used = usedDeclarations(traffic);
  return contracts.providers().flatMap((provider) => {
    const documents = contracts.inEnvironment(provider, undefined);
    const sent = sentEvents(documents);
    const edges = sent.length === 0 ? [] : messagesOf(traffic, provider);
    if (edges.length === 0) return [];
    return sent
      .filter((operation) => !used.has(declarationKey(provider, declarationShape(operation))))
      .flatMap((operation) => silentEvent(sources, { provider, operation, edges }) ?? []);
  });
}

function usedDeclarations({ usage }: TrafficFacts): ReadonlySet<string> {
  return new Set([...usage.values()].map(({ provider, shape }) => declarationKey(provider, shape)));
}

function declarationKey(provider: string, shape: string): string {
  return `${provider}\n${shape}`;
}

function messagesOf({ totals }: TrafficFacts, provider: string): readonly EdgeTotals[] {
  return [...totals.values()].filter(
    (edge) => edge.provider === provider && edge.transport === 'message' && !edge.providerVirtual,
  );
}

interface UnusedDeclaration {
  readonly provider: string;
  readonly operation: MessageOperation;
  readonly edges: readonly EdgeTotals[];
}

function silentEvent(
  { traffic, floor }: Pick<FindingSources, 'traffic' | 'floor'>,
  { provider, operation, edges }: UnusedDeclaration,
): FoundFacts | undefined {
  const own = edgeKey({ consumer: '', provider, transport: 'message' });
  const start = traffic.starts.get(`${own}\n${declarationShape(operation)}`);
  if (start === undefined) return undefined;
  const evidence = evidenceSince(edges, start);
  if (judgeUsage(0, evidence, floor) !== 'not-seen') return undefined;
  const environments = new Set(
    edges.flatMap((edge) => traffic.environments.get(edgeKey(edge)) ?? []),
  );
  const [environment] = environments;
  const lastSeen = Math.max(...edges.map((edge) => edge.lastSeen));
  return {
    names: {
      ...{ kind: 'silent-event', consumer: undefined, provider },
      environment: environments.size === 1 ? environment : undefined,
      operation: operation.key,
    },
    versions: { consumer: [], provider: [] },
    ...{ firstSeen: Math.min(start.since, lastSeen), lastSeen, count: 0 },
    exemplarTraceIds: [],
    evidence,
  };
}

/** What was sent before the declaration says nothing about it. */
function evidenceSince(
  edges: readonly EdgeTotals[],
  start: { readonly since: number; readonly callsBefore: number },
): Evidence {
  const { sampleRate } = evidenceOf(edges);
  const sampled = edges.reduce((sum, edge) => sum + edge.sampled, 0);
  const from = Math.max(start.since, Math.min(...edges.map((edge) => edge.firstSeen)));
  const until = Math.max(...edges.map((edge) => edge.lastSeen));
  return {
    window: Math.max(0, (until - from) / 1e6),
    calls: Math.max(0, sampled - start.callsBefore) / sampleRate,
    sampleRate,
  };
}
