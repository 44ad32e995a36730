import type { FindingResource } from '@concordat/api';
import type { ExpectedFinding } from '../config/concordat-config.ts';

export interface FindingsComparison {
  readonly missing: readonly ExpectedFinding[];
  readonly unexpected: readonly FindingResource[];
}

/** Every finding answers one expectation and every expectation is answered once; what is left over is the difference. */
export function compareFindings(
  findings: readonly FindingResource[],
  expected: readonly ExpectedFinding[],
): FindingsComparison {
  const unexpected = [...findings];
  const missing = expected.filter((one) => {
    const index = unexpected.findIndex((finding) => answers(finding, one));
    if (index >= 0) unexpected.splice(index, 1);
    return index < 0;
  });
  return { missing, unexpected };
}

function answers(finding: FindingResource, expected: ExpectedFinding): boolean {
  const { kind, consumer, provider, operation } = expected;
  return (
    finding.kind === kind &&
    finding.provider === provider &&
    (consumer === undefined || finding.consumer === consumer) &&
    (operation === undefined || finding.operation === operation)
  );
}
