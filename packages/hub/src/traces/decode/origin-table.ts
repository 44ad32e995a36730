// Hot path: a sender's resource and scope are the same in every request; taking them apart each time would cost more than ten spans.
import { type Attributes, promoteResource, type Resource, unknownService } from '@concordat/domain';
import { readAttributes } from './decode-value.ts';
import { ProtobufReader } from './protobuf-reader.ts';
import type { Origin } from './received-span.ts';
import { redactMessage, resourceShape, scopeShape } from './redact-message.ts';

const maxOrigins = 2_000;
const maxKeyLength = 16_384;

/** Origins by the bytes they were sent as, the same object for the same bytes. Bounded: a full table starts anew. */
export class OriginTable {
  readonly #origins = new Map<string, Origin>();

  /** `tags`: attributes of a span of it, asked when the resource does not name the service, its version and its environment. */
  find(resource: Buffer, scope: Buffer, tags: () => Attributes): Origin {
    const key = `${resource.length} ${resource.toString('latin1')}${scope.toString('latin1')}`;
    const origin =
      this.#origins.get(key) ??
      this.#keep(
        key,
        decodeOrigin(redactMessage(resource, resourceShape), redactMessage(scope, scopeShape)),
      );
    return isWhole(origin.resource) ? origin : this.#withTags(key, origin, tags());
  }

  /** exporter-jaeger writes the resource onto every span, and leaves its own place empty. */
  #withTags(key: string, origin: Origin, tags: Attributes): Origin {
    const resource = promoteResource(origin.resource.attributes, tags);
    const { service, version, environment } = resource;
    if (isSame(resource, origin.resource)) return origin;
    const ownKey = `${key}${JSON.stringify([service, version, environment])}`;
    return this.#origins.get(ownKey) ?? this.#keep(ownKey, { ...origin, resource });
  }

  #keep(key: string, origin: Origin): Origin {
    const { resourceBytes, scopeBytes } = origin;
    const own = {
      ...origin,
      resourceBytes: Buffer.from(resourceBytes),
      scopeBytes: Buffer.from(scopeBytes),
    };
    if (key.length > maxKeyLength) return own;
    if (this.#origins.size >= maxOrigins) this.#origins.clear();
    this.#origins.set(key, own);
    return own;
  }
}

/** Builds the origin of messages that were redacted when they came in. */
export function decodeOrigin(
  resourceBytes: Buffer,
  scopeBytes: Buffer,
  spanTags: Attributes = {},
): Origin {
  const sent = readAttributes(new ProtobufReader(resourceBytes), 1);
  const reader = new ProtobufReader(scopeBytes);
  let name = '';
  let version = '';
  while (reader.next()) {
    if (reader.field === 1 && reader.wire === 2) name = reader.string();
    else if (reader.field === 2 && reader.wire === 2) version = reader.string();
    else reader.skip();
  }
  const resource = promoteResource(sent, spanTags);
  return { resource, scope: { name, version }, resourceBytes, scopeBytes };
}

function isWhole({ service, version, environment }: Resource): boolean {
  return service !== unknownService && version !== undefined && environment !== undefined;
}

function isSame(one: Resource, other: Resource): boolean {
  return (
    one.service === other.service &&
    one.version === other.version &&
    one.environment === other.environment
  );
}
