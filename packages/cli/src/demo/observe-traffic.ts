import type { Edge, FindingResource, Summary } from '@concordat/api';
import type { ExpectedFinding } from '../config/concordat-config.ts';
import { listFindings } from '../findings/list-findings.ts';
import type { HubClient } from '../hub-client/hub-client.ts';
import { waitUntil } from '../processes/wait-until.ts';
import { compareFindings } from './compare-findings.ts';

/** What the hub says of the traffic it has seen. */
export interface Observation {
  readonly summary: Summary;
  readonly edges: readonly Edge[];
  readonly findings: readonly FindingResource[];
}

export interface ObserveOptions {
  readonly expected: readonly ExpectedFinding[];
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const PAGE_SIZE = 100;
const INTERVAL_MS = 250;
/** Spans come in batches: so many answers in a row must be the same. */
const STEADY_ANSWERS = 4;

/**
 * Asks until the hub has seen calls, knows what was expected, and its answers no longer change; after the time is up the
 * last answer counts, right or not.
 */
export async function observeTraffic(
  hub: HubClient,
  options: ObserveOptions,
): Promise<Observation> {
  let before = '';
  let steady = 0;
  let last: Observation | undefined;
  const ask = async (): Promise<Observation | undefined> => {
    const seen = await observe(hub);
    const said = JSON.stringify(figuresOf(seen));
    steady = said === before ? steady + 1 : 1;
    before = said;
    last = seen;
    const { missing } = compareFindings(seen.findings, options.expected);
    const isDone = seen.summary.calls > 0 && missing.length === 0 && steady >= STEADY_ANSWERS;
    return isDone ? seen : undefined;
  };
  const { timeoutMs, signal } = options;
  const seen = await waitUntil(ask, { timeoutMs, signal, intervalMs: INTERVAL_MS });
  return seen ?? last ?? observe(hub);
}

async function observe(hub: HubClient): Promise<Observation> {
  const [summary, { edges }, findings] = await Promise.all([
    hub.insights.summary(),
    hub.insights.edges({ size: PAGE_SIZE }),
    listFindings(hub.insights, {}),
  ]);
  return { summary, edges, findings };
}

function figuresOf({ summary, findings }: Observation): unknown {
  return [summary, findings.map(({ id, count }) => [id, count])];
}
