import type { GuardMismatch, GuardVerdict } from '../guard/guard-verdict.ts';
import type { Call } from '../traffic/call.ts';
import { isPassing } from './observed-call.ts';

/** A promise that the live guard saw broken, told once however many ends looked. */
export interface BrokenPromise {
  readonly consumer: string;
  readonly provider: string;
  readonly operation: string;
  readonly pactShas: readonly string[];
  readonly mismatches: readonly GuardMismatch[];
}

/**
 * What the guard's verdicts about a call accuse. An answer that a retry usually follows promises nothing about its content, and a
 * status that was not promised is a finding of its own.
 */
export function brokenPromises(call: Call): readonly BrokenPromise[] {
  const broken = (call.guard ?? []).filter((one) => one.verdict === 'broken' && isMeant(call, one));
  if (broken.length === 0 || isPassing(call)) return [];
  const found = new Map<string, BrokenPromise>();
  for (const verdict of broken) {
    const mismatches = verdict.mismatches.filter(({ part }) => part !== 'status');
    if (mismatches.length === 0 && verdict.mismatches.length > 0) continue;
    const key = JSON.stringify([verdict.consumer, verdict.provider, verdict.operation]);
    found.set(key, joined(found.get(key), verdict, mismatches));
  }
  return [...found.values()];
}

/**
 * A provider that is not told who asks judges by the pacts of all whose requests look like this one: when the call shows who asked,
 * the others were promised nothing. An event is sent to everybody.
 */
function isMeant({ consumer, exchange }: Call, verdict: GuardVerdict): boolean {
  return (
    exchange.kind !== 'http' ||
    verdict.side === 'consumer' ||
    consumer.virtual ||
    consumer.service === verdict.consumer
  );
}

function joined(
  known: BrokenPromise | undefined,
  { consumer, provider, operation, pactSha }: GuardVerdict,
  mismatches: readonly GuardMismatch[],
): BrokenPromise {
  const shas = pactSha === undefined ? [] : [pactSha];
  return {
    ...{ consumer, provider, operation },
    pactShas: [...new Set([...(known?.pactShas ?? []), ...shas])],
    mismatches: distinct([...(known?.mismatches ?? []), ...mismatches]),
  };
}

function distinct(mismatches: readonly GuardMismatch[]): readonly GuardMismatch[] {
  const everywhere = mismatches.map((each) => ({ ...each, pointer: inAnyItem(each.pointer) }));
  return [...new Map(everywhere.map((each) => [mismatchText(each), each])).values()];
}

/** The third item of a list is no other place than the first. */
function inAnyItem(pointer: string): string {
  return pointer.replaceAll(/\/\d+(?=\/|$)/g, '/*');
}

/** `body type /items/0/sku`: how a mismatch is written where it must be a text. */
export function mismatchText({ part, rule, pointer }: GuardMismatch): string {
  return `${part} ${rule} ${pointer}`;
}

const PARTS: readonly GuardMismatch['part'][] = [
  'method',
  'path',
  'query',
  'header',
  'status',
  'body',
  'metadata',
];

/** The other way round; undefined for what no mismatch is written as. */
export function readMismatch(text: string): GuardMismatch | undefined {
  const [, word, rule, pointer = ''] = /^(\S+) (\S+) (.*)$/s.exec(text) ?? [];
  const part = PARTS.find((each) => each === word);
  return part === undefined || rule === undefined ? undefined : { part, rule, pointer };
}
