import { failsPendingOnly, type InteractionResult } from '@concordat/domain';
import { promisedIn } from './promised-in.ts';
import type { VerifiedInteractionStore } from './verified-interaction-store.ts';

/** Whether nothing failed in a result but what the pact says may fail; most results are spared a look into the pact. */
export async function isPendingFailure(
  result: {
    readonly pactVersionId: number;
    readonly success: boolean;
    readonly interactions: readonly InteractionResult[];
  },
  store: VerifiedInteractionStore,
): Promise<boolean> {
  const { pactVersionId, success, interactions } = result;
  if (success || interactions.every((interaction) => interaction.success)) return false;
  return failsPendingOnly(promisedIn(await store.contentText(pactVersionId)), interactions);
}
