import { settledWhereItRuns } from '@concordat/domain';
import type { PactToVerify } from './pacts-to-verify.ts';
import type { SelectionStore } from './selection-store.ts';

/** Takes the pending state from pacts of what is deployed or released; asks what runs only when something is pending. */
export async function settleWhatRuns(
  pacts: readonly PactToVerify[],
  selections: SelectionStore,
): Promise<readonly PactToVerify[]> {
  if (!pacts.some(({ pending }) => pending?.isPending === true)) return pacts;
  const running = [...(await selections.deployed()), ...(await selections.released())];
  return pacts.map((item) => {
    const { selected, pending } = item;
    if (pending === undefined) return item;
    const there = running.filter(({ pact }) => pact.pactVersionId === selected.pact.pactVersionId);
    const environments = [...new Set(there.map(({ label }) => label))];
    return { ...item, pending: settledWhereItRuns(pending, environments) };
  });
}
