import { parseJson, readInteractionResults } from '@concordat/domain';
import type { Database } from '../database/database.ts';
import { isPendingFailure } from './pending-failure.ts';
import { VerifiedInteractionStore } from './verified-interaction-store.ts';

/** A result that was stored without what follows from its test results. */
export interface StoredResult {
  readonly id: number;
  readonly pactVersionId: number;
  readonly success: boolean;
  /** JSON text, of any shape. */
  readonly testResults: string;
}

/** Keeps what results say about single interactions, just as publishing them does. */
export async function keepResultDetails(
  tx: Database,
  results: readonly StoredResult[],
): Promise<void> {
  const store = new VerifiedInteractionStore(tx);
  for (const { id, pactVersionId, success, testResults } of results) {
    const json = parseJson(testResults);
    const interactions = readInteractionResults(json.ok ? json.value : undefined);
    await store.add(id, interactions);
    const result = { pactVersionId, success, interactions };
    if (await isPendingFailure(result, store)) await store.addPendingFailure(id);
  }
}
