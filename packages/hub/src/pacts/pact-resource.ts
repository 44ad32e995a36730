import { halTimestamp, type Link, pathTo } from '../http/hal.ts';
import type { PublishedPact } from './pact-store.ts';

/** How a pact is shown beyond its content. */
export interface PactView {
  readonly pact: PublishedPact;
  /** Compact JSON as stored. */
  readonly content: string;
  readonly baseUrl: string;
  /** The metadata segment of the URL it was read by; its results must go back under the same. */
  readonly metadata?: string;
  /** Consumer versions the metadata names. */
  readonly consumerVersions?: readonly string[];
  /** Links to itself as a list of one: the Pact CLI reads the newest pact of a branch as a list. */
  readonly isListed?: boolean;
}

/**
 * The stored content with `createdAt` and `_links` added at its end, where they win over members of the same name. The content is not parsed again.
 */
export function pactBody(view: PactView): string {
  const { content } = view;
  const createdAt = JSON.stringify(halTimestamp(view.pact.createdAt));
  const links = JSON.stringify(pactLinks(view));
  const members = content.slice(1, -1);
  const comma = members === '' ? '' : ',';
  return `{${members}${comma}"createdAt":${createdAt},"_links":${links}}`;
}

/** Content under `contract`, as the extended media type has it. */
export function extendedPactBody(view: PactView, tags: readonly string[]): string {
  const { pact, baseUrl } = view;
  const version = `${baseUrl}${pathTo('pacticipants', pact.consumer, 'versions', pact.version)}`;
  const embedded = tags.map((name) => ({
    name,
    latest: true,
    _links: {
      self: { href: `${version}${pathTo('tags', name)}` },
      'pb:latest-pact': { href: `${pairUrl(pact, baseUrl)}${pathTo('latest', name)}` },
    },
  }));
  const rest = JSON.stringify({
    createdAt: halTimestamp(pact.createdAt),
    _embedded: { tags: embedded },
    _links: pactLinks(view),
  });
  return `{"contract":${view.content},${rest.slice(1)}`;
}

export function pactName(pact: PublishedPact): string {
  return `Pact between ${pact.consumer} (${pact.version}) and ${pact.provider}`;
}

export function pairUrl(
  pair: { readonly consumer: string; readonly provider: string },
  baseUrl: string,
): string {
  return `${baseUrl}${pathTo('pacts', 'provider', pair.provider, 'consumer', pair.consumer)}`;
}

export function pactUrl(pact: PublishedPact, baseUrl: string): string {
  return `${pairUrl(pact, baseUrl)}${pathTo('version', pact.version)}`;
}

function pactLinks(view: PactView): Record<string, Link | readonly Link[]> {
  const { pact, baseUrl } = view;
  const pair = pairUrl(pact, baseUrl);
  const self = pactUrl(pact, baseUrl);
  const version = `${baseUrl}${pathTo('pacticipants', pact.consumer, 'versions', pact.version)}`;
  return {
    self: { title: 'Pact', name: pactName(pact), href: self },
    ...(view.isListed ? { 'pb:pacts': [{ title: 'Pact', name: pactName(pact), href: self }] } : {}),
    ...partyLinks(view),
    ...versionLinks(view),
    'pb:latest-pact-version': { title: 'Latest version of this pact', href: `${pair}/latest` },
    'pb:all-pact-versions': { title: 'All versions of this pact', href: `${pair}/versions` },
    'pb:latest-untagged-pact-version': {
      title: 'Latest untagged version of this pact',
      href: `${pair}/latest-untagged`,
    },
    'pb:latest-tagged-pact-version': {
      title: 'Latest tagged version of this pact',
      href: `${pair}/latest/{tag}`,
      templated: true,
    },
    'pb:previous-distinct': {
      title: 'Previous distinct version of this pact',
      href: `${self}/previous-distinct`,
    },
    'pb:diff-previous-distinct': {
      title: 'Diff with previous distinct version of this pact',
      href: `${self}/diff/previous-distinct`,
    },
    'pb:diff': {
      title: 'Diff with another specified version of this pact',
      href: `${pair}/pact-version/${pact.sha}/diff/pact-version/{pactVersion}`,
      templated: true,
    },
    ...webhookLinks(view),
    'pb:tag-prod-version': {
      title: "PUT to this resource to tag this consumer version as 'production'",
      href: `${version}/tags/prod`,
    },
    'pb:tag-version': {
      title: 'PUT to this resource to tag this consumer version',
      href: `${version}/tags/{tag}`,
    },
    ...resultLinks(view),
    curies: [{ name: 'pb', href: `${baseUrl}/doc/{rel}?context=pact`, templated: true }],
  };
}

function partyLinks({ pact, baseUrl }: PactView): Record<string, Link> {
  return {
    'pb:consumer': {
      title: 'Consumer',
      name: pact.consumer,
      href: `${baseUrl}${pathTo('pacticipants', pact.consumer)}`,
    },
    'pb:provider': {
      title: 'Provider',
      name: pact.provider,
      href: `${baseUrl}${pathTo('pacticipants', pact.provider)}`,
    },
  };
}

function versionLinks(view: PactView): Record<string, Link | readonly Link[]> {
  const { pact, baseUrl, consumerVersions } = view;
  const link = (number: string): Link => ({
    title: 'Consumer version',
    name: number,
    href: `${baseUrl}${pathTo('pacticipants', pact.consumer, 'versions', number)}`,
  });
  return {
    'pb:consumer-version': link(pact.version),
    ...(consumerVersions === undefined
      ? {}
      : { 'pb:consumer-versions': consumerVersions.map(link) }),
    'pb:pact-version': {
      title: 'Pact content version permalink',
      name: pact.sha,
      href: `${pairUrl(pact, baseUrl)}/pact-version/${pact.sha}`,
    },
  };
}

function webhookLinks({ pact, baseUrl }: PactView): Record<string, Link> {
  return {
    'pb:pact-webhooks': {
      title: `Webhooks for the pact between ${pact.consumer} and ${pact.provider}`,
      href: `${baseUrl}${pathTo('webhooks', 'provider', pact.provider, 'consumer', pact.consumer)}`,
    },
    'pb:consumer-webhooks': {
      title: `Webhooks for all pacts with consumer ${pact.consumer}`,
      href: `${baseUrl}${pathTo('webhooks', 'consumer', pact.consumer)}`,
    },
  };
}

function resultLinks({ pact, baseUrl, metadata }: PactView): Record<string, Link> {
  const content = `${pairUrl(pact, baseUrl)}/pact-version/${pact.sha}`;
  const source = metadata === undefined ? '' : pathTo('metadata', metadata);
  const matrix = new URLSearchParams([
    ['q[][pacticipant]', pact.consumer],
    ['q[][version]', pact.version],
    ['latestby', 'cvpv'],
  ]);
  return {
    'pb:publish-verification-results': {
      title: 'Publish verification results',
      href: `${content}${source}/verification-results`,
    },
    'pb:latest-verification-results': { href: `${content}/verification-results/latest` },
    'pb:triggered-webhooks': {
      title: 'Webhooks triggered by the publication of this pact',
      href: `${pactUrl(pact, baseUrl)}/triggered-webhooks`,
    },
    'pb:matrix-for-consumer-version': {
      title: 'View matrix rows for the consumer version to which this pact belongs',
      href: `${baseUrl}/matrix?${matrix}`,
    },
  };
}
