import { checkReferences } from './check-references.ts';
import { kindOf, OpenDocument } from './open-document.ts';
import { child, isMapping } from './place.ts';
import type {
  ContractOperation,
  DocumentDefect,
  Position,
  ProviderContract,
  Specification,
} from './provider-contract.ts';
import { readAsyncApi2 } from './read-asyncapi-2.ts';
import { readAsyncApi3 } from './read-asyncapi-3.ts';
import { readOpenApi } from './read-openapi.ts';

export type DocumentReading =
  | { readonly kind: 'contract'; readonly contract: ProviderContract }
  | { readonly kind: 'refused'; readonly defects: readonly DocumentDefect[] };

/** Where a pointer stands in the text; a pointer to something missing answers its nearest parent. */
export type Locate = (pointer: string) => Position | undefined;

/**
 * Reads an OpenAPI 3 or AsyncAPI 2/3 document from its parsed value. Lenient: what does not hinder understanding its
 * operations is let through (schemas are not judged, references to other files are listed and not followed); a refusal
 * lists all defects in document order.
 */
export function readProviderContract(value: unknown, locate: Locate): DocumentReading {
  const document = new OpenDocument(value);
  const head = readHead(document);
  const operations = head === undefined ? [] : readOperations(document, head);
  const externalReferences = isMapping(value) ? checkReferences(document) : [];
  if (head !== undefined && document.defects.length === 0) {
    const info = child(document.root, 'info');
    const contract = {
      ...head,
      title: String(child(info, 'title').value),
      version: String(child(info, 'version').value),
      operations,
      externalReferences,
    };
    return { kind: 'contract', contract };
  }
  return { kind: 'refused', defects: placed(document, locate) };
}

interface Head {
  readonly specification: Specification;
  readonly specificationVersion: string;
}

function readHead(document: OpenDocument): Head | undefined {
  const { root } = document;
  if (!isMapping(root.value)) {
    document.report(root, `The document must be a mapping; it is ${kindOf(root.value)}.`);
    return undefined;
  }
  checkInfo(document);
  const present = (['openapi', 'asyncapi'] as const).filter((key) =>
    Object.hasOwn(root.value as object, key),
  );
  const [specification] = present;
  if (specification === undefined || present.length > 1) {
    document.report(root, headDefect(root.value, present.length));
    return undefined;
  }
  return readVersion(document, specification);
}

function headDefect(value: object, present: number): string {
  if (present > 1) return 'Both "openapi" and "asyncapi" are there; publish two documents.';
  if (Object.hasOwn(value, 'swagger')) {
    return 'Swagger 2.0 is not supported; convert the document to OpenAPI 3.';
  }
  return 'Neither "openapi" nor "asyncapi" is there; begin with "openapi: 3.1.0" or "asyncapi: 3.0.0".';
}

const VERSIONS: Readonly<
  Record<Specification, { readonly pattern: RegExp; readonly text: string }>
> = {
  openapi: { pattern: /^3\.[012]\.\d+$/, text: '3.0.x, 3.1.x or 3.2.x' },
  asyncapi: { pattern: /^(?:2\.[0-6]|3\.[01])\.\d+$/, text: '2.0.x to 2.6.x, 3.0.x or 3.1.x' },
};

function readVersion(document: OpenDocument, specification: Specification): Head | undefined {
  const place = child(document.root, specification);
  const specificationVersion = document.text(place, `"${specification}"`);
  if (specificationVersion === undefined) return undefined;
  const { pattern, text } = VERSIONS[specification];
  if (pattern.test(specificationVersion)) return { specification, specificationVersion };
  document.report(
    place,
    `"${specification}" ${specificationVersion} is not supported; use ${text}.`,
  );
  return undefined;
}

function checkInfo(document: OpenDocument): void {
  const info = child(document.root, 'info');
  if (info.value === undefined) {
    document.report(info, '"info" is missing; add it with "title" and "version".');
  }
  if (document.mapping(info, '"info"') === undefined) return;
  document.text(child(info, 'title'), '"info.title"');
  document.text(child(info, 'version'), '"info.version"');
}

function readOperations(document: OpenDocument, head: Head): readonly ContractOperation[] {
  if (head.specification === 'openapi') return readOpenApi(document, head.specificationVersion);
  return head.specificationVersion.startsWith('2.')
    ? readAsyncApi2(document)
    : readAsyncApi3(document);
}

function placed(document: OpenDocument, locate: Locate): readonly DocumentDefect[] {
  const unique = new Map(document.defects.map((one) => [`${one.pointer} ${one.message}`, one]));
  return [...unique.values()]
    .map(({ pointer, message }) => ({ pointer, position: locate(pointer), message }))
    .sort((one, other) => compare(one.position, other.position));
}

function compare(one: Position | undefined, other: Position | undefined): number {
  const lines = (one?.line ?? 0) - (other?.line ?? 0);
  return lines === 0 ? (one?.column ?? 0) - (other?.column ?? 0) : lines;
}
