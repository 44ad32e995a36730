import { halTimestamp, halTimestamps, pathTo } from '../http/hal.ts';
import type { DeployedVersion } from './deployment-store.ts';
import type { ReleasedVersion } from './release-store.ts';

/** A deployed version without what it belongs to. */
export function deployedVersionResource(row: DeployedVersion, baseUrl: string) {
  const instance = row.application_instance;
  return {
    uuid: row.uuid,
    currentlyDeployed: row.undeployed_at === null,
    ...(instance === '' ? {} : { target: instance, applicationInstance: instance }),
    ...(row.undeployed_at === null ? {} : { undeployedAt: halTimestamp(row.undeployed_at) }),
    ...halTimestamps(row),
    _links: { self: { href: `${baseUrl}${pathTo('deployed-versions', row.uuid)}` } },
  };
}

/** A released version without what it belongs to. */
export function releasedVersionResource(row: ReleasedVersion, baseUrl: string) {
  const ended = row.support_ended_at;
  return {
    uuid: row.uuid,
    currentlySupported: ended === null,
    ...(ended === null ? {} : { supportEndedAt: halTimestamp(ended) }),
    ...halTimestamps(row),
    _links: { self: { href: `${baseUrl}${pathTo('released-versions', row.uuid)}` } },
  };
}

/** The pacticipant's name and the version's number that a record is about. */
export interface Placed {
  readonly pacticipant: string;
  readonly version: string;
}

export function placedVersion(
  { pacticipant, version }: Placed,
  baseUrl: string,
): Readonly<Record<string, object>> {
  const self = `${baseUrl}${pathTo('pacticipants', pacticipant)}`;
  return {
    pacticipant: { name: pacticipant, _links: { self: { href: self } } },
    version: {
      number: version,
      _links: {
        self: { title: 'Version', name: version, href: `${self}${pathTo('versions', version)}` },
      },
    },
  };
}
