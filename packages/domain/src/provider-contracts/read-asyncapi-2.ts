import { checkAddressParameters, checkMessage } from './asyncapi-channel.ts';
import type { OpenDocument } from './open-document.ts';
import { operationIds } from './operation-ids.ts';
import { messageOperationKey } from './operation-key.ts';
import {
  child,
  isMapping,
  members,
  type NamedPlace,
  type Place,
  referenceOf,
  segmentsOf,
} from './place.ts';
import type { MessageOperation } from './provider-contract.ts';

/** In version 2 a verb says what others do: they `publish` what this service receives. */
const ACTIONS = { publish: 'receive', subscribe: 'send' } as const;

/** Reads the operations of an AsyncAPI 2 document, turned to the service's own view. */
export function readAsyncApi2(document: OpenDocument): readonly MessageOperation[] {
  const channels = child(document.root, 'channels');
  if (channels.value === undefined) {
    document.report(
      channels,
      '"channels" is missing; add it, as "channels: {}" when there are none.',
    );
  }
  document.mapping(child(document.root, 'servers'), '"servers"');
  document.mapping(child(document.root, 'components'), '"components"');
  if (document.mapping(channels, '"channels"') === undefined) return [];
  const ids = operationIds(document);
  return members(channels).flatMap((channel) => readChannel(document, channel, ids));
}

function readChannel(
  document: OpenDocument,
  named: NamedPlace,
  ids: (place: Place) => string | undefined,
): readonly MessageOperation[] {
  const channel = document.follow(named);
  if (channel === undefined) return [];
  if (!isMapping(channel.value)) {
    document.report(channel, `Channel "${named.key}" must be a mapping.`);
    return [];
  }
  checkAddressParameters(document, channel, named.key);
  return (['publish', 'subscribe'] as const).flatMap((verb) => {
    const place = child(channel, verb);
    const what = `"${verb}" of channel "${named.key}"`;
    if (document.mapping(place, what) === undefined) return [];
    const action = ACTIONS[verb];
    return {
      kind: 'message' as const,
      key: messageOperationKey(action, named.key),
      action,
      channel: named.key,
      operationId: ids(child(place, 'operationId')),
      messages: readMessages(document, child(place, 'message'), what),
    };
  });
}

function readMessages(document: OpenDocument, place: Place, where: string): readonly string[] {
  if (place.value === undefined) return [];
  checkMessage(document, place, where);
  const alternatives = child(document.follow(place) ?? place, 'oneOf');
  if (alternatives.value === undefined) return [messageName(document, place)];
  return document.list(alternatives, `"oneOf" of the message of ${where}`).map((one) => {
    checkMessage(document, one, where);
    return messageName(document, one);
  });
}

/** `name`, else `messageId`, else the reference's last part; a message without any is "message". */
function messageName(document: OpenDocument, place: Place): string {
  const target = document.follow(place)?.value;
  const own = isMapping(target) ? [target.name, target.messageId] : [];
  const reference = segmentsOf(referenceOf(place.value) ?? '').at(-1);
  return own.find((value) => typeof value === 'string') ?? reference ?? 'message';
}
