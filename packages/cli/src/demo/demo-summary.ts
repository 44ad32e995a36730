import type { Edge, EdgeState } from '@concordat/api';
import type { ExpectedFinding } from '../config/concordat-config.ts';
import { describeFinding } from '../findings/describe-finding.ts';
import { formatTable } from '../terminal/table.ts';
import type { VerificationRun } from '../verify/verification.ts';
import { exitCodeOf } from '../verify/verification.ts';
import { compareFindings } from './compare-findings.ts';
import type { Observation } from './observe-traffic.ts';

export interface DemoResult {
  readonly observation: Observation;
  readonly verification: VerificationRun;
  readonly canIDeploy: Readonly<Record<string, boolean | null>>;
  readonly expected: readonly ExpectedFinding[];
  readonly seconds: number;
}

const glyphs: Readonly<Record<EdgeState, string>> = {
  kept: '✓',
  'verification-failed': '✕',
  drift: '▲',
  uncontracted: '▲',
  unused: '○',
  unverified: '?',
};

/** The line that `--json` prints last. */
export function demoJson({ observation, canIDeploy, seconds }: DemoResult): string {
  const { summary, findings } = observation;
  const { services, contracts, interactions, verified, used } = summary;
  const counts = { services, contracts, interactions, verified, used };
  return JSON.stringify({ ...counts, findings, canIDeploy, seconds });
}

/** The table of edges, the findings with their sentences, and where to look further. */
export function demoReport({ observation }: DemoResult, url: string): string {
  const { edges, findings } = observation;
  const rows = edges.map((edge) => [
    `${edge.consumer} → ${edge.provider}`,
    edge.transport,
    ...[edge.promised, edge.verified, edge.used, edge.calls, edge.findings].map(String),
    stateOf(edge),
  ]);
  const heads = ['edge', 'by', 'promised', 'verified', 'used', 'calls', 'findings', 'state'];
  const list =
    findings.length === 0
      ? '✓ No findings: traffic and contracts agree.'
      : `${findings.length} findings, where traffic and contracts disagree:\n${findings.map(describeFinding).join('\n')}`;
  return `\n${formatTable(heads, rows)}\n\n${list}\n\nThe page: ${url}/ui/`;
}

/** What keeps the demo from being all well, one sentence each; empty when it is. */
export function demoDefects(result: DemoResult): readonly string[] {
  const { observation, verification, canIDeploy, expected } = result;
  const { missing, unexpected } = compareFindings(observation.findings, expected);
  const refused = Object.entries(canIDeploy).filter(([, answer]) => answer !== true);
  return [
    ...(exitCodeOf(verification) === 0 ? [] : ['Not every pact was verified and kept.']),
    ...refused.map(([name, answer]) => `${name} cannot be deployed (${answer ?? 'unknown'}).`),
    ...missing.map((one) => `An expected finding is missing: ${JSON.stringify(one)}.`),
    ...unexpected.map((one) => `An unexpected finding: ${describeFinding(one)}`),
  ];
}

function stateOf({ state }: Edge): string {
  return `${glyphs[state]} ${state}`;
}
