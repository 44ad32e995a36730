import { normaliseAttributes } from './normalise-attributes.ts';
import type { Attributes, Resource } from './span.ts';

/** The name under which spans of a sender that names no service are kept. */
export const unknownService = 'unknown_service';

/**
 * Reads the three names the join needs out of resource attributes; where the resource lacks version or environment,
 * the span's own tags are asked (exporter-jaeger writes the resource onto every span). Who names no version may name its commit.
 */
export function promoteResource(attributes: Attributes, spanTags: Attributes = {}): Resource {
  const own = normaliseAttributes(attributes, 'unspecified');
  const tags = normaliseAttributes(spanTags, 'unspecified');
  const promoted = (key: string) => nonEmpty(own, key) ?? nonEmpty(tags, key);
  return {
    service: promoted('service.name') ?? unknownService,
    version: promoted('service.version') ?? promoted('vcs.ref.head.revision'),
    environment: promoted('deployment.environment.name'),
    attributes: own,
  };
}

function nonEmpty(attributes: Attributes, key: string): string | undefined {
  const value = attributes[key];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
