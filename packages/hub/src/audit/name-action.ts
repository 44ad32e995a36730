const changes = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** Paths that are asked with POST and change nothing, and traffic, which is no change somebody makes. */
const questions = [
  /^\/pacts\/provider\/[^/]+\/for-verification(\/explanation)?$/,
  /^\/api\/(traces|transform)$/,
];

const pair = '/pacts?/provider/[^/]+/consumer/[^/]+';
const version = '/pacticipants/[^/]+/versions/[^/]+';

/** Path, and the word for each method; the first path that fits counts. */
const actions = [
  ['/contracts/publish', { POST: 'contracts.publish' }],
  ['/contracts/provider/[^/]+/version/[^/]+', { PUT: 'provider-contract.publish' }],
  [`${pair}.*/verification-results`, { POST: 'verification.publish' }],
  [`${pair}.*/verification-results/[^/]+`, { DELETE: 'verification.delete' }],
  [
    `${pair}/versions?/[^/]+`,
    { PUT: 'pact.publish', PATCH: 'pact.publish', DELETE: 'pact.delete' },
  ],
  [`${pair}/.*`, { DELETE: 'pact.delete' }],
  ['/pacts/provider/[^/]+/.*', { DELETE: 'pact.delete' }],
  [`${version}/tags/[^/]+`, { PUT: 'tag.add', DELETE: 'tag.remove' }],
  [`${version}/deployed-versions/environment/[^/]+`, { POST: 'deployment.record' }],
  [`${version}/released-versions/environment/[^/]+`, { POST: 'release.record' }],
  [version, { PUT: 'version.put', PATCH: 'version.update', DELETE: 'version.delete' }],
  [
    '/pacticipants/[^/]+/branches/[^/]+/versions/[^/]+',
    { PUT: 'branch.add-version', DELETE: 'branch.remove-version' },
  ],
  ['/pacticipants/[^/]+/branches(/[^/]+)?', { DELETE: 'branch.delete' }],
  ['/pacticipants/[^/]+/labels/[^/]+', { PUT: 'label.add', DELETE: 'label.remove' }],
  ['/pacticipants', { POST: 'pacticipant.create' }],
  [
    '/pacticipants/[^/]+',
    { PUT: 'pacticipant.put', PATCH: 'pacticipant.update', DELETE: 'pacticipant.delete' },
  ],
  ['/deployed-versions/[^/]+', { PATCH: 'deployment.end' }],
  ['/released-versions/[^/]+', { PATCH: 'release.end' }],
  ['/environments', { POST: 'environment.create' }],
  ['/environments/[^/]+', { PUT: 'environment.put', DELETE: 'environment.delete' }],
  ['/webhooks(/[^/]+)?/execute', { POST: 'webhook.execute' }],
  ['/webhooks/[^/]+', { PUT: 'webhook.put', DELETE: 'webhook.delete' }],
  ['/webhooks(/.*)?', { POST: 'webhook.create' }],
  ['/integrations(/.*)?', { DELETE: 'integration.delete' }],
  ['/tokens', { POST: 'token.create' }],
  ['/tokens/[^/]+', { PUT: 'token.update', PATCH: 'token.update', DELETE: 'token.delete' }],
  ['/insights/acceptances', { POST: 'deployment.accept' }],
  [
    '/insights/findings/[^/]+/acknowledgement',
    { PUT: 'finding.acknowledge', DELETE: 'finding.unacknowledge' },
  ],
  ['/insights/overrides', { POST: 'override.add' }],
  ['/insights/overrides/[^/]+', { DELETE: 'override.remove' }],
  ['/insights/aliases', { POST: 'alias.add' }],
  ['/insights/aliases/[^/]+', { DELETE: 'alias.remove' }],
  ['/insights/deployments/record', { POST: 'deployment.record' }],
  ['/transfer/import', { POST: 'transfer.import' }],
  ['/clean', { POST: 'clean.run' }],
  ['/api/archive/[^/]+', { POST: 'trace.archive' }],
] as const satisfies readonly (readonly [string, Readonly<Record<string, string>>])[];

const patterns: readonly (readonly [RegExp, Readonly<Record<string, string>>])[] = actions.map(
  ([path, words]) => [new RegExp(`^${path}$`), words],
);

/**
 * The word for what a request does; undefined when it changes nothing. A path without a word of its own gets its first part and the
 * method, so that no change is left out.
 */
export function nameAction(method: string, path: string): string | undefined {
  if (!changes.has(method)) return undefined;
  const trimmed = path.replace(/\/+$/, '');
  if (questions.some((question) => question.test(trimmed))) return undefined;
  for (const [pattern, words] of patterns) {
    const word = words[method];
    if (word !== undefined && pattern.test(trimmed)) return word;
  }
  return `${trimmed.split('/')[1] || 'hub'}.${method.toLowerCase()}`;
}
