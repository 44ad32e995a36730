/** What a webhook's templates can say about a publication or a verification. */
export interface WebhookFacts {
  /** The event's name; `test` for a trial. */
  readonly event: string;
  readonly consumer: WebhookParty;
  readonly provider: WebhookParty;
  /** Why the provider version has to verify: `latest from main branch`, `deployed in test`. */
  readonly providerVersionDescriptions: readonly string[];
  readonly pactUrl: string;
  readonly verification: { readonly success: boolean; readonly url: string } | undefined;
  readonly buildUrl: string | undefined;
  readonly currentlyDeployedProviderVersions: readonly string[];
}

/** One side of the pact; what is not known of its version is undefined or empty. */
export interface WebhookParty {
  readonly name: string;
  readonly labels: readonly string[];
  readonly version: string | undefined;
  readonly branch: string | undefined;
  readonly tags: readonly string[];
}

/** What a webhook's templates can say about a version that was deployed, released or tagged. */
export interface VersionEventFacts {
  readonly event: string;
  readonly pacticipant: WebhookParty;
  readonly buildUrl: string | undefined;
  /** Empty for events that are about none. */
  readonly environment: string;
  readonly tag: string;
}

export type TemplateParameters = Readonly<Record<string, string>>;

/** Values by the name that stands behind `pactbroker.` in a template; what is not known is empty text. */
export function templateParameters(facts: WebhookFacts): TemplateParameters {
  const { consumer, provider, verification } = facts;
  return {
    ...nothing(versionNames),
    consumerName: consumer.name,
    providerName: provider.name,
    consumerVersionNumber: consumer.version ?? '',
    providerVersionNumber: provider.version ?? '',
    consumerVersionTags: listed(consumer.tags),
    providerVersionTags: listed(provider.tags),
    consumerVersionBranch: consumer.branch ?? '',
    providerVersionBranch: provider.branch ?? '',
    providerVersionDescriptions: listed(facts.providerVersionDescriptions),
    consumerLabels: listed(consumer.labels),
    providerLabels: listed(provider.labels),
    pactUrl: facts.pactUrl,
    verificationResultUrl: verification?.url ?? '',
    ...statuses(verification?.success),
    eventName: facts.event,
    buildUrl: facts.buildUrl ?? '',
    currentlyDeployedProviderVersionNumber: listed(facts.currentlyDeployedProviderVersions),
  };
}

/** The same for an event of a version; what is about a pact is empty text. */
export function versionEventParameters(facts: VersionEventFacts): TemplateParameters {
  const { pacticipant } = facts;
  return {
    ...nothing(pactNames),
    pacticipantName: pacticipant.name,
    pacticipantLabels: listed(pacticipant.labels),
    pacticipantVersionNumber: pacticipant.version ?? '',
    pacticipantVersionBranch: pacticipant.branch ?? '',
    pacticipantVersionTags: listed(pacticipant.tags),
    environmentName: facts.environment,
    tagName: facts.tag,
    eventName: facts.event,
    buildUrl: facts.buildUrl ?? '',
  };
}

const versionNames = [
  'pacticipantName',
  'pacticipantLabels',
  'pacticipantVersionNumber',
  'pacticipantVersionBranch',
  'pacticipantVersionTags',
  'environmentName',
  'tagName',
];

const pactNames = [
  'consumerName',
  'providerName',
  'consumerVersionNumber',
  'providerVersionNumber',
  'consumerVersionTags',
  'providerVersionTags',
  'consumerVersionBranch',
  'providerVersionBranch',
  'providerVersionDescriptions',
  'consumerLabels',
  'providerLabels',
  'pactUrl',
  'verificationResultUrl',
  'githubVerificationStatus',
  'bitbucketVerificationStatus',
  'azureDevOpsVerificationStatus',
  'gitlabVerificationStatus',
  'currentlyDeployedProviderVersionNumber',
];

function nothing(names: readonly string[]): TemplateParameters {
  return Object.fromEntries(names.map((name) => [name, '']));
}

/** Fills in `${pactbroker.name}`; `fitted` fits a value to the place it goes to. Unknown names stay as they are written. */
export function expandTemplate(
  template: string,
  parameters: TemplateParameters,
  fitted: (value: string) => string = (value) => value,
): string {
  const known = new Map(Object.entries(parameters));
  return template.replace(/\$\{pactbroker\.([A-Za-z]+)\}/g, (written, name: string) => {
    const value = known.get(name);
    return value === undefined ? written : fitted(value);
  });
}

function listed(values: readonly string[]): string {
  return values.join(', ');
}

/** Each code host has its own words for the same three states. */
function statuses(success: boolean | undefined): TemplateParameters {
  const [github, bitbucket, azure, gitlab] = words(success);
  return {
    githubVerificationStatus: github,
    bitbucketVerificationStatus: bitbucket,
    azureDevOpsVerificationStatus: azure,
    gitlabVerificationStatus: gitlab,
  };
}

function words(success: boolean | undefined): readonly [string, string, string, string] {
  if (success === undefined) return ['pending', 'INPROGRESS', 'pending', 'pending'];
  return success
    ? ['success', 'SUCCESSFUL', 'succeeded', 'success']
    : ['failure', 'FAILED', 'failed', 'failed'];
}
