import { callPlaces as at, type CallValues } from '../traffic/call-attributes.ts';
import type { AttributeValue } from '../traffic/span.ts';
import type { GuardMismatch, GuardVerdict } from './guard-verdict.ts';

/** What is taken of one verdict; a span may claim any number of anything. */
export const verdictLimits = {
  /** Characters of a name, an operation, a rule. */
  text: 500,
  mismatches: 20,
  fields: 500,
} as const;

const sides = ['provider', 'consumer'] as const;
const verdicts = ['kept', 'broken', 'uncovered', 'undecided'] as const;
const parts = ['method', 'path', 'query', 'header', 'status', 'body', 'metadata'] as const;

/**
 * The verdict among the values of a span that has one. Names it does not tell are empty; undefined when its side or verdict are none,
 * or anything is not of its kind. Mismatches and pointers that are none are left out.
 */
export function readVerdict(values: CallValues): GuardVerdict | undefined {
  const side = oneOf(sides, values[at['concordat.guard.side']]);
  const verdict = oneOf(verdicts, values[at['concordat.guard.verdict']]);
  const names = namesAmong(values);
  const mismatches = listOf(values[at['concordat.guard.mismatches']]);
  const fields = listOf(values[at['concordat.guard.fields']]);
  const fieldsRead = values[at['concordat.guard.fields.read']];
  const read = fieldsRead === undefined ? undefined : listOf(fieldsRead);
  if (side === undefined || verdict === undefined || names === undefined) return undefined;
  if (mismatches === undefined || fields === undefined) return undefined;
  if (fieldsRead !== undefined && read === undefined) return undefined;
  return {
    side,
    verdict,
    ...names,
    mismatches: mismatches.map(mismatchOf).filter(isTold).slice(0, verdictLimits.mismatches),
    fields: pointersOf(fields),
    fieldsRead: read && pointersOf(read),
  };
}

type Names = Pick<GuardVerdict, 'consumer' | 'provider' | 'operation' | 'interaction' | 'pactSha'>;

function namesAmong(values: CallValues): Names | undefined {
  const consumer = textOf(values[at['concordat.guard.consumer']]);
  const provider = textOf(values[at['concordat.guard.provider']]);
  const operation = textOf(values[at['concordat.guard.operation']]);
  const interaction = textOf(values[at['concordat.guard.interaction']]);
  const pactSha = textOf(values[at['concordat.guard.pact.sha']]);
  if (consumer === undefined || provider === undefined || operation === undefined) return undefined;
  if (interaction === undefined || pactSha === undefined) return undefined;
  return {
    ...{ consumer, provider, operation },
    interaction: interaction === '' ? undefined : interaction,
    pactSha: pactSha === '' ? undefined : pactSha,
  };
}

/** Empty when it is not there; undefined when it is no text. */
function textOf(value: AttributeValue | undefined): string | undefined {
  if (value === undefined) return '';
  return typeof value === 'string' ? value.slice(0, verdictLimits.text) : undefined;
}

function oneOf<T extends string>(
  allowed: readonly T[],
  value: AttributeValue | undefined,
): T | undefined {
  return allowed.find((one) => one === value);
}

/** Empty when it is not there; undefined when it is no list. */
function listOf(value: AttributeValue | undefined): readonly AttributeValue[] | undefined {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly AttributeValue[]) : undefined;
}

/** `body type /items/0/id`: a pointer may hold spaces and may be empty. */
function mismatchOf(value: AttributeValue): GuardMismatch | undefined {
  if (typeof value !== 'string') return undefined;
  const [, first, rule = '', pointer = ''] = /^(\S+) (\S+)(?: (.*))?$/s.exec(value) ?? [];
  const part = oneOf(parts, first);
  if (part === undefined) return undefined;
  return {
    part,
    rule: rule.slice(0, verdictLimits.text),
    pointer: pointer.slice(0, verdictLimits.text),
  };
}

function isTold(mismatch: GuardMismatch | undefined): mismatch is GuardMismatch {
  return mismatch !== undefined;
}

/** Each once. A pointer that would be cut is another's, and is left out. */
function pointersOf(values: readonly AttributeValue[]): readonly string[] {
  const pointers = new Set<string>();
  for (const value of values) {
    if (pointers.size === verdictLimits.fields) break;
    if (typeof value === 'string' && isPointer(value)) pointers.add(value);
  }
  return [...pointers];
}

function isPointer(text: string): boolean {
  return text.length <= verdictLimits.text && (text === '' || text.startsWith('/'));
}
