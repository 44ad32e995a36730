import { type JsonValue, parseJson } from '@concordat/domain';
import type { FieldErrors } from '../http/hub-error.ts';
import type { KnownContent, SentContent } from './known-content.ts';

/** One contract of a publication, its content checked. */
export interface ContractToPublish {
  readonly provider: string;
  readonly content: SentContent;
  readonly onConflict: 'overwrite' | 'merge';
}

export interface ContractsToPublish {
  readonly pacticipant: string;
  readonly version: string;
  readonly branch: string | undefined;
  readonly tags: readonly string[];
  readonly buildUrl: string | undefined;
  readonly contracts: readonly ContractToPublish[];
}

export type ContractsReading =
  | { readonly ok: true; readonly request: ContractsToPublish }
  | { readonly ok: false; readonly errors: FieldErrors };

type Body = Readonly<Record<string, unknown>>;

const MAX_DEPTH = 50;

/** Checks the body of `POST /contracts/publish` under the broker's rules and words, and reads the contents that are not known. */
export function readContractsToPublish(body: Body, known: KnownContent): ContractsReading {
  const errors = new ErrorList();
  errors.addAll('pacticipantName', requiredText(body.pacticipantName));
  errors.addAll('pacticipantVersionNumber', [
    ...requiredText(body.pacticipantVersionNumber),
    ...singleLine(body.pacticipantVersionNumber),
  ]);
  errors.addAll('branch', optionalText(body.branch));
  errors.addAll('buildUrl', optionalLine(body.buildUrl));
  errors.addAll('tags', tagErrors(body.tags));
  const contracts = readContracts(body, { errors, known });
  if (errors.any) return { ok: false, errors: errors.byField() };
  return {
    ok: true,
    request: {
      pacticipant: String(body.pacticipantName),
      version: String(body.pacticipantVersionNumber),
      branch: body.branch === undefined || body.branch === null ? undefined : String(body.branch),
      buildUrl:
        body.buildUrl === undefined || body.buildUrl === null ? undefined : String(body.buildUrl),
      tags: Array.isArray(body.tags) ? body.tags.map(String) : [],
      contracts,
    },
  };
}

/** Keeps fields in the order they failed in. */
class ErrorList {
  readonly #messages = new Map<string, string[]>();

  get any(): boolean {
    return this.#messages.size > 0;
  }

  addAll(field: string, messages: readonly string[]): void {
    if (messages.length === 0) return;
    this.#messages.set(field, [...(this.#messages.get(field) ?? []), ...messages]);
  }

  byField(): FieldErrors {
    return Object.fromEntries(this.#messages);
  }
}

function requiredText(value: unknown): readonly string[] {
  if (value === undefined) return ['is missing'];
  if (value === null || value === '') return ['must be filled'];
  if (typeof value !== 'string') return ['must be a string'];
  return value.trim() === '' ? ['cannot be blank'] : [];
}

function singleLine(value: unknown): readonly string[] {
  return typeof value === 'string' && value.includes('\n') ? ['cannot contain multiple lines'] : [];
}

function optionalText(value: unknown): readonly string[] {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'string') return ['must be a string'];
  return value.trim() === '' ? ['cannot be blank'] : singleLine(value);
}

function optionalLine(value: unknown): readonly string[] {
  if (value === undefined || value === null) return [];
  return typeof value === 'string' ? singleLine(value) : ['must be a string'];
}

function tagErrors(tags: unknown): readonly string[] {
  if (tags === undefined || tags === null) return [];
  if (!Array.isArray(tags)) return ['must be an array'];
  return tags.flatMap((tag, index) =>
    [...requiredText(tag), ...singleLine(tag)].map((message) => `${message} (at index ${index})`),
  );
}

function readContracts(
  body: Body,
  { errors, known }: { readonly errors: ErrorList; readonly known: KnownContent },
): readonly ContractToPublish[] {
  if (body.contracts === undefined || body.contracts === null) {
    errors.addAll('contracts', ['is missing']);
    return [];
  }
  if (!Array.isArray(body.contracts)) {
    errors.addAll('contracts', ['must be an array']);
    return [];
  }
  return body.contracts.flatMap((contract: unknown, index) => {
    const { messages, contract: read } = readContract(contract, {
      pacticipant: body.pacticipantName,
      known,
    });
    errors.addAll(
      'contracts',
      messages.map((message) => `${message} (at index ${index})`),
    );
    return read ?? [];
  });
}

interface ContractReading {
  readonly messages: readonly string[];
  readonly contract: ContractToPublish | undefined;
}

