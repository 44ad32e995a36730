import type { Call } from '../traffic/call.ts';
import type { FindingKind } from './finding.ts';

/** What is known about a call besides its spans. */
export interface CallFacts {
  /** What the pacts in force say; `undecided` when the spans do not tell enough. */
  readonly match: 'promised' | 'unpromised-status' | 'uncovered' | 'undecided';
  /** At least one pact exists between the two. */
  readonly hasPact: boolean;
  /** The service is a pacticipant. */
  readonly knowsConsumer: boolean;
  readonly knowsProvider: boolean;
}

export type CallFinding = Extract<
  FindingKind,
  'uncovered-call' | 'unpromised-status' | 'unknown-consumer' | 'unknown-provider'
>;

/**
 * The finding that one observed call is, if any. A name that is a guess (`virtual`), a pair that was only concluded from a topic, a
 * call of a service to itself and an answer of no route at all accuse nobody.
 */
export function judgeCall(call: Call, facts: CallFacts): CallFinding | undefined {
  if (facts.match === 'unpromised-status') {
    return 'unpromised-status';
  }
  if (facts.match !== 'uncovered' || !isCertain(call) || hitNoRoute(call)) {
    return undefined;
  }
  if (facts.hasPact) {
    return 'uncovered-call';
  }
  return judgeStrangers(facts);
}

/** Without any pact between the two: a call from a pacticipant should have one; two services that no contract knows need none. */
function judgeStrangers({ knowsConsumer, knowsProvider }: CallFacts): CallFinding | undefined {
  if (!knowsConsumer) {
    return knowsProvider ? 'unknown-consumer' : undefined;
  }
  return knowsProvider ? 'uncovered-call' : 'unknown-provider';
}

function isCertain({ consumer, provider, inferred, exchange }: Call): boolean {
  return (
    !consumer.virtual &&
    !provider.virtual &&
    consumer.service !== provider.service &&
    !(inferred && exchange.kind === 'message')
  );
}

/** 404 and 405 without a route: the provider has no such operation, so nobody can depend on it. */
function hitNoRoute({ exchange }: Call): boolean {
  return (
    exchange.kind === 'http' &&
    (exchange.status === 404 || exchange.status === 405) &&
    exchange.route === undefined
  );
}
