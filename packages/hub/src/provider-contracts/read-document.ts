import { createHash } from 'node:crypto';
import type { DocumentDefectResource } from '@concordat/api';
import {
  type DocumentDefect,
  type ProviderContract,
  readProviderContract,
  type Specification,
} from '@concordat/domain';
import { HubError } from '../http/hub-error.ts';
import { decodeUtf8 } from '../http/read-body.ts';
import { formatOf } from './document-format.ts';
import { parseJson } from './parse-json.ts';
import { parseYaml } from './parse-yaml.ts';

/** A document that was read without a defect, with the bytes it was read from. */
export interface ReadDocument {
  readonly contract: ProviderContract;
  readonly content: Uint8Array;
  /** In hex. */
  readonly sha256: string;
  readonly contentType: string;
}

/** Reads a published document by its content type; a broken one is refused with all its defects and their places. */
export function readDocument(content: Uint8Array, contentType: string): ReadDocument {
  const format = formatOf(contentType) ?? { syntax: 'json', specification: undefined };
  const text = decodeUtf8(content);
  const parsed = format.syntax === 'json' ? parseJson(text) : parseYaml(text);
  if (parsed.kind === 'unreadable') throw broken(parsed.defects);
  const reading = readProviderContract(parsed.value, parsed.locate);
  const found = reading.kind === 'refused' ? reading.defects : [];
  if (reading.kind === 'refused' || parsed.defects.length > 0) {
    throw broken([...parsed.defects, ...found]);
  }
  const { contract } = reading;
  if (format.specification !== undefined && format.specification !== contract.specification) {
    throw broken([wrongType(contentType, contract.specification)]);
  }
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { contract, content, sha256, contentType };
}

function wrongType(contentType: string, specification: Specification): DocumentDefect {
  const message = `The content type is ${contentType}, but the document is ${specification}; send the type that fits.`;
  return { pointer: '', position: { line: 1, column: 1 }, message };
}

/** A generated document can repeat one mistake a hundred thousand times; the answer says how many there are. */
const MAXIMUM_LISTED = 1000;

function broken(defects: readonly DocumentDefect[]): HubError {
  const count = defects.length === 1 ? 'one defect' : `${defects.length} defects`;
  const errors = defects.slice(0, MAXIMUM_LISTED).map(
    ({ message, pointer, position }): DocumentDefectResource => ({
      detail: message,
      pointer,
      line: position?.line ?? null,
      column: position?.column ?? null,
    }),
  );
  const more = defects.length > MAXIMUM_LISTED ? ` The first ${MAXIMUM_LISTED} are listed.` : '';
  const message = `The document has ${count}; nothing was stored.${more}`;
  return new HubError('INVALID_DOCUMENT', message, {
    extensions: { errors },
  });
}
