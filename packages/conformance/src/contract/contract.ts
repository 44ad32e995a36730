import type { PromisedInteraction } from '../calls/promised-interaction.ts';
import type { Mismatch, Profile } from './mismatch.ts';
import type { HttpSample, MessageSample } from './sample.ts';

/** What a pact says about one whole exchange, bodies included. */
export interface Judgement {
  /** `broken`: request and status are promised, the rest differs from every interaction that could be meant. */
  readonly verdict: 'kept' | 'broken' | 'uncovered' | 'undecided';
  readonly profile: Profile;
  /** The interaction that is kept, or the one that is nearest. */
  readonly interaction: PromisedInteraction | undefined;
  /** Against the nearest interaction; empty unless broken (or, where only a status is unpromised, that status). */
  readonly mismatches: readonly Mismatch[];
}

/** A pact compiled with everything in it; made by `compileContract(content, profile)`. */
export interface Contract {
  readonly interactions: readonly PromisedInteraction[];
  /** What could not be read, or needs a plugin and is not judged. */
  readonly defects: readonly string[];
  judgeHttp(sample: HttpSample): Judgement;
  judgeMessage(sample: MessageSample): Judgement;
  /** JSON pointers (array positions as `*`) of the fields that an interaction's answer or event names; empty where it has no JSON body. */
  fieldsOf(interaction: PromisedInteraction): readonly string[];
}
