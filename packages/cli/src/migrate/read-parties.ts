import type { TransferRecordOf } from '@concordat/api';
import { type BrokerSource, together } from './broker-source.ts';
import { byTime, datesOf, embedded, type HalObject, needed, pathOf, textOf } from './hal-answer.ts';

/** All pacticipants with their labels. */
export async function readPacticipants(
  source: BrokerSource,
): Promise<TransferRecordOf<'pacticipant'>[]> {
  const pages = await source.pages('/pacticipants');
  const items = pages.flatMap((page) => embedded(page, 'pacticipants'));
  return together(items, async (item) => {
    const name = needed(item, 'name', 'pacticipant');
    return {
      type: 'pacticipant',
      name,
      ...given(item, 'displayName'),
      ...given(item, 'repositoryUrl'),
      ...given(item, 'repositoryName'),
      ...given(item, 'repositoryNamespace'),
      ...given(item, 'mainBranch'),
      labels: await readLabels(source, name, item),
      ...datesOf(item),
    };
  });
}

async function readLabels(source: BrokerSource, pacticipant: string, item: HalObject) {
  const labels = embedded(item, 'labels').map((label) => needed(label, 'name', 'label'));
  return together(labels, async (name) => {
    const label = await source.lasting(pathOf('pacticipants', pacticipant, 'labels', name));
    return { name, createdAt: datesOf(label ?? item).createdAt };
  });
}

/** All environments; a broker from before environments has none. */
export async function readEnvironments(
  source: BrokerSource,
): Promise<TransferRecordOf<'environment'>[]> {
  const answer = await source.find('/environments');
  const environments = embedded(answer ?? {}, 'environments').map((item) => {
    const name = needed(item, 'name', 'environment');
    return {
      type: 'environment',
      uuid: needed(item, 'uuid', 'environment'),
      name,
      displayName: textOf(item, 'displayName') ?? name,
      production: item.production === true,
      ...(Array.isArray(item.contacts) ? { contacts: JSON.stringify(item.contacts) } : {}),
      preset: false,
      ...datesOf(item),
    } as const;
  });
  return environments.toSorted(byTime);
}

function given<K extends string>(item: HalObject, member: K): Partial<Record<K, string>> {
  const value = textOf(item, member);
  return value === undefined ? {} : ({ [member]: value } as Record<K, string>);
}
