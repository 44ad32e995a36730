import { halTimestamps, pathTo } from '../http/hal.ts';
import type { Branch, BranchVersion } from './branch-store.ts';

export function branchBody(branch: Branch, pacticipant: string, baseUrl: string): object {
  const href = branchUrl(baseUrl, pacticipant, branch.name);
  return {
    name: branch.name,
    ...halTimestamps({ created_at: branch.created_at }),
    _links: {
      self: { title: 'Branch', href },
      'pb:latest-version': { title: 'Latest version for branch', href: `${href}/latest-version` },
    },
  };
}

/** One page of branches; this list is always paged. */
export function branchesBody(list: {
  readonly pacticipant: string;
  readonly items: readonly Branch[];
  readonly baseUrl: string;
  readonly selfUrl: string;
  readonly pageLinks: object;
  readonly pageMembers: object;
}): object {
  const { pacticipant, items, baseUrl } = list;
  return {
    ...list.pageMembers,
    _embedded: { branches: items.map((branch) => branchBody(branch, pacticipant, baseUrl)) },
    _links: {
      self: { title: `${pacticipant} branches`, href: list.selfUrl },
      'pb:branches': items.map(({ name }) => ({
        name,
        href: branchUrl(baseUrl, pacticipant, name),
      })),
      ...list.pageLinks,
    },
  };
}

export function branchVersionBody(
  names: { readonly pacticipant: string; readonly branch: string; readonly version: string },
  branchVersion: BranchVersion,
  baseUrl: string,
): object {
  const { pacticipant, branch, version } = names;
  const branchHref = branchUrl(baseUrl, pacticipant, branch);
  return {
    ...halTimestamps(branchVersion),
    _links: {
      self: { title: 'Branch version', href: `${branchHref}${pathTo('versions', version)}` },
      'pb:branch': { title: 'Branch', name: branch, href: branchHref },
      'pb:version': {
        title: 'Version',
        name: version,
        href: `${baseUrl}${pathTo('pacticipants', pacticipant, 'versions', version)}`,
      },
    },
  };
}

function branchUrl(baseUrl: string, pacticipant: string, branch: string): string {
  return `${baseUrl}${pathTo('pacticipants', pacticipant, 'branches', branch)}`;
}
