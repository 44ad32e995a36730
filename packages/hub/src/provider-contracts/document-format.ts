import type { Specification } from '@concordat/domain';

interface DocumentFormat {
  readonly syntax: 'json' | 'yaml';
  /** Undefined when the type does not say. */
  readonly specification: Specification | undefined;
}

const FORMATS: Readonly<Record<string, DocumentFormat>> = {
  'application/json': { syntax: 'json', specification: undefined },
  'application/yaml': { syntax: 'yaml', specification: undefined },
  'application/x-yaml': { syntax: 'yaml', specification: undefined },
  'text/yaml': { syntax: 'yaml', specification: undefined },
  'text/x-yaml': { syntax: 'yaml', specification: undefined },
  'application/vnd.oai.openapi': { syntax: 'yaml', specification: 'openapi' },
  'application/vnd.oai.openapi+json': { syntax: 'json', specification: 'openapi' },
  'application/vnd.oai.openapi+yaml': { syntax: 'yaml', specification: 'openapi' },
  'application/vnd.aai.asyncapi': { syntax: 'yaml', specification: 'asyncapi' },
  'application/vnd.aai.asyncapi+json': { syntax: 'json', specification: 'asyncapi' },
  'application/vnd.aai.asyncapi+yaml': { syntax: 'yaml', specification: 'asyncapi' },
};

/** Media types a document may have, parameters left out. */
export const documentTypes: readonly string[] = Object.keys(FORMATS);

/** What a content type says of a document; undefined for a type that is not in `documentTypes`. */
export function formatOf(contentType: string): DocumentFormat | undefined {
  const [type = ''] = contentType.split(';', 1);
  return FORMATS[type.trim().toLowerCase()];
}

/** The specification that an Accept header names first. */
export function acceptedSpecification(accept: string): Specification | undefined {
  return accept
    .split(',')
    .map((type) => formatOf(type)?.specification)
    .find((specification) => specification !== undefined);
}
