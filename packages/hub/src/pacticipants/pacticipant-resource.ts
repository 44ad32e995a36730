import { displayNameOf } from '@concordat/domain';
import { curies, halTimestamps, type Links, pathTo } from '../http/hal.ts';
import type { PacticipantDetails } from './pacticipant-store.ts';

/** A pacticipant as the broker shows it; `environmentLinks` are its deployments. */
export function pacticipantBody(
  { pacticipant, labels, latestVersion }: PacticipantDetails,
  baseUrl: string,
  environmentLinks: Links = {},
): object {
  const { name } = pacticipant;
  const self = `${baseUrl}${pathTo('pacticipants', name)}`;
  return {
    name,
    displayName: pacticipant.display_name ?? displayNameOf(name),
    ...given('repositoryUrl', pacticipant.repository_url),
    ...given('repositoryName', pacticipant.repository_name),
    ...given('repositoryNamespace', pacticipant.repository_namespace),
    ...given('mainBranch', pacticipant.main_branch),
    ...halTimestamps(pacticipant),
    _embedded: {
      ...(latestVersion === undefined ? {} : latestVersionParts(latestVersion, self)),
      labels: labels.map((label) => ({
        name: label,
        _links: {
          self: { title: 'Label', name: label, href: `${self}${pathTo('labels', label)}` },
        },
      })),
    },
    _links: {
      ...pacticipantLinks(name, self),
      ...environmentLinks,
      curies: curies(baseUrl, 'pacticipant'),
    },
  };
}

/** The collection, embedded and, for older clients, at the top. */
export function pacticipantsBody(list: {
  readonly items: readonly PacticipantDetails[];
  readonly baseUrl: string;
  readonly withOldCollection: boolean;
  readonly pageLinks: object;
  readonly pageMembers: object;
}): object {
  const { items, baseUrl } = list;
  const bodies = items.map((item) => pacticipantBody(item, baseUrl));
  const links = items.map(({ pacticipant: { name } }) => ({
    name,
    href: `${baseUrl}${pathTo('pacticipants', name)}`,
  }));
  return {
    ...(list.withOldCollection ? { pacticipants: bodies.map(deprecated) } : {}),
    ...list.pageMembers,
    _embedded: { pacticipants: bodies },
    _links: {
      self: { href: `${baseUrl}/pacticipants` },
      'pb:pacticipants-with-label': {
        title: 'Find pacticipants by label',
        href: `${baseUrl}/pacticipants/label/{label}`,
        templated: true,
      },
      'pb:pacticipants': links.map(({ name, href }) => ({ title: 'Pacticipant', name, href })),
      pacticipants: links.map(({ name, href }) => ({
        title: name,
        name: 'DEPRECATED - please use pb:pacticipants',
        href,
      })),
      ...list.pageLinks,
    },
  };
}

export function labelBody(label: {
  readonly pacticipant: string;
  readonly name: string;
  readonly createdAt: string;
  readonly baseUrl: string;
}): object {
  const { pacticipant, name, baseUrl } = label;
  const href = `${baseUrl}${pathTo('pacticipants', pacticipant)}`;
  return {
    name,
    ...halTimestamps({ created_at: label.createdAt }),
    _links: {
      self: { title: 'Label', name, href: `${href}${pathTo('labels', name)}` },
      pacticipant: { title: 'Pacticipant', name: pacticipant, href },
    },
  };
}

function given(key: string, value: string | null): object {
  return value === null ? {} : { [key]: value };
}

function deprecated(body: object): object {
  return { ...body, title: 'DEPRECATED - Please use the embedded pacticipants collection' };
}

function latestVersionParts(number: string, self: string): object {
  const note = 'DEPRECATED - please use latestVersion';
  const href = `${self}${pathTo('versions', number)}`;
  const version = { number, _links: { self: { title: 'Version', name: number, href } } };
  return { latestVersion: version, 'latest-version': { title: note, name: note, ...version } };
}

function pacticipantLinks(name: string, self: string): Links {
  const templated = true;
  return {
    self: { href: self },
    'pb:versions': { href: `${self}/versions` },
    'pb:branches': { href: `${self}/branches` },
    'pb:version': {
      title: 'Get, create or delete a pacticipant version',
      href: `${self}/versions/{version}`,
      templated,
    },
    'pb:version-tag': {
      title: `Get, create or delete a tag for a version of ${name}`,
      href: `${self}/versions/{version}/tags/{tag}`,
      templated,
    },
    'pb:branch-version': {
      title: `Get or add/create a version for a branch of ${name}`,
      href: `${self}/branches/{branch}/versions/{version}`,
      templated,
    },
    'pb:label': {
      title: `Get, create or delete a label for ${name}`,
      href: `${self}/labels/{label}`,
      templated,
    },
    versions: { title: 'Deprecated - use pb:versions', href: `${self}/versions` },
    'pb:can-i-deploy-badge': {
      title: `Can I Deploy ${name} badge`,
      href: `${self}/latest-version/{tag}/can-i-deploy/to/{environmentTag}/badge`,
      templated,
    },
    'pb:can-i-deploy-branch-to-environment-badge': {
      title: `Can I Deploy ${name} from branch to environment badge`,
      href: `${self}/branches/{branch}/latest-version/can-i-deploy/to-environment/{environment}/badge`,
      templated,
    },
  };
}
