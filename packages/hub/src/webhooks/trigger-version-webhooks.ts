import { concernsVersion, type VersionEvent, versionEventParameters } from '@concordat/domain';
import type { Database } from '../database/database.ts';
import { EventFactsStore, type VersionFacts } from './event-facts-store.ts';
import { ListeningWebhookStore } from './listening-webhook-store.ts';
import { TriggeredWebhookStore } from './triggered-webhook-store.ts';

/** Something happened to a version, in the transaction that is still running. */
export interface VersionHappening {
  readonly event: VersionEvent;
  readonly pacticipantId: number;
  readonly versionId: number;
  /** Names; undefined where the event is about none. */
  readonly environment?: string;
  readonly tag?: string;
  readonly at: Date;
}

/** Writes down which webhooks have to tell of it; where none is configured it takes one query to know. */
export async function triggerVersionEvent(
  tx: Database,
  happening: VersionHappening,
): Promise<void> {
  const { event, versionId, at } = happening;
  const listening = await new ListeningWebhookStore(tx).toPacticipant(happening.pacticipantId);
  const webhooks = listening.filter(({ enabled, events }) => enabled && events.includes(event));
  if (webhooks.length === 0) return;
  const facts = await new EventFactsStore(tx).version(versionId);
  const { branches, pacticipant } = facts;
  const queue = new TriggeredWebhookStore(tx);
  for (const webhook of webhooks) {
    if (!concernsVersion(webhook.consumerVersions, { branches, tags: pacticipant.tags })) continue;
    await queue.add({
      webhookId: webhook.id,
      event,
      about: { kind: 'version', versionId },
      baseUrl: '',
      context: contextOf(happening, facts),
      parameters: versionEventParameters({
        event,
        pacticipant,
        buildUrl: facts.buildUrl,
        environment: happening.environment ?? '',
        tag: happening.tag ?? '',
      }),
      at: at.toISOString(),
    });
  }
}

function contextOf(happening: VersionHappening, { pacticipant, branches }: VersionFacts): object {
  return {
    event_name: happening.event,
    pacticipant_name: pacticipant.name,
    pacticipant_version_number: pacticipant.version,
    pacticipant_version_branches: branches,
    pacticipant_version_tags: pacticipant.tags,
    ...(happening.environment === undefined ? {} : { environment_name: happening.environment }),
    ...(happening.tag === undefined ? {} : { tag_name: happening.tag }),
  };
}
