import { curies, halTimestamps, type Links, pathTo } from '../http/hal.ts';
import type { VersionDetails } from './version-store.ts';

/** How a version is shown. */
export interface VersionView {
  readonly pacticipant: string;
  readonly details: VersionDetails;
  readonly baseUrl: string;
  /** The URL it was asked for by; its own when not given. */
  readonly selfUrl?: string;
  /** Deployments, releases and where to record them; left out in lists. */
  readonly environmentLinks?: Links;
}

function versionUrl(baseUrl: string, pacticipant: string, number: string): string {
  return `${baseUrl}${pathTo('pacticipants', pacticipant, 'versions', number)}`;
}

export function versionBody(view: VersionView): object {
  const { pacticipant, details, baseUrl } = view;
  const { version } = details;
  const url = versionUrl(baseUrl, pacticipant, version.number);
  return {
    number: version.number,
    ...(version.build_url === null ? {} : { buildUrl: version.build_url }),
    ...halTimestamps(version),
    _embedded: {
      branchVersions: branchVersions(view),
      tags: details.tags.map((name) => ({
        name,
        _links: { self: { title: 'Tag', name, href: `${url}${pathTo('tags', name)}` } },
      })),
    },
    _links: {
      self: { title: 'Version', name: version.number, href: view.selfUrl ?? url },
      'pb:pacticipant': {
        title: 'Pacticipant',
        name: pacticipant,
        href: `${baseUrl}${pathTo('pacticipants', pacticipant)}`,
      },
      'pb:tag': {
        title: 'Get, create or delete a tag for this pacticipant version',
        href: `${url}/tags/{tag}`,
        templated: true,
      },
      'pb:latest-verification-results-where-pacticipant-is-consumer': {
        title: 'Latest verification results for consumer version',
        href: `${baseUrl}${pathTo('verification-results', 'consumer', pacticipant, 'version', version.number, 'latest')}`,
      },
      'pb:pact-versions': pactLinks(view),
      ...view.environmentLinks,
      curies: curies(baseUrl, 'version'),
    },
  };
}

/** A list of versions of one pacticipant. */
export function versionsBody(list: {
  readonly pacticipant: string;
  readonly items: readonly VersionDetails[];
  readonly baseUrl: string;
  readonly selfUrl: string;
  readonly title: string;
  /** Links of single versions, by their id. */
  readonly deployments: ReadonlyMap<number, Links>;
  readonly pageLinks: object;
  readonly pageMembers: object;
}): object {
  const { pacticipant, items, baseUrl } = list;
  const href = `${baseUrl}${pathTo('pacticipants', pacticipant)}`;
  const links = items.map(({ version }) => ({
    title: `Version ${version.number} - ${britishDate(version.created_at)}`,
    href: versionUrl(baseUrl, pacticipant, version.number),
  }));
  return {
    ...list.pageMembers,
    _embedded: {
      versions: items.map((details) => {
        const environmentLinks = list.deployments.get(details.version.id) ?? {};
        return versionBody({ pacticipant, details, baseUrl, environmentLinks });
      }),
    },
    _links: {
      self: { title: list.title, href: list.selfUrl },
      'pb:pacticipant': { title: pacticipant, href },
      'pb:versions': links,
      pacticipant: { title: 'Deprecated - please use pb:pacticipant', href },
      versions: links.map((link) => ({
        ...link,
        title: 'Deprecated - please use pb:versions',
      })),
      ...list.pageLinks,
    },
  };
}

function branchVersions({ pacticipant, details, baseUrl }: VersionView): readonly object[] {
  return details.branches.map(({ name, latest }) => ({
    name,
    latest,
    _links: {
      self: {
        title: 'Branch version',
        name,
        href: `${baseUrl}${pathTo('pacticipants', pacticipant, 'branches', name, 'versions', details.version.number)}`,
      },
    },
  }));
}

function pactLinks({ pacticipant, details, baseUrl }: VersionView): readonly object[] {
  const { number } = details.version;
  return details.providers.map((provider) => ({
    title: 'Pact',
    name: `Pact between ${pacticipant} (${number}) and ${provider}`,
    href: `${baseUrl}${pathTo('pacts', 'provider', provider, 'consumer', pacticipant, 'version', number)}`,
  }));
}

function britishDate(stored: string): string {
  return stored.slice(0, 10).split('-').reverse().join('/');
}
