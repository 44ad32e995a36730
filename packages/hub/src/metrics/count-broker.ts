import type { BrokerCountStore } from './broker-count-store.ts';

/** The JSON that the Pact Broker answers at `/metrics`, for everything this hub has. */
export async function countBroker(store: BrokerCountStore): Promise<object> {
  return {
    interactions: countInteractions(await store.latestContents()),
    pacticipants: {
      count: await store.rows('pacticipants'),
      withMainBranchSetCount: await store.pacticipantsWithMainBranch(),
    },
    integrations: { count: await store.rows('integrations') },
    pactPublications: {
      count: await store.rows('pact_publications'),
      ...(await store.times('pact_publications')),
    },
    pactVersions: { count: await store.rows('pact_versions') },
    pactRevisionsPerConsumerVersion: { distribution: await store.revisions() },
    ...(await countVerifications(store)),
    pacticipantVersions: { count: await store.rows('versions'), ...(await store.branched()) },
    webhooks: { count: await store.rows('webhooks') },
    tags: { count: await store.rows('tags'), ...(await store.distinctTags()) },
    triggeredWebhooks: { count: await store.rows('triggered_webhooks') },
    webhookExecutions: { count: await store.rows('webhook_executions') },
    matrix: { count: -1 },
    environments: { count: await store.rows('environments') },
    deployedVersions: await countRecorded(store, 'deployed_versions'),
    releasedVersions: await countRecorded(store, 'released_versions'),
  };
}

async function countVerifications(store: BrokerCountStore): Promise<object> {
  const count = await store.rows('verifications');
  const { success, distinct } = await store.verifications();
  return {
    verificationResults: {
      count,
      successCount: success,
      failureCount: count - success,
      distinctCount: distinct,
      ...(await store.times('verifications')),
    },
    verificationResultsPerPactVersion: { distribution: await store.resultsPerContent() },
  };
}

async function countRecorded(
  store: BrokerCountStore,
  table: 'deployed_versions' | 'released_versions',
): Promise<object> {
  const [count, current] = [await store.rows(table), await store.current(table)];
  return table === 'deployed_versions'
    ? {
        count,
        userCreatedCount: count - (await store.deploymentsByTag()),
        currentlyDeployedCount: current,
      }
    : { count, currentlySupportedCount: current };
}

function countInteractions(contents: readonly string[]): object {
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
  return {
    latestInteractionsCount: interactions,
    latestMessagesCount: messages,
    latestInteractionsAndMessagesCount: interactions + messages,
  };
}
