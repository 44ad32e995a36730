import type { Contract, Judgement } from '@concordat/conformance';
import type { HeldPact } from '../contracts/held-pact.ts';
import { withinTime } from '../contracts/within-time.ts';

/** What the pacts with one other pacticipant say about an exchange. */
export interface PeerJudgement {
  readonly peer: string;
  readonly pact: HeldPact;
  readonly judgement: Judgement;
}

export interface JudgeQuestion {
  readonly peers: ReadonlyMap<string, readonly HeldPact[]>;
  /** Only this one; undefined: every one. */
  readonly peer: string | undefined;
  /** Of the consumer, where it is known: among pacts of several versions those of this one speak. */
  readonly version: string | undefined;
  /** Of all bodies together. */
  readonly bytes: number;
  readonly judge: (contract: Contract) => Judgement;
  readonly onSlow: () => void;
}

/** Below this many bytes an expression that takes the square of a text's length is done within milliseconds. */
const quadraticBytes = 4_096;
const millisOfOne = 25;
/** A machine that is busy elsewhere may be slow once. */
const mostTimeouts = 3;
/** Of all pacts of one exchange together. */
const millisOfAll = 50;

const order = { kept: 0, broken: 1, undecided: 2, uncovered: 3 } as const;

/** Judges with pact after pact, within bounds of time, and forgets a pact that takes too long again and again. */
export class PeerJudge {
  readonly #now: () => number;
  readonly #timeouts = new WeakMap<HeldPact, number>();

  /** In milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  judge(question: JudgeQuestion): readonly PeerJudgement[] {
    const until = this.#now() + millisOfAll;
    const found: PeerJudgement[] = [];
    for (const [peer, pacts] of question.peers) {
      if (question.peer !== undefined && question.peer !== peer) continue;
      const best = this.#best(ofVersion(pacts, question.version), question, until);
      if (best !== undefined) found.push({ peer, ...best });
      if (this.#now() > until) break;
    }
    return found;
  }

  /** Several versions of a consumer may run: what one of them is promised is kept although it is not what another expects. */
  #best(
    pacts: readonly HeldPact[],
    question: JudgeQuestion,
    until: number,
  ): Omit<PeerJudgement, 'peer'> | undefined {
    let best: Omit<PeerJudgement, 'peer'> | undefined;
    for (const pact of pacts) {
      const judgement = this.#one(pact, question);
      if (judgement === undefined) continue;
      if (best === undefined || order[judgement.verdict] < order[best.judgement.verdict]) {
        best = { pact, judgement };
      }
      if (judgement.verdict === 'kept' || this.#now() > until) break;
    }
    return best;
  }

  #one(pact: HeldPact, { judge, bytes, onSlow }: JudgeQuestion): Judgement | undefined {
    const timeouts = this.#timeouts.get(pact) ?? 0;
    if (timeouts >= mostTimeouts) {
      onSlow();
      return undefined;
    }
    const isSuspect =
      pact.risk === 'unbounded' || (pact.risk === 'quadratic' && bytes > quadraticBytes);
    if (!isSuspect) return judge(pact.contract);
    const judgement = withinTime(millisOfOne, () => judge(pact.contract));
    if (judgement === undefined) {
      this.#timeouts.set(pact, timeouts + 1);
      onSlow();
    }
    return judgement;
  }
}

function ofVersion(pacts: readonly HeldPact[], version: string | undefined): readonly HeldPact[] {
  if (version === undefined || pacts.length === 1) return pacts;
  const own = pacts.filter(({ consumerVersions }) => consumerVersions.includes(version));
  return own.length === 0 ? pacts : own;
}
