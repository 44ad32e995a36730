import { compileRequest } from '../http/compile-request.ts';
import { compileResponse } from '../http/compile-response.ts';
import { readJson } from '../json/read-json.ts';
import { compileMessage } from '../messages/compile-message.ts';
import { type JsonObject, objectOf } from '../pact/json-values.ts';
import type { BodyNotation } from '../pact/pact-model.ts';
import { readMessagePart, readRequest, readResponse } from '../pact/pact-parts.ts';
import type { RuleNotes } from '../rules/compiled-rule.ts';
import type { Mismatch } from './mismatch.ts';
import type { MessageSample, RequestSample, ResponseSample } from './sample.ts';

/** What strictly comparing one part of a pact with a real one found. */
export interface PartComparison {
  readonly mismatches: readonly Mismatch[];
  /** Rules that cannot be judged: with any of them the part is not kept, whatever `mismatches` says. */
  readonly unjudged: readonly string[];
}

/** `4` for parts that wrap their bodies, `3` for all before. The promised part is the JSON text that a pact has for it. */
export type PartVersion = 3 | 4;

export function compareRequest(
  promised: string,
  actual: RequestSample,
  version: PartVersion,
): PartComparison {
  return compare(promised, version, ({ part, notation, notes }) => {
    const request = readRequest(part, { notation, defects: notes.defects });
    const { address, content } = compileRequest(request, { profile: 'strict', notes });
    return [...address(actual), ...content(actual)];
  });
}

export function compareResponse(
  promised: string,
  actual: ResponseSample,
  version: PartVersion,
): PartComparison {
  return compare(promised, version, ({ part, notation, notes }) => {
    const response = readResponse(part, { notation, defects: notes.defects });
    const { status, content } = compileResponse(response, { profile: 'strict', notes });
    return [...status(actual.status), ...content(actual)];
  });
}

export function compareMessage(
  promised: string,
  actual: Pick<MessageSample, 'metadata' | 'body'>,
  version: PartVersion,
): PartComparison {
  return compare(promised, version, ({ part, notation, notes }) => {
    const message = readMessagePart(part, { notation, defects: notes.defects });
    return compileMessage(message, { profile: 'strict', notes })(actual);
  });
}

interface PromisedText {
  readonly part: JsonObject;
  readonly notation: BodyNotation;
  readonly notes: RuleNotes;
}

function compare(
  promised: string,
  version: PartVersion,
  run: (text: PromisedText) => readonly Mismatch[],
): PartComparison {
  const reading = readJson(promised);
  if (!reading.ok) {
    return { mismatches: [], unjudged: [reading.words] };
  }
  const notes: RuleNotes = { defects: [], unjudged: [] };
  const notation = version === 4 ? 'wrapped' : 'bare';
  const mismatches = run({ part: objectOf(reading.value), notation, notes });
  return { mismatches, unjudged: notes.unjudged };
}
