import type { PromisedBody } from '../bodies/compile-body.ts';
import type { JsonObject } from './json-values.ts';
import { objectOf, textOf } from './json-values.ts';
import type { BodyNotation, RuleList } from './pact-model.ts';
import { parsePactQuery, type QueryValues } from './parse-query.ts';
import { type PartRules, parsePartRules } from './parse-rules.ts';
import { readBody } from './read-body.ts';
import { headerValues } from './read-headers.ts';

export interface PromisedHeader {
  /** As the pact writes it. */
  readonly name: string;
  readonly values: readonly string[];
  readonly rules: RuleList | undefined;
}

/** A request or an answer with everything a pact says about it. */
export interface PromisedPart {
  readonly headers: readonly PromisedHeader[];
  readonly contentTypeRules: RuleList | undefined;
  readonly body: PromisedBody;
  readonly bodyRules: ReadonlyMap<string, RuleList>;
}

export interface PromisedRequest extends PromisedPart {
  readonly method: string;
  readonly path: string;
  readonly pathRules: RuleList | undefined;
  readonly query: QueryValues;
  readonly queryRules: ReadonlyMap<string, RuleList>;
}

export interface PromisedResponse extends PromisedPart {
  readonly status: number;
  readonly statusRules: RuleList | undefined;
}

export interface PromisedMessage {
  readonly body: PromisedBody;
  readonly bodyRules: ReadonlyMap<string, RuleList>;
  readonly metadata: JsonObject;
  readonly metadataRules: ReadonlyMap<string, RuleList>;
}

/** How a part is to be read: in which notation its body is, and where defects go. */
export interface PartReading {
  readonly notation: BodyNotation;
  readonly defects: string[];
}

export function readRequest(request: JsonObject, reading: PartReading): PromisedRequest {
  const rules = parsePartRules(request.matchingRules, reading.defects);
  return {
    ...readPart(request, rules, reading),
    method: (textOf(request.method) ?? 'GET').toUpperCase(),
    path: textOf(request.path) ?? '/',
    pathRules: rules.path,
    query: parsePactQuery(request.query),
    queryRules: rules.query,
  };
}

export function readResponse(response: JsonObject, reading: PartReading): PromisedResponse {
  const rules = parsePartRules(response.matchingRules, reading.defects);
  const status = Number(response.status ?? 200);
  return {
    ...readPart(response, rules, reading),
    status: Number.isInteger(status) ? status : 200,
    statusRules: rules.status,
  };
}

function readPart(part: JsonObject, rules: PartRules, { notation }: PartReading): PromisedPart {
  const headers = Object.entries(objectOf(part.headers)).map(([name, value]) => ({
    name,
    values: headerValues(name, value),
    rules: rules.header.get(name.toLowerCase()),
  }));
  const contentType = headers.find(({ name }) => name.toLowerCase() === 'content-type')?.values[0];
  return {
    headers,
    contentTypeRules: rules.header.get('content-type'),
    body: readBody(part.body, { contentType, notation }),
    bodyRules: rules.body,
  };
}

export function readMessagePart(message: JsonObject, reading: PartReading): PromisedMessage {
  const rules = parsePartRules(message.matchingRules, reading.defects);
  const metadata = objectOf(message.metadata ?? message.metaData);
  const { notation } = reading;
  return {
    body: readBody(message.contents, { contentType: contentTypeIn(metadata, notation), notation }),
    bodyRules: rules.body,
    metadata,
    metadataRules: rules.metadata,
  };
}

/** Version 4 writes `contentType`; before, it was written as people liked. */
function contentTypeIn(metadata: JsonObject, notation: BodyNotation): string | undefined {
  if (notation === 'wrapped') {
    return textOf(metadata.contentType);
  }
  const name = Object.keys(metadata).find((key) => /^content-?type$/i.test(key));
  return name === undefined ? undefined : textOf(metadata[name]);
}
