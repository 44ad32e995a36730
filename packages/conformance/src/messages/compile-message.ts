import type { BodyPartContext } from '../bodies/body-comparison.ts';
import { type BodyCheck, compileBody } from '../bodies/compile-body.ts';
import type { Mismatch } from '../contract/mismatch.ts';
import type { MessageSample } from '../contract/sample.ts';
import type { Compiling } from '../http/compile-part.ts';
import { jsonBodies } from '../json/compile-json-body.ts';
import type { PromisedMessage } from '../pact/pact-parts.ts';
import { BodyRules } from '../rules/body-rules.ts';
import { compileMetadata, contentTypeOf } from './compare-metadata.ts';

/** Judges contents and metadata of a message. */
export type MessageCheck = (
  actual: Pick<MessageSample, 'metadata' | 'body'>,
) => readonly Mismatch[];

export function compileMessage(promised: PromisedMessage, compiling: Compiling): MessageCheck {
  const { profile, notes } = compiling;
  const context: BodyPartContext = {
    part: 'message',
    profile,
    rules: BodyRules.compile(promised.bodyRules, notes),
    allowUnexpected: true,
    compileJson: jsonBodies(notes),
    acceptsContentType: undefined,
  };
  const bodyCheck: BodyCheck = compileBody(promised.body, context);
  const metadataCheck = compileMetadata(promised, compiling);
  return ({ metadata, body }) => {
    const contents =
      body === undefined
        ? []
        : bodyCheck({ ...body, contentType: body.contentType ?? contentTypeOf(metadata) });
    return [...contents, ...metadataCheck(metadata)];
  };
}
