import type { BodyPartContext } from '../bodies/body-comparison.ts';
import { compileBody } from '../bodies/compile-body.ts';
import type { Mismatch, Profile } from '../contract/mismatch.ts';
import type { SampleBody, SampleHeaders } from '../contract/sample.ts';
import { jsonBodies } from '../json/compile-json-body.ts';
import type { PromisedPart } from '../pact/pact-parts.ts';
import { BodyRules, textMismatches } from '../rules/body-rules.ts';
import { compileRules, type RuleNotes } from '../rules/compiled-rule.ts';
import { actualHeaders, compileHeaders } from './compare-headers.ts';

/** How a part is compiled: under which profile, and where to note what cannot be judged. */
export interface Compiling {
  readonly profile: Profile;
  readonly notes: RuleNotes;
}

/** Headers and body as they came; what was not captured is not judged. */
export interface ActualPart {
  readonly headers: SampleHeaders | undefined;
  readonly body: SampleBody | undefined;
}

/** Judges the headers and the body of a request or an answer. */
export type PartCheck = (actual: ActualPart) => readonly Mismatch[];

export function compilePart(
  promised: PromisedPart,
  part: 'request' | 'response',
  { profile, notes }: Compiling,
): PartCheck {
  const headersCheck = compileHeaders(promised.headers, profile, notes);
  const context: BodyPartContext = {
    part,
    profile,
    rules: BodyRules.compile(promised.bodyRules, notes),
    allowUnexpected: part === 'response' || profile === 'live',
    compileJson: jsonBodies(notes),
    acceptsContentType: acceptedTypes(promised, notes),
  };
  const bodyCheck = compileBody(promised.body, context);
  const named = promised.headers.length > 0;
  return ({ headers, body }) => [
    ...(headers === undefined || !named ? [] : headersCheck(actualHeaders(headers))),
    ...(body === undefined ? [] : bodyCheck(typed(body, headers))),
  ];
}

function typed(body: SampleBody, headers: SampleHeaders | undefined): SampleBody {
  if (body.contentType !== undefined || headers === undefined) {
    return body;
  }
  const name = Object.keys(headers).find((key) => key.toLowerCase() === 'content-type');
  const value = name === undefined ? undefined : headers[name];
  return { ...body, contentType: typeof value === 'string' ? value : value?.[0] };
}

/** Rules for the header content-type widen what the body may be, too. */
function acceptedTypes(
  { contentTypeRules, headers }: PromisedPart,
  notes: RuleNotes,
): BodyPartContext['acceptsContentType'] {
  if (contentTypeRules === undefined) {
    return undefined;
  }
  const rules = compileRules(contentTypeRules, notes);
  const expected = headers.find(({ name }) => name.toLowerCase() === 'content-type')?.values[0];
  const place = { part: 'header', pointer: '', path: '' } as const;
  return (actual) =>
    textMismatches(rules, { expected: expected ?? '', actual, cascaded: false, place }).length ===
    0;
}
