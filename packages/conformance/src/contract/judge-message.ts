import type { MessageMatcher, MessagePromise } from '../calls/match-message.ts';
import type { PromisedInteraction } from '../calls/promised-interaction.ts';
import type { MessageCheck } from '../messages/compile-message.ts';
import type { Judgement } from './contract.ts';
import { nearerOf } from './judge-http.ts';
import type { Mismatch, Profile } from './mismatch.ts';
import type { MessageSample } from './sample.ts';

/** One message interaction with everything that judging takes. */
export interface JudgedMessage {
  readonly promise: MessagePromise;
  /** For what is sent and, of a synchronous message, for each answer. */
  readonly checks: readonly MessageCheck[];
  readonly judgeable: boolean;
  /** Read anew each time: few ask, and few need it twice. */
  readonly fields: () => readonly string[];
}

const NOTHING: readonly Mismatch[] = [];

/** Judges messages by the message interactions of one pact. */
export class MessageJudge {
  readonly #byInteraction: ReadonlyMap<PromisedInteraction, JudgedMessage>;
  readonly #matcher: MessageMatcher;
  readonly #profile: Profile;

  constructor(messages: readonly JudgedMessage[], matcher: MessageMatcher, profile: Profile) {
    this.#byInteraction = new Map(
      messages.map((judged) => [judged.promise.interaction, judged] as const),
    );
    this.#matcher = matcher;
    this.#profile = profile;
  }

  judge(sample: MessageSample): Judgement {
    const { system, destination, event } = sample;
    const found = this.#matcher.candidates({ kind: 'message', system, destination, event });
    if (found === undefined) {
      return this.#judgement('undecided', undefined, NOTHING);
    }
    let nearest: Judgement | undefined;
    for (const interaction of found) {
      const judgement = this.#against(interaction, sample);
      if (judgement.verdict === 'kept') {
        return judgement;
      }
      nearest = nearerOf(nearest, judgement);
    }
    return nearest ?? this.#judgement('uncovered', undefined, NOTHING);
  }

  #against(interaction: PromisedInteraction, sample: MessageSample): Judgement {
    const judged = this.#byInteraction.get(interaction);
    if (judged?.judgeable !== true) {
      return this.#judgement('undecided', interaction, NOTHING);
    }
    let least: readonly Mismatch[] | undefined;
    for (const check of judged.checks) {
      const mismatches = check(sample);
      if (mismatches.length === 0) {
        return this.#judgement('kept', interaction, NOTHING);
      }
      // What is sent goes before answers: a message that is neither is told how it differs from the former.
      least ??= mismatches;
    }
    return this.#judgement('broken', interaction, least ?? NOTHING);
  }

  #judgement(
    verdict: Judgement['verdict'],
    interaction: PromisedInteraction | undefined,
    mismatches: readonly Mismatch[],
  ): Judgement {
    return { verdict, profile: this.#profile, interaction, mismatches };
  }
}
