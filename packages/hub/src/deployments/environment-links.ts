import { type Link, type Links, pathTo } from '../http/hal.ts';
import type { EnvironmentRow, PlacedRecord } from './deployment-store.ts';

/** A version with everything the links about environments are made from. */
export interface VersionPlaces {
  readonly pacticipant: string;
  readonly number: string;
  readonly environments: readonly EnvironmentRow[];
  readonly deployed: readonly PlacedRecord[];
  readonly released: readonly PlacedRecord[];
}

/** Where the version was recorded, and where to record it; command lines pick from these lists by environment name. */
export function versionEnvironmentLinks(places: VersionPlaces, baseUrl: string): Links {
  const { pacticipant, number, environments, deployed, released } = places;
  const self = `${baseUrl}${pathTo('pacticipants', pacticipant, 'versions', number)}`;
  const recording = (title: string, kind: string): readonly Link[] =>
    environments.map(({ uuid, name, display_name }) => ({
      title: `${title} to ${display_name}`,
      name,
      href: `${self}/${kind}/environment/${uuid}`,
    }));
  return {
    ...deployedEnvironmentLinks(deployed, baseUrl),
    'pb:released-environments': released.map(({ uuid, displayName, isCurrent }) => ({
      title: `Version released to ${displayName}`,
      name: displayName,
      href: `${baseUrl}${pathTo('released-versions', uuid)}`,
      currently_supported: isCurrent,
    })),
    'pb:record-deployment': recording('Record deployment', 'deployed-versions'),
    'pb:record-release': recording('Record release', 'released-versions'),
  };
}

/** Where a version was deployed, oldest record first. */
export function deployedEnvironmentLinks(
  deployed: readonly PlacedRecord[],
  baseUrl: string,
): Links {
  return {
    'pb:deployed-environments': deployed.map((record) => deployedLink(record, baseUrl)),
  };
}

/** What runs of a pacticipant, deployments with an application instance first. */
export function pacticipantEnvironmentLinks(
  deployed: readonly PlacedRecord[],
  baseUrl: string,
): Links {
  const ordered = [
    ...deployed.filter(({ applicationInstance }) => applicationInstance !== ''),
    ...deployed.filter(({ applicationInstance }) => applicationInstance === ''),
  ];
  return {
    'pb:deployed-environments': ordered.map((record) => {
      const { application_instance, ...link } = deployedLink(record, baseUrl);
      return link;
    }),
  };
}

function deployedLink(record: PlacedRecord, baseUrl: string) {
  const { uuid, displayName, isCurrent, applicationInstance } = record;
  return {
    title: `Version deployed to ${displayName}`,
    name: displayName,
    href: `${baseUrl}${pathTo('deployed-versions', uuid)}`,
    currently_deployed: isCurrent,
    ...(applicationInstance === '' ? {} : { application_instance: applicationInstance }),
  };
}
