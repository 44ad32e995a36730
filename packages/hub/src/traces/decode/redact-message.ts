import { attributeKeys, readAnyValue } from './decode-value.ts';
import { encodeKeyValue, ProtobufWriter } from './encode-otlp.ts';
import { ProtobufReader } from './protobuf-reader.ts';
import { redactAttribute } from './redact-attribute.ts';
import { maxItems, maxTextLength } from './span-limits.ts';

/** Where a message keeps attributes, and the number of those that were dropped. */
export interface MessageShape {
  readonly attributes: number;
  readonly dropped: number;
  /** Messages inside it that have attributes of their own, by field. */
  readonly nested: Readonly<
    Record<number, { readonly shape: MessageShape; readonly dropped: number }>
  >;
}

export const resourceShape: MessageShape = { attributes: 1, dropped: 2, nested: {} };
export const scopeShape: MessageShape = { attributes: 3, dropped: 4, nested: {} };
const eventShape: MessageShape = { attributes: 3, dropped: 4, nested: {} };
const linkShape: MessageShape = { attributes: 4, dropped: 5, nested: {} };
export const spanShape: MessageShape = {
  attributes: 9,
  dropped: 10,
  nested: {
    11: { shape: eventShape, dropped: 12 },
    13: { shape: linkShape, dropped: 14 },
  },
};

/**
 * The message without its secrets and within the bounds of a span: the same bytes when nothing is to be done, else a copy in which
 * only the affected fields are replaced, so that everything else stays as the sender wrote it. What goes beyond the number of items is
 * added to the message's own count of what was dropped.
 */
export function redactMessage(message: Buffer, shape: MessageShape): Buffer {
  const seen: Record<number, number> = {};
  const kept = editFields(message, (field, content) => {
    const inner = shape.nested[field];
    if (field !== shape.attributes && inner === undefined) return content;
    const count = (seen[field] ?? 0) + 1;
    seen[field] = count;
    if (count > maxItems) return undefined;
    return inner === undefined ? redactKeyValue(content) : redactMessage(content, inner.shape);
  });
  const surplus = surplusOf(shape, seen);
  return surplus.length === 0 ? kept : Buffer.concat([kept, countDropped(message, surplus)]);
}

type Surplus = readonly { readonly field: number; readonly count: number }[];

function surplusOf(shape: MessageShape, seen: Readonly<Record<number, number>>): Surplus {
  return Object.entries(seen).flatMap(([at, count]) => {
    const field = shape.nested[Number(at)]?.dropped ?? shape.dropped;
    return count > maxItems ? [{ field, count: count - maxItems }] : [];
  });
}

/** Appended: of a number that stands twice the last counts. */
function countDropped(message: Buffer, surplus: Surplus): Buffer {
  const writer = new ProtobufWriter();
  for (const { field, count } of surplus) {
    const sum = numberOf(message, field) + count;
    writer.varint(field, Math.min(sum, 0xffffffff));
  }
  return writer.finish();
}

function numberOf(message: Buffer, field: number): number {
  const reader = new ProtobufReader(message);
  let number = 0;
  while (reader.next()) {
    if (reader.field === field && reader.wire === 0) number = reader.varint();
    else reader.skip();
  }
  return number;
}

/** The same bytes when nothing is to be replaced, undefined when the attribute goes. */
function redactKeyValue(keyValue: Buffer): Buffer | undefined {
  const reader = new ProtobufReader(keyValue);
  let key = '';
  let mayHoldSecret = false;
  let value: ReturnType<typeof readAnyValue> = null;
  while (reader.next()) {
    if (reader.field === 2 && reader.wire === 2) value = readAnyValue(reader, 0);
    else if (reader.field === 1 && reader.wire === 2) {
      const end = reader.lengthEnd();
      const found = attributeKeys.find(reader.bytes, reader.at, end);
      key = found.text;
      mayHoldSecret = found.secret !== 'nowhere';
      reader.at = end;
    } else reader.skip();
  }
  const kept = mayHoldSecret ? redactAttribute(key, value) : value;
  if (kept === undefined) return undefined;
  return cutKeyValue(kept === value ? keyValue : encodeKeyValue(key, kept));
}

function cutKeyValue(keyValue: Buffer): Buffer {
  if (keyValue.length <= maxTextLength) return keyValue;
  return editFields(keyValue, (field, content) => (field === 2 ? cutValue(content) : content));
}

/** On the wire, so that a value keeps its type; how deep it is nested was judged before. */
function cutValue(anyValue: Buffer): Buffer {
  return editFields(anyValue, (field, content) => {
    if (field === 1) return cutText(content);
    if (field === 5) return editFields(content, (one, item) => (one === 1 ? cutValue(item) : item));
    if (field === 6)
      return editFields(content, (one, item) => (one === 1 ? cutKeyValue(item) : item));
    return field === 7 ? cutBytes(content) : content;
  });
}

function cutBytes(content: Buffer): Buffer {
  return content.length > maxTextLength ? content.subarray(0, maxTextLength) : content;
}

function cutText(content: Buffer): Buffer {
  if (content.length <= maxTextLength) return content;
  const text = content.toString('utf8');
  if (text.length <= maxTextLength) return content;
  const endsInside = /[\uD800-\uDBFF]/.test(text.charAt(maxTextLength - 1));
  return Buffer.from(text.slice(0, endsInside ? maxTextLength - 1 : maxTextLength));
}

/** Asks of every length-delimited field what shall be in it: the same object keeps it, undefined drops it. */
function editFields(
  message: Buffer,
  edit: (field: number, content: Buffer) => Buffer | undefined,
): Buffer {
  const parts: Uint8Array[] = [];
  let copied = 0;
  const reader = new ProtobufReader(message);
  for (let start = 0; reader.next(); start = reader.at) {
    if (reader.wire !== 2) {
      reader.skip();
      continue;
    }
    const { field } = reader;
    const content = reader.view();
    const kept = edit(field, content);
    if (kept === content) continue;
    parts.push(message.subarray(copied, start));
    if (kept !== undefined) parts.push(new ProtobufWriter().bytes(field, kept).finish());
    copied = reader.at;
  }
  if (parts.length === 0) return message;
  return Buffer.concat([...parts, message.subarray(copied)]);
}
