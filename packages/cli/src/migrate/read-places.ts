import type { TransferRecordOf } from '@concordat/api';
import { type BrokerSource, together } from './broker-source.ts';
import {
  byTime,
  datesOf,
  type HalObject,
  needed,
  objectOf,
  pathOf,
  textOf,
  timeOf,
} from './hal-answer.ts';

/** Deployments with these uuids, oldest first; what has ended does not change any more and is asked for once. */
export async function readDeployedVersions(
  source: BrokerSource,
  uuids: readonly string[],
): Promise<TransferRecordOf<'deployedVersion'>[]> {
  const read = await together(distinct(uuids), async (uuid) => {
    const item = await readPlace(source, 'deployed-versions', uuid);
    if (item === undefined) return [];
    const dates = datesOf(item);
    const isOver = item.currentlyDeployed === false;
    const undeployedAt = timeOf(item, 'undeployedAt') ?? dates.updatedAt;
    const record: TransferRecordOf<'deployedVersion'> = {
      type: 'deployedVersion',
      uuid,
      ...placeOf(item),
      applicationInstance: textOf(item, 'applicationInstance') ?? textOf(item, 'target') ?? '',
      ...(isOver ? { undeployedAt } : {}),
      ...dates,
    };
    return [record];
  });
  return read.flat().toSorted(byTime);
}

/** Releases with these uuids, oldest first. */
export async function readReleasedVersions(
  source: BrokerSource,
  uuids: readonly string[],
): Promise<TransferRecordOf<'releasedVersion'>[]> {
  const read = await together(distinct(uuids), async (uuid) => {
    const item = await readPlace(source, 'released-versions', uuid);
    if (item === undefined) return [];
    const dates = datesOf(item);
    const isOver = item.currentlySupported === false;
    const supportEndedAt = timeOf(item, 'supportEndedAt') ?? dates.updatedAt;
    const record: TransferRecordOf<'releasedVersion'> = {
      type: 'releasedVersion',
      uuid,
      ...placeOf(item),
      ...(isOver ? { supportEndedAt } : {}),
      ...dates,
    };
    return [record];
  });
  return read.flat().toSorted(byTime);
}

function readPlace(
  source: BrokerSource,
  kind: string,
  uuid: string,
): Promise<HalObject | undefined> {
  return source.named(pathOf(kind, uuid));
}

function placeOf(item: HalObject) {
  const parts = objectOf(item, '_embedded');
  return {
    pacticipant: needed(objectOf(parts, 'pacticipant'), 'name', 'deployment'),
    version: needed(objectOf(parts, 'version'), 'number', 'deployment'),
    environment: needed(objectOf(parts, 'environment'), 'name', 'deployment'),
  };
}

function distinct(uuids: readonly string[]): readonly string[] {
  return [...new Set(uuids)];
}