function readContract(
  contract: unknown,
  { pacticipant, known }: { readonly pacticipant: unknown; readonly known: KnownContent },
): ContractReading {
  if (typeof contract !== 'object' || contract === null || Array.isArray(contract)) {
    return { messages: ['must be a hash'], contract: undefined };
  }
  const fields = contract as Body;
  const { messages: defects, content } = readContent(fields.content, known);
  const messages = [
    ...fieldMessages(fields),
    ...defects,
    ...nameMessages({ fields, pacticipant, content }),
  ];
  if (messages.length > 0 || content === undefined) {
    return { messages, contract: undefined };
  }
  return {
    messages,
    contract: {
      provider: String(fields.providerName),
      content,
      onConflict: fields.onConflict === 'merge' ? 'merge' : 'overwrite',
    },
  };
}

function fieldMessages(fields: Body): readonly string[] {
  const named = (name: string, messages: readonly string[]): readonly string[] =>
    messages.map((message) => `${name} ${message}`);
  return [
    ...named('consumerName', requiredText(fields.consumerName)),
    ...named('providerName', requiredText(fields.providerName)),
    ...named('content', requiredText(fields.content)),
    ...named('contentType', oneOf(fields.contentType, ['application/json'])),
    ...named('specification', oneOf(fields.specification, ['pact'])),
    ...named(
      'onConflict',
      fields.onConflict === undefined ? [] : oneOf(fields.onConflict, ['overwrite', 'merge']),
    ),
  ];
}

function oneOf(value: unknown, allowed: readonly string[]): readonly string[] {
  if (value === undefined) return ['is missing'];
  if (value === null || value === '') return ['must be filled'];
  return typeof value === 'string' && allowed.includes(value)
    ? []
    : [`must be one of: ${allowed.join(', ')}`];
}

interface ContentReading {
  readonly messages: readonly string[];
  readonly content: SentContent | undefined;
}

interface DocumentReading {
  readonly messages: readonly string[];
  readonly document: JsonValue | undefined;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const UNPARSEABLE = 'content could not be parsed as application/json';

function readContent(sent: unknown, known: KnownContent): ContentReading {
  if (typeof sent !== 'string') return { messages: ['is not valid Base64'], content: undefined };
  let messages: readonly string[] = [];
  const content = known.recall(sent, () => {
    const reading = decodeContent(sent);
    messages = reading.messages;
    return reading.document;
  });
  return { messages, content };
}

function decodeContent(content: string): DocumentReading {
  if (!BASE64.test(content)) {
    return { messages: ['is not valid Base64', UNPARSEABLE], document: undefined };
  }
  const bytes = Buffer.from(content, 'base64');
  const text = bytes.toString('utf8');
  if (!Buffer.from(text, 'utf8').equals(bytes)) {
    return { messages: [nonUtf8Message(text), UNPARSEABLE], document: undefined };
  }
  const result = parseJson(text, MAX_DEPTH);
  if (!result.ok) return { messages: [UNPARSEABLE], document: undefined };
  const kind = rubyClassOf(result.value);
  if (kind === 'Hash') return { messages: [], document: result.value };
  const message = `parsed content was expected to be a Hash but was a ${kind}`;
  return { messages: [message], document: undefined };
}

function nonUtf8Message(decoded: string): string {
  const valid = decoded.split('\uFFFD', 1)[0] ?? '';
  return `contract content has a non UTF-8 character at char ${valid.length + 1} and cannot be parsed as JSON. Fragment preceding invalid character is: '${valid.slice(-30)}'`;
}

function rubyClassOf(value: JsonValue): string {
  if (value === null) return 'NilClass';
  if (Array.isArray(value)) return 'Array';
  switch (typeof value) {
    case 'string':
      return 'String';
    case 'boolean':
      return value ? 'TrueClass' : 'FalseClass';
    default:
      return value instanceof Map ? 'Hash' : 'Numeric';
  }
}

function nameMessages(input: {
  readonly fields: Body;
  readonly pacticipant: unknown;
  readonly content: SentContent | undefined;
}): readonly string[] {
  const { consumerName, providerName } = input.fields;
  const messages: string[] = [];
  if (typeof consumerName === 'string' && consumerName !== input.pacticipant) {
    messages.push(
      `consumerName ('${consumerName}') must match pacticipantName ('${input.pacticipant ?? ''}')`,
    );
  }
  if (input.content === undefined) return messages;
  for (const [side, outer] of [
    ['consumer', consumerName],
    ['provider', providerName],
  ] as const) {
    const inner = input.content[side];
    if (inner !== undefined && typeof outer === 'string' && outer !== '' && inner !== outer) {
      messages.push(
        `${side} name in contract content ('${inner}') must match ${side}Name in contract params ('${outer}')`,
      );
    }
  }
  return messages;
}
