import { type EvidenceFloor, judgeUsage } from '../usage/judge-usage.ts';
import type { Evidence } from '../usage/usage.ts';

export type RemovalAnswer = 'yes' | 'no' | 'cannot-tell';

/** One thing that speaks for or against; `answer` is what it would say alone. */
export interface RemovalReason {
  readonly kind:
    | 'promised'
    | 'declared-receiver'
    | 'called'
    | 'unresolved-calls'
    | 'unnamed-events'
    | 'field-read'
    | 'field-unknown-use'
    | 'field-not-needed'
    | 'not-called'
    | 'too-little-evidence';
  readonly answer: RemovalAnswer;
  readonly consumers: readonly string[];
  readonly sentence: string;
}

/** Who has to do with an operation, an event or a field; consumers by name, each once. */
export interface RemovalFacts {
  readonly provider: string;
  /** `GET /v1/orders/{id}`, `send order.placed`. */
  readonly operation: string;
  /** With a pact in force that names it. */
  readonly promisedBy: readonly string[];
  /** Without such a pact, but with an AsyncAPI document that receives the event. */
  readonly receivers: readonly string[];
  /** Who called or received the operation in the window. */
  readonly callers: readonly string[];
  /** Who made calls that no contract names and that may be it. */
  readonly unresolvedCallers: readonly string[];
  /** Who received events of the provider whose spans do not name them. */
  readonly unnamedReceivers: readonly string[];
  /** Of all calls to the provider (events from it) in the window. */
  readonly evidence: Evidence;
  readonly floor: EvidenceFloor;
  /** Only when a field is asked about. */
  readonly field: FieldFacts | undefined;
}

export interface FieldFacts {
  readonly pointer: string;
  /** Whose code was seen reading it. */
  readonly readers: readonly string[];
  /** Whose pacts for the operation name fields, and not this one. */
  readonly othersPromised: readonly string[];
  /** Whose reading was watched often enough, and never was of this field. */
  readonly neverReading: readonly string[];
}

/** Whether it can go, with every reason; one `no` decides, then one `cannot-tell`. */
export function judgeRemoval(facts: RemovalFacts): {
  readonly answer: RemovalAnswer;
  readonly reasons: readonly RemovalReason[];
} {
  const reasons = [
    ...promises(facts),
    ...doubts(facts),
    ...(facts.field === undefined ? calls(facts) : reads(facts, facts.field)),
  ];
  const answers = reasons.map(({ answer }) => answer);
  const decisive = (['no', 'cannot-tell'] as const).find((answer) => answers.includes(answer));
  return { answer: decisive ?? 'yes', reasons };
}

function promises({ promisedBy, receivers, field }: RemovalFacts): readonly RemovalReason[] {
  const names = promisedBy.length === 1 ? 'pact of' : 'pacts of';
  const name = promisedBy.length === 1 ? 'names' : 'name';
  const declare = receivers.length === 1 ? 'declares' : 'declare';
  // A document that receives an event does not say what of it is read.
  const alone = field === undefined ? 'no' : 'cannot-tell';
  return [
    ...someone('promised', 'no', promisedBy).map((reason) => ({
      ...reason,
      sentence: `The ${names} ${list(promisedBy)} ${name} it: who no longer needs it takes it out of its pact first.`,
    })),
    ...someone('declared-receiver', alone, receivers).map((reason) => ({
      ...reason,
      sentence: `${list(receivers)} ${declare} in AsyncAPI to receive it, without any pact.`,
    })),
  ];
}

/** Calls of which nobody can say what they were. */
function doubts({ unresolvedCallers, unnamedReceivers, operation }: RemovalFacts) {
  return [
    ...someone('unresolved-calls', 'cannot-tell', unresolvedCallers).map((reason) => ({
      ...reason,
      sentence: `${list(unresolvedCallers)} made calls that no contract names and that may be ${operation}.`,
    })),
    ...someone('unnamed-events', 'cannot-tell', unnamedReceivers).map((reason) => ({
      ...reason,
      sentence: `${list(unnamedReceivers)} received events whose spans do not name them, and that may be ${operation}.`,
    })),
  ];
}

function calls(facts: RemovalFacts): readonly RemovalReason[] {
  const { callers, operation } = facts;
  if (callers.length === 0) return [silence(facts)];
  const verb = isEvent(operation) ? 'received' : 'called';
  return someone('called', 'no', callers).map((reason) => ({
    ...reason,
    sentence: `${list(callers)} ${verb} it in the window.`,
  }));
}

/** Nobody called: that says something only where enough was looked at. */
function silence({ provider, operation, evidence, floor }: RemovalFacts): RemovalReason {
  const looked = `${Math.round(evidence.calls)} ${isEvent(operation) ? 'events of' : 'calls to'} ${provider}`;
  const isEnough = judgeUsage(0, evidence, floor) === 'not-seen';
  return isEnough
    ? {
        ...{ kind: 'not-called', answer: 'yes', consumers: [] },
        sentence: `None of ${looked} in the window was ${operation}.`,
      }
    : {
        ...{ kind: 'too-little-evidence', answer: 'cannot-tell', consumers: [] },
        sentence: `${looked} in the window${sampling(evidence)} are too little to say that nobody uses it.`,
      };
}

function sampling({ sampleRate }: Evidence): string {
  return sampleRate < 1 ? `, ${(sampleRate * 100).toPrecision(2)} % of them sampled,` : '';
}

/** A field goes with nobody's harm when everyone who gets the answer is known not to need it. */
function reads(facts: RemovalFacts, field: FieldFacts): readonly RemovalReason[] {
  const { callers } = facts;
  const { readers, othersPromised, neverReading, pointer } = field;
  const others = callers.filter((name) => !readers.includes(name));
  const known = others.filter(
    (name) => othersPromised.includes(name) || neverReading.includes(name),
  );
  const unknown = others.filter(
    (name) => !known.includes(name) && !facts.promisedBy.includes(name),
  );
  return [
    ...someone('field-read', 'no', readers).map((reason) => ({
      ...reason,
      sentence: `The code of ${list(readers)} was seen reading ${pointer}.`,
    })),
    ...someone('field-unknown-use', 'cannot-tell', unknown).map((reason) => ({
      ...reason,
      sentence: `${list(unknown)} called it, and neither a pact that names its fields nor the live guard says whether ${pointer} is read.`,
    })),
    ...someone('field-not-needed', 'yes', known).map((reason) => ({
      ...reason,
      sentence: `${list(known)} called it, and ${notNeeded(known, neverReading)}.`,
    })),
    ...(callers.length === 0 ? [silence(facts)] : []),
  ];
}

function notNeeded(known: readonly string[], neverReading: readonly string[]): string {
  return known.every((name) => neverReading.includes(name))
    ? 'the live guard never saw the field read'
    : 'pacts that name other fields, or a live guard that never saw it read, say that it is not needed';
}

function someone<K extends RemovalReason['kind']>(
  kind: K,
  answer: RemovalAnswer,
  consumers: readonly string[],
): readonly { readonly kind: K; answer: RemovalAnswer; consumers: readonly string[] }[] {
  return consumers.length === 0 ? [] : [{ kind, answer, consumers }];
}

function isEvent(operation: string): boolean {
  return operation.startsWith('send ');
}

function list(names: readonly string[]): string {
  return names.join(', ');
}
