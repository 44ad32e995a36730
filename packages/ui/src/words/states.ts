import type { Edge, EdgeState } from '@concordat/api';
import { formatCount, plural } from './format.ts';

export interface StateWord {
  readonly state: EdgeState;
  readonly label: string;
  readonly meaning: string;
  /** Somebody has to act. */
  readonly problem: boolean;
}

/** Every state of an edge, worst first; legend, filters and tables keep this order. */
export const stateWords: readonly StateWord[] = [
  {
    state: 'verification-failed',
    label: 'Verification failed',
    meaning: 'The provider did not keep a pact that is in force',
    problem: true,
  },
  { state: 'drift', label: 'Drift', meaning: 'Traffic disagrees with the contract', problem: true },
  {
    state: 'uncontracted',
    label: 'Uncontracted',
    meaning: 'Traffic that no pact promises',
    problem: true,
  },
  {
    state: 'unverified',
    label: 'Unverified',
    meaning: 'Promised and seen, but a pact in force was never verified',
    problem: false,
  },
  {
    state: 'unused',
    label: 'Unused',
    meaning: 'A pact without any traffic so far',
    problem: false,
  },
  { state: 'kept', label: 'Kept', meaning: 'Promised, verified and seen', problem: false },
];

const byState = new Map(stateWords.map((word) => [word.state, word]));

function stateWord(state: EdgeState): StateWord {
  return byState.get(state) ?? { state, label: state, meaning: '', problem: true };
}

/** How an edge over something that no contract speaks of is called, whatever its state. */
const unjudged: StateWord = {
  state: 'unused',
  label: 'Not judged',
  meaning:
    'Calls of databases and of other remote procedures are counted; contracts say nothing of them',
  problem: false,
};

/** Contracts promise requests and messages only. */
export function isJudged(edge: Pick<Edge, 'transport'>): boolean {
  return edge.transport === 'http' || edge.transport === 'message';
}

export function edgeWord(edge: Pick<Edge, 'state' | 'transport'>): StateWord {
  return isJudged(edge) ? stateWord(edge.state) : unjudged;
}

/** Whether somebody has to act. */
export function isProblem(edge: Pick<Edge, 'state' | 'transport'>): boolean {
  return edgeWord(edge).problem;
}

/** Smaller is worse; what is not judged comes last. */
export function edgeRank(edge: Pick<Edge, 'state' | 'transport'>): number {
  if (!isJudged(edge)) return stateWords.length;
  return stateWords.findIndex((word) => word.state === edge.state);
}

/** What kind of calls an edge has: a mark's word, and words for a sentence. */
export const transportWords: Readonly<
  Record<Edge['transport'], { readonly mark: string; readonly phrase: string }>
> = {
  http: { mark: 'HTTP', phrase: 'over HTTP' },
  message: { mark: 'event', phrase: 'by events' },
  database: { mark: 'database', phrase: 'as a database' },
  rpc: { mark: 'RPC', phrase: 'by remote procedure' },
};

/** Why an edge has its state, with its own figures and what to do next. */
export function stateReason(edge: Edge): string {
  if (!isJudged(edge)) {
    return `${plural(edge.calls, 'call')} of ${edge.provider}. Such calls are counted and timed; no contract promises them.`;
  }
  const of = plural(edge.promised, 'promised interaction');
  switch (edge.state) {
    case 'kept':
      return `${formatCount(edge.verified)} of ${of} verified, ${formatCount(edge.used)} used in traffic; nothing disagrees.`;
    case 'verification-failed':
      return `${formatCount(edge.promised - edge.verified)} of ${of} ${edge.promised - edge.verified === 1 ? 'is' : 'are'} not verified: the latest verification of a pact in force failed. Fix ${edge.provider}, or ask ${edge.consumer} to change the pact.`;
    case 'drift':
      return `${plural(edge.findings, 'open finding')}: ${driftReason(edge)}`;
    case 'uncontracted':
      return `${plural(edge.calls, 'call')} and no pact. Publish a pact of ${edge.consumer} with ${edge.provider} so that a change can be checked before it is deployed.`;
    case 'unverified':
      return `${formatCount(edge.verified)} of ${of} verified: a pact in force has no result yet. Run the verification of ${edge.provider}.`;
    case 'unused':
      return `${of} and no traffic seen. Either nothing runs here yet, or it sends no traces, or the promise is no longer needed.`;
  }
}

function driftReason({ consumer, provider, transport, promised, calls }: Edge): string {
  if (promised === 0) {
    return `${plural(calls, 'call')} and no pact. Publish a pact of ${consumer} with ${provider}.`;
  }
  const doing =
    transport === 'http'
      ? `${consumer} and ${provider} do`
      : `${provider} sends and ${consumer} receives`;
  return `what ${doing} is not what was promised.`;
}

/** Why a peer is marked as virtual. */
export const virtualMeaning = 'Sends no spans and is known by no contract: its name is a guess';
