import type { Link } from '../http/hal.ts';

interface Relation {
  readonly path: string;
  readonly title: string;
  /** Absent only where the broker leaves it out. */
  readonly templated?: boolean;
  readonly name?: string;
}

/** The broker's own relations; a `pf:` one would make its command line think it talks to PactFlow. */
const relations: Readonly<Record<string, Relation>> = {
  self: { path: '', title: 'Index', templated: false },
  'pb:publish-pact': {
    path: '/pacts/provider/{provider}/consumer/{consumer}/version/{consumerApplicationVersion}',
    title: 'Publish a pact',
    templated: true,
  },
  'pb:publish-contracts': {
    path: '/contracts/publish',
    title: 'Publish contracts',
    templated: false,
  },
  'pb:latest-pact-versions': {
    path: '/pacts/latest',
    title: 'Latest pact versions',
    templated: false,
  },
  'pb:tagged-pact-versions': {
    path: '/pacts/provider/{provider}/consumer/{consumer}/tag/{tag}',
    title: 'All versions of a pact for a given consumer, provider and consumer version tag',
    templated: false,
  },
  'pb:branch-pact-versions': {
    path: '/pacts/provider/{provider}/consumer/{consumer}/branch/{branch}',
    title: 'All versions of pacts for a provider, for a named consumers branch',
    templated: true,
  },
  'pb:latest-branch-pact-versions': {
    path: '/pacts/provider/{provider}/consumer/{consumer}/branch/{branch}/latest/versions',
    title: 'Latest version of pact for a provider, for a named consumers branch',
    templated: true,
  },
  'pb:main-branch-pact-versions': {
    path: '/pacts/provider/{provider}/consumer/{consumer}/branch/versions',
    title: 'All versions of pacts for a provider, for a named consumers main branch',
    templated: true,
  },
  'pb:latest-main-branch-pact-versions': {
    path: '/pacts/provider/{provider}/consumer/{consumer}/branch/latest/versions',
    title: 'Latest version of pact for a provider, for a named consumers main branch',
    templated: true,
  },
  'pb:provider-pacts-with-main-branch': {
    path: '/pacts/provider/{provider}/branch',
    title: 'All pacts for a provider, for any consumers main branch',
    templated: true,
  },
  'pb:provider-pacts-with-branch': {
    path: '/pacts/provider/{provider}/branch/{branch}',
    title: 'All pacts for a provider, for any consumers named branch',
    templated: true,
  },
  'pb:latest-provider-pacts-with-main-branch': {
    path: '/pacts/provider/{provider}/branch/latest',
    title: 'Latest pact for a provider, for any consumers main branch',
    templated: true,
  },
  'pb:latest-provider-pacts-with-branch': {
    path: '/pacts/provider/{provider}/branch/{branch}/latest',
    title: 'Latest pacts for a provider, for any consumers named branch',
    templated: true,
  },
  'pb:pacticipants': { path: '/pacticipants', title: 'Pacticipants', templated: false },
  'pb:pacticipant': {
    path: '/pacticipants/{pacticipant}',
    title: 'Fetch pacticipant by name',
    templated: true,
  },
  'pb:latest-provider-pacts': {
    path: '/pacts/provider/{provider}/latest',
    title: 'Latest pacts by provider',
    templated: true,
  },
  'pb:latest-provider-pacts-with-tag': {
    path: '/pacts/provider/{provider}/latest/{tag}',
    title: 'Latest pacts for provider with the specified tag',
    templated: true,
  },
  'pb:provider-pacts-with-tag': {
    path: '/pacts/provider/{provider}/tag/{tag}',
    title: 'All pact versions for the provider with the specified consumer version tag',
    templated: true,
  },
  'pb:provider-pacts': {
    path: '/pacts/provider/{provider}',
    title: 'All pact versions for the specified provider',
    templated: true,
  },
  'pb:latest-version': {
    path: '/pacticipants/{pacticipant}/latest-version',
    title: 'Latest pacticipant version',
    templated: true,
  },
  'pb:latest-tagged-version': {
    path: '/pacticipants/{pacticipant}/latest-version/{tag}',
    title: 'Latest pacticipant version with the specified tag',
    templated: true,
  },
  'pb:webhooks': { path: '/webhooks', title: 'Webhooks', templated: false },
  'pb:webhook': { path: '/webhooks/{uuid}', title: 'Webhook', templated: true },
  'pb:integrations': { path: '/integrations', title: 'Integrations', templated: false },
  'pb:pacticipant-version-tag': {
    path: '/pacticipants/{pacticipant}/versions/{version}/tags/{tag}',
    title: 'Get, create or delete a tag for a pacticipant version',
    templated: true,
  },
  'pb:pacticipant-branch': {
    path: '/pacticipants/{pacticipant}/branches/{branch}',
    title: 'Get or delete a pacticipant branch',
    templated: true,
  },
  'pb:pacticipant-branch-version': {
    path: '/pacticipants/{pacticipant}/branches/{branch}/versions/{version}',
    title: 'Get or add/create a pacticipant version for a branch',
    templated: true,
  },
  'pb:pacticipant-version': {
    path: '/pacticipants/{pacticipant}/versions/{version}',
    title: 'Get, create or delete a pacticipant version',
    templated: true,
  },
  'pb:metrics': { path: '/metrics', title: 'Get Pact Broker metrics' },
  'pb:can-i-deploy-pacticipant-version-to-tag': {
    path: '/can-i-deploy?pacticipant={pacticipant}&version={version}&to={tag}',
    title:
      'Determine if an application version can be safely deployed to an environment identified by the given tag',
    templated: true,
  },
  'pb:can-i-deploy-pacticipant-version-to-environment': {
    path: '/can-i-deploy?pacticipant={pacticipant}&version={version}&environment={environment}',
    title: 'Determine if an application version can be safely deployed to an environment',
    templated: true,
  },
  'pb:provider-pacts-for-verification': {
    path: '/pacts/provider/{provider}/for-verification',
    title: 'Pact versions to be verified for the specified provider',
    templated: true,
  },
  'beta:provider-pacts-for-verification': {
    path: '/pacts/provider/{provider}/for-verification',
    title: 'DEPRECATED - please use pb:provider-pacts-for-verification',
    templated: true,
    name: 'beta',
  },
  'pb:environments': { path: '/environments', title: 'Environments', templated: false },
  'pb:environment': { path: '/environments/{uuid}', title: 'Environment', templated: true },
};

/** Every relation with its absolute URL, in the broker's order. */
export function indexLinks(baseUrl: string): Record<string, Link | readonly Link[]> {
  const links = Object.entries(relations).map(([relation, { path, ...rest }]) => [
    relation,
    { href: `${baseUrl}${path}`, ...rest },
  ]);
  const href = `${baseUrl}/doc/{rel}?context=index`;
  return {
    ...Object.fromEntries(links),
    curies: [
      { name: 'pb', href, templated: true },
      { name: 'beta', href, templated: true },
    ],
  };
}
