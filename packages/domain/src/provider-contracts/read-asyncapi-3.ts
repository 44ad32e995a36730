import { checkAddressParameters, checkMessage } from './asyncapi-channel.ts';
import { kindOf, type OpenDocument } from './open-document.ts';
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

/** Reads the operations of an AsyncAPI 3 document. */
export function readAsyncApi3(document: OpenDocument): readonly MessageOperation[] {
  const { root } = document;
  document.mapping(child(root, 'servers'), '"servers"');
  document.mapping(child(root, 'components'), '"components"');
  document.mapping(child(root, 'channels'), '"channels"');
  document.mapping(child(root, 'operations'), '"operations"');
  for (const channel of members(child(root, 'channels'))) checkChannel(document, channel);
  return members(child(root, 'operations')).flatMap(
    (operation) => readOperation(document, operation) ?? [],
  );
}

function checkChannel(document: OpenDocument, named: NamedPlace): void {
  const channel = document.follow(named);
  if (channel === undefined) return;
  const what = `channel "${named.key}"`;
  if (!isMapping(channel.value)) {
    document.report(channel, `Channel "${named.key}" must be a mapping.`);
    return;
  }
  const address = child(channel, 'address');
  if (typeof address.value === 'string') {
    checkAddressParameters(document, channel, address.value);
  } else if (address.value !== undefined && address.value !== null) {
    document.report(
      address,
      `"address" of ${what} must be text or null; it is ${kindOf(address.value)}.`,
    );
  }
  const messages = child(channel, 'messages');
  document.mapping(messages, `"messages" of ${what}`);
  for (const message of members(messages)) checkMessage(document, message, what);
}

function readOperation(document: OpenDocument, named: NamedPlace): MessageOperation | undefined {
  const operation = document.follow(named);
  if (operation === undefined) return undefined;
  const what = `operation "${named.key}"`;
  if (!isMapping(operation.value)) {
    document.report(operation, `Operation "${named.key}" must be a mapping.`);
    return undefined;
  }
  const action = readAction(document, child(operation, 'action'), what);
  const reference = readChannelReference(document, operation, what);
  const messages = readMessages(document, { owner: operation, reference, what });
  checkReply(document, child(operation, 'reply'), what);
  if (action === undefined || reference === undefined) return undefined;
  const channel = channelName(document, reference);
  const key = messageOperationKey(action, channel);
  return { kind: 'message', key, action, channel, operationId: named.key, messages };
}

function readAction(
  document: OpenDocument,
  place: Place,
  what: string,
): 'send' | 'receive' | undefined {
  if (place.value === 'send' || place.value === 'receive') return place.value;
  document.report(place, `"action" of ${what} is ${kindOf(place.value)}; use send or receive.`);
  return undefined;
}

function readChannelReference(
  document: OpenDocument,
  owner: Place,
  what: string,
): string | undefined {
  const place = child(owner, 'channel');
  const reference = referenceOf(place.value);
  if (reference === undefined) {
    const advice = 'write "channel: {$ref: \'#/channels/…\'}"';
    document.report(place, `"channel" of ${what} must be a reference to a channel; ${advice}.`);
    return undefined;
  }
  if (reference.startsWith('#') && !/^#\/(?:components\/)?channels\/[^/]+$/.test(reference)) {
    document.report(place, `"${reference}" of ${what} is no channel; point at #/channels/….`);
    return undefined;
  }
  return reference;
}

interface MessageList {
  readonly owner: Place;
  readonly reference: string | undefined;
  readonly what: string;
}

/** Absent means every message of the channel; an empty list means none. */
function readMessages(
  document: OpenDocument,
  { owner, reference, what }: MessageList,
): readonly string[] {
  const place = child(owner, 'messages');
  if (place.value === undefined) return messagesOfChannel(document, reference);
  return document
    .list(place, `"messages" of ${what}`)
    .map((message) => readMessageReference(document, message, { reference, what }))
    .filter((name) => name !== undefined);
}

function readMessageReference(
  document: OpenDocument,
  message: Place,
  { reference, what }: Omit<MessageList, 'owner'>,
): string | undefined {
  const target = referenceOf(message.value);
  if (target === undefined) {
    const advice = 'point at one of the messages of its channel';
    document.report(message, `A message of ${what} must be a reference; ${advice}.`);
    return undefined;
  }
  if (reference !== undefined && !target.startsWith(`${reference}/messages/`)) {
    const advice = `list it there and point at ${reference}/messages/…`;
    document.report(message, `"${target}" of ${what} is not a message of its channel; ${advice}.`);
  }
  return segmentsOf(target).at(-1);
}

function messagesOfChannel(
  document: OpenDocument,
  reference: string | undefined,
): readonly string[] {
  const channel = reference === undefined ? undefined : channelOf(document, reference);
  return channel === undefined ? [] : members(child(channel, 'messages')).map(({ key }) => key);
}

function checkReply(document: OpenDocument, place: Place, what: string): void {
  const reply = document.follow(place);
  if (reply === undefined) return;
  const where = `the reply of ${what}`;
  if (document.mapping(reply, `"reply" of ${what}`) === undefined) return;
  if (child(reply, 'channel').value === undefined) {
    if (child(reply, 'messages').value === undefined) return;
    document.report(reply, `${where} has messages but no "channel"; name the channel.`);
    return;
  }
  const reference = readChannelReference(document, reply, where);
  readMessages(document, { owner: reply, reference, what: where });
}

function channelName(document: OpenDocument, reference: string): string {
  const channel = channelOf(document, reference);
  const address = channel === undefined ? undefined : child(channel, 'address').value;
  return typeof address === 'string' ? address : (segmentsOf(reference).at(-1) ?? reference);
}

function channelOf(document: OpenDocument, reference: string): Place | undefined {
  return document.follow({ value: { $ref: reference }, pointer: '' });
}
