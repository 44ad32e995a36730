/** What webhooks can listen to: in the broker's names what happens to pacts, then what happens to versions. */
export const webhookEvents = [
  'contract_published',
  'contract_content_changed',
  'provider_verification_published',
  'provider_verification_succeeded',
  'provider_verification_failed',
  'contract_requiring_verification_published',
  'version_deployed',
  'version_released',
  'version_tagged',
] as const;

export type WebhookEvent = (typeof webhookEvents)[number];

/** Something that happened to a version of any pacticipant. */
export type VersionEvent = Extract<WebhookEvent, `version_${string}`>;

/** What a webhook listens to that names nothing. */
export const defaultWebhookEvents: readonly WebhookEvent[] = ['contract_content_changed'];

/** The events of one publication, in the order they are told. */
export function publicationEvents(facts: {
  readonly contentChanged: boolean;
  readonly requiresVerification: boolean;
}): readonly WebhookEvent[] {
  return [
    'contract_published',
    ...(facts.requiresVerification ? (['contract_requiring_verification_published'] as const) : []),
    ...(facts.contentChanged ? (['contract_content_changed'] as const) : []),
  ];
}

/** The events of one verification result, in the order they are told. */
export function verificationEvents(success: boolean): readonly WebhookEvent[] {
  const outcome = success ? 'provider_verification_succeeded' : 'provider_verification_failed';
  return ['provider_verification_published', outcome];
}
