import type { HttpPromise } from '../calls/http-promise.ts';
import type { HttpMatcher } from '../calls/match-http.ts';
import type { RequestCheck } from '../http/compile-request.ts';
import type { ResponseCheck } from '../http/compile-response.ts';
import type { Judgement } from './contract.ts';
import type { Mismatch, Profile } from './mismatch.ts';
import type { HttpSample } from './sample.ts';

/** One HTTP interaction with everything that judging takes. */
export interface JudgedHttp {
  readonly promise: HttpPromise;
  readonly request: RequestCheck;
  readonly response: ResponseCheck;
  /** False where a plugin or a rule is needed that nobody has here. */
  readonly judgeable: boolean;
  /** Read anew each time: few ask, and few need it twice. */
  readonly fields: () => readonly string[];
}

interface Meant {
  readonly judged: JudgedHttp;
  /** How close the request is to the example. */
  readonly rank: number;
}

const NOTHING: readonly Mismatch[] = [];

/** Judges exchanges by the HTTP interactions of one pact. */
export class HttpJudge {
  readonly #interactions: readonly JudgedHttp[];
  readonly #byPromise: ReadonlyMap<HttpPromise, JudgedHttp>;
  readonly #matcher: HttpMatcher;
  readonly #profile: Profile;

  constructor(interactions: readonly JudgedHttp[], matcher: HttpMatcher, profile: Profile) {
    this.#interactions = interactions;
    this.#byPromise = new Map(interactions.map((judged) => [judged.promise, judged]));
    this.#matcher = matcher;
    this.#profile = profile;
  }

  /**
   * An exchange is held against every interaction with this request and this status: they may differ in provider state, headers or
   * body only, and one that is kept is enough.
   */
  judge(sample: HttpSample): Judgement {
    const meant = this.#meant(sample);
    const answered = meant.filter(({ judged }) => accepts(judged, sample));
    if (answered.length > 0) {
      return this.#judgeContents(closest(answered), sample);
    }
    const nearest = closest(meant)[0];
    const status = sample.response?.status;
    return {
      verdict: 'uncovered',
      profile: this.#profile,
      interaction: nearest?.promise.interaction,
      mismatches:
        nearest === undefined || status === undefined ? NOTHING : nearest.response.status(status),
    };
  }

  /** The interactions whose method, path and query these are; live by likeness, too. */
  #meant({ request }: HttpSample): readonly Meant[] {
    if (this.#profile === 'strict') {
      return this.#interactions
        .filter((judged) => judged.request.address(request).length === 0)
        .map((judged) => ({ judged, rank: 0 }));
    }
    const exchange = {
      kind: 'http',
      method: request.method.toUpperCase(),
      path: request.path,
      query: request.query,
      route: undefined,
      status: undefined,
    } as const;
    return this.#matcher.candidates(exchange, true).flatMap(({ promise, rank }) => {
      const judged = this.#byPromise.get(promise);
      return judged === undefined ? [] : [{ judged, rank }];
    });
  }

  #judgeContents(answered: readonly JudgedHttp[], sample: HttpSample): Judgement {
    let nearest: Judgement | undefined;
    for (const judged of answered) {
      const judgement = this.#against(judged, sample);
      if (judgement.verdict === 'kept') {
        return judgement;
      }
      nearest = nearerOf(nearest, judgement);
    }
    return nearest ?? this.#undecided(undefined);
  }

  #against(judged: JudgedHttp, { request, response }: HttpSample): Judgement {
    if (!judged.judgeable) {
      return this.#undecided(judged);
    }
    const mismatches = [
      ...judged.request.content(request),
      ...(response === undefined ? NOTHING : judged.response.content(response)),
    ];
    return {
      verdict: mismatches.length === 0 ? 'kept' : 'broken',
      profile: this.#profile,
      interaction: judged.promise.interaction,
      mismatches,
    };
  }

  #undecided(judged: JudgedHttp | undefined): Judgement {
    return {
      verdict: 'undecided',
      profile: this.#profile,
      interaction: judged?.promise.interaction,
      mismatches: NOTHING,
    };
  }
}

function closest(meant: readonly Meant[]): readonly JudgedHttp[] {
  const top = meant.reduce((highest, { rank }) => Math.max(highest, rank), 0);
  return meant.filter(({ rank }) => rank === top).map(({ judged }) => judged);
}

/** 304 is the cached form of a promised success. */
function accepts({ response }: JudgedHttp, sample: HttpSample): boolean {
  const status = sample.response?.status;
  return (
    status === undefined ||
    response.status(status).length === 0 ||
    (status === 304 && response.status(200).length === 0)
  );
}

/** What cannot be decided might be kept, so it is said before what is broken; of two that are broken the one with less. */
export function nearerOf(known: Judgement | undefined, other: Judgement): Judgement {
  if (known === undefined || known.verdict === 'undecided') {
    return known ?? other;
  }
  return other.verdict === 'undecided' || other.mismatches.length < known.mismatches.length
    ? other
    : known;
}
