import type { Attributes, AttributeValue } from '@concordat/domain';
import type { Origin, ReceivedSpan } from '../decode/received-span.ts';

const trueWords = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const falseWords = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);

/** Keys that do not name an attribute. */
export const reservedTags: ReadonlySet<string> = new Set([
  'error',
  'span.status',
  'span.kind',
  'scope.name',
  'otel.scope.name',
  'scope.version',
  'otel.scope.version',
]);

/** True when every span of the origin has the tag, which is no reserved one. */
export function originHasTag({ resource }: Origin, key: string, value: string): boolean {
  return (
    equals(resource.attributes, key, value) ||
    (key.startsWith('resource.') && equals(resource.attributes, key.slice(9), value))
  );
}

/** True when one span has every tag, by Jaeger's rules: values compared as text, some keys reserved. */
export function hasTags(span: ReceivedSpan, tags: ReadonlyMap<string, string>): boolean {
  for (const [key, value] of tags) if (!hasTag(span, key, value)) return false;
  return true;
}

function hasTag(span: ReceivedSpan, key: string, value: string): boolean {
  switch (key) {
    case 'error':
      return hasError(span, value);
    case 'span.status':
      return span.status === value.toLowerCase();
    case 'span.kind':
      return span.kind === value.toLowerCase();
    case 'scope.name':
    case 'otel.scope.name':
      return span.scope.name === value;
    case 'scope.version':
    case 'otel.scope.version':
      return span.scope.version === value;
    default:
      return hasAttribute(span, key, value);
  }
}

/** False means every span that did not fail, the unset ones too. */
function hasError(span: ReceivedSpan, value: string): boolean {
  if (trueWords.has(value)) return span.status === 'error';
  return falseWords.has(value) && span.status !== 'error';
}

function hasAttribute(span: ReceivedSpan, key: string, value: string): boolean {
  if (key.startsWith('resource.') && equals(span.resource.attributes, key.slice(9), value))
    return true;
  return (
    equals(span.attributes, key, value) ||
    equals(span.resource.attributes, key, value) ||
    span.events.some((event) => equals(event.attributes, key, value)) ||
    span.links.some((link) => equals(link.attributes, key, value))
  );
}

function equals(attributes: Attributes, key: string, value: string): boolean {
  return Object.hasOwn(attributes, key) && asText(attributes[key] as AttributeValue) === value;
}

/** How an attribute value reads in a search box. */
export function asText(value: AttributeValue): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return String(value);
  return JSON.stringify(value, (_key, inner) =>
    typeof inner === 'bigint' ? String(inner) : inner,
  );
}
