import type { Mismatch } from '../contract/mismatch.ts';
import type { SampleBody } from '../contract/sample.ts';
import type { BodyPartContext } from './body-comparison.ts';
import { bodyMismatch } from './body-mismatch.ts';
import { compileForm } from './compare-form.ts';
import { type CompileFile, compileMultipart } from './compare-multipart.ts';
import { compileBinary, compileText } from './compare-text.ts';
import { compileXml } from './compare-xml.ts';
import {
  baseTypeOf,
  bodyKindOf,
  isEquivalent,
  isUnknown,
  type MediaType,
  mediaTypeOf,
  mediaTypeText,
  withoutParameters,
} from './media-type.ts';

/** The body that a part of a pact states. Missing: nothing is said about it; null and empty: there is none. */
export type PromisedBody =
  | { readonly kind: 'missing' }
  | { readonly kind: 'null' | 'empty'; readonly contentType: string | undefined }
  | {
      readonly kind: 'present';
      /** Of the body itself, else of the part's header or metadata; undefined: it is told by the first bytes. */
      readonly contentType: string | undefined;
      readonly content: Uint8Array;
    };

/** Compiled once for a promised body; called for every real one. An actual body without bytes counts as absent. */
export type BodyCheck = (actual: SampleBody) => readonly Mismatch[];

/** Makes a promised body ready for judging real ones by its content type. Never throws: what cannot be read differs. */
export function compileBody(promised: PromisedBody, context: BodyPartContext): BodyCheck {
  if (promised.kind === 'missing') {
    return () => NOTHING;
  }
  const content = promised.kind === 'present' ? promised.content : EMPTY;
  const type = mediaTypeOf(promised.contentType, content);
  if (promised.kind !== 'present') {
    return (actual) => compareWithNone(type, actual, context);
  }
  const compare = compileContent({ type, content }, context);
  return (actual) => {
    const actualType = mediaTypeOf(actual.contentType, actual.content);
    if (!isComparable(type, actual, context)) {
      return [differentType(type, actualType)];
    }
    return actual.content.length === 0
      ? [missingBody(type, content)]
      : compare({ type: actualType, content: actual.content });
  };
}

const NOTHING: readonly Mismatch[] = [];
const EMPTY = new Uint8Array();

interface TypedBody {
  readonly type: MediaType;
  readonly content: Uint8Array;
}

type CompareTyped = (actual: TypedBody) => readonly Mismatch[];

function compileContent(promised: TypedBody, context: BodyPartContext): CompareTyped {
  const { type, content } = promised;
  const expected = { contentType: mediaTypeText(type), content };
  switch (bodyKindOf(type)) {
    case 'json':
      return ignoringType(context.compileJson(expected, context));
    case 'xml':
      return ignoringType(compileXml(expected, context));
    case 'form':
      return ignoringType(compileForm(expected, context));
    case 'binary':
      return ignoringType(compileBinary(expected, context));
    case 'text':
      return ignoringType(compileText(expected, context));
    case 'multipart':
      return compileMultipart(promised, context, compileFile);
  }
}

function ignoringType(compare: (actual: Uint8Array) => readonly Mismatch[]): CompareTyped {
  return ({ content }) => compare(content);
}

const compileFile: CompileFile = (expected, context) => {
  const check = compileBody(
    { kind: 'present', contentType: expected.contentType ?? '*/*', content: expected.content },
    context,
  );
  return ({ contentType = '*/*', content }) => check({ contentType, content });
};

/** Messages are held to their type; in requests and answers an unknown one, and one by its suffix, is let pass. */
function isComparable(
  promised: MediaType,
  { contentType, content }: SampleBody,
  { part, profile, acceptsContentType }: BodyPartContext,
): boolean {
  const actual = mediaTypeOf(contentType, content);
  const wanted = profile === 'live' ? withoutParameters(promised) : promised;
  if (isEquivalent(wanted, actual)) {
    return true;
  }
  return (
    part !== 'message' &&
    (isUnknown(promised) ||
      isUnknown(actual) ||
      isEquivalent(wanted, baseTypeOf(actual)) ||
      acceptsContentType?.(contentType ?? mediaTypeText(actual)) === true)
  );
}

function compareWithNone(
  type: MediaType,
  actual: SampleBody,
  context: BodyPartContext,
): readonly Mismatch[] {
  const unexpectedAllowed = context.profile === 'live' && context.part === 'request';
  if (actual.content.length === 0 || unexpectedAllowed) {
    return NOTHING;
  }
  if (!isComparable(type, actual, context)) {
    return NOTHING;
  }
  const text = `Expected empty body but received ${actual.content.length} bytes`;
  return [bodyMismatch([], { rule: 'unexpected', kind: 'unexpected', text })];
}

function missingBody(type: MediaType, content: Uint8Array): Mismatch {
  const text = `Expected body of ${content.length} bytes of ${mediaTypeText(type)} but was empty`;
  return bodyMismatch([], { rule: 'required', kind: 'missing', text });
}

function differentType(promised: MediaType, actual: MediaType): Mismatch {
  const text = `Expected a body of '${mediaTypeText(promised)}' but the actual content type was '${mediaTypeText(actual)}'`;
  return { part: 'body-type', pointer: '', path: '$', rule: 'equality', kind: 'type', text };
}
