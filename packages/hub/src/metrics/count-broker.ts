import type { BrokerCountStore } from './broker-count-store.ts';

/** The JSON that the Pact Broker answers at `/metrics`; what this hub has none of yet counts as zero. */
export async function countBroker(store: BrokerCountStore): Promise<object> {
  const { first, last } = await store.publicationTimes();
  const latest = countInteractions(await store.latestContents());
  return {
    interactions: {
      latestInteractionsCount: latest.interactions,
      latestMessagesCount: latest.messages,
      latestInteractionsAndMessagesCount: latest.interactions + latest.messages,
    },
    pacticipants: {
      count: await store.rows('pacticipants'),
      withMainBranchSetCount: await store.pacticipantsWithMainBranch(),
    },
    integrations: { count: await store.rows('integrations') },
    pactPublications: { count: await store.rows('pact_publications'), first, last },
    pactVersions: { count: await store.rows('pact_versions') },
    pactRevisionsPerConsumerVersion: { distribution: await store.revisions() },
    pacticipantVersions: { count: await store.rows('versions') },
    tags: { count: await store.rows('tags') },
    matrix: { count: -1 },
  };
}

function countInteractions(contents: readonly string[]): {
  readonly interactions: number;
  readonly messages: number;
} {
  let interactions = 0;
  let messages = 0;
  for (const content of contents) {
    const pact = JSON.parse(content) as { interactions?: unknown; messages?: unknown } | null;
    const isMessage = (item: unknown): boolean =>
      String((item as { type?: unknown } | null)?.type ?? '').endsWith('/Messages');
    const listed = Array.isArray(pact?.interactions) ? pact.interactions : [];
    const apart = Array.isArray(pact?.messages) ? pact.messages.length : 0;
    const among = listed.filter(isMessage).length;
    interactions += listed.length - among;
    messages += among + apart;
  }
  return { interactions, messages };
}
