import type { Call } from '../traffic/call.ts';
import type { FindingKind } from './finding.ts';
import { isPlumbing } from './observed-call.ts';

/** What is known about a call besides its spans. */
export interface CallFacts {
  /** What the pacts in force say; `undecided` when the spans do not tell enough. */
  readonly match: 'promised' | 'unpromised-status' | 'uncovered' | 'undecided';
  /** At least one pact exists between the two. */
  readonly hasPact: boolean;
  /** The service is a pacticipant. */
  readonly knowsConsumer: boolean;
  readonly knowsProvider: boolean;
  /** One of the two is a gateway that only passes calls on. */
  readonly isHop?: boolean;
}

/** Kinds that a call shows; the others follow from counts and records. */
export type SeenFinding = Extract<
  FindingKind,
  | 'uncovered-call'
  | 'unpromised-status'
  | 'unknown-consumer'
  | 'unknown-provider'
  | 'broken-promise'
  | 'undeclared-event'
>;

export type CallFinding = Exclude<SeenFinding, 'broken-promise' | 'undeclared-event'>;

/**
 * The finding that one observed call is, if any. A name that is only a guess (`virtual`), a pair that was only concluded from a topic, a
 * call of a service to itself, a hop of a gateway (or what was meant behind its hops) without a pact, an answer of no route at all and
 * an event that only moves between queues accuse nobody.
 */
export function judgeCall(call: Call, facts: CallFacts): CallFinding | undefined {
  if (facts.match === 'unpromised-status') {
    return 'unpromised-status';
  }
  if (facts.match !== 'uncovered' || !isCertain(call, facts) || isNobodys(call)) {
    return undefined;
  }
  if (facts.hasPact) {
    return 'uncovered-call';
  }
  return call.via !== undefined || facts.isHop === true ? undefined : judgeStrangers(facts);
}

/** Without any pact between the two: a call from a pacticipant should have one; two services that no contract knows need none. */
function judgeStrangers({ knowsConsumer, knowsProvider }: CallFacts): CallFinding | undefined {
  if (!knowsConsumer) {
    return knowsProvider ? 'unknown-consumer' : undefined;
  }
  return knowsProvider ? 'uncovered-call' : 'unknown-provider';
}

/** A provider that tells nothing is known by the address that was called; where a pact is with that very name, it is meant. */
function isCertain(
  { consumer, provider, inferred, exchange }: Call,
  { hasPact }: CallFacts,
): boolean {
  return (
    !consumer.virtual &&
    (!provider.virtual || hasPact) &&
    consumer.service !== provider.service &&
    !(inferred && exchange.kind === 'message')
  );
}

function isNobodys(call: Call): boolean {
  return hitNoRoute(call) || isPlumbing(call);
}

/** 404 and 405 without a route: the provider has no such operation, so nobody can depend on it. */
function hitNoRoute({ exchange }: Call): boolean {
  return (
    exchange.kind === 'http' &&
    (exchange.status === 404 || exchange.status === 405) &&
    exchange.route === undefined
  );
}

/** What the sender's own documents say of an event: `unknown` where it has none, or the spans tell too little. */
export type Declaration = 'declared' | 'undeclared' | 'unknown';

/** True for an event that its sender does not declare; who receives it does not matter, who sends it must be certain. */
export function isUndeclaredEvent(call: Call, declaration: Declaration): boolean {
  return (
    declaration === 'undeclared' && !call.provider.virtual && !call.inferred && !isPlumbing(call)
  );
}
