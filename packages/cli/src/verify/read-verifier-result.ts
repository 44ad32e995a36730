import type { TracedInteraction } from './trace-pact.ts';
import type { InteractionVerification, Mismatch } from './verification.ts';
import type { VerifierAnswer } from './verifier-process.ts';

/** One verdict for every interaction that was to be replayed, whatever the verifier answered. */
export function readVerifierAnswer(
  answer: VerifierAnswer,
  interactions: readonly TracedInteraction[],
): readonly InteractionVerification[] {
  if (answer.kind === 'result') {
    const result = JSON.parse(answer.json) as VerifierResult;
    return interactions.map((one) => verdictOf(one, result));
  }
  const at = interactions.find(({ traceparent }) => traceparent === answer.lastTraceparent);
  const where = at === undefined ? '' : ` It was last at '${at.description}'.`;
  return interactions.map((one) => failedBy(one, `${answer.message}${where}`));
}

/** The official verifier's JSON, as far as it is used. */
interface VerifierResult {
  readonly interactionResults?: readonly InteractionResult[];
  readonly errors?: readonly VerifierError[];
  readonly pendingErrors?: readonly VerifierError[];
}

interface InteractionResult {
  readonly interactionId?: string;
  readonly result?: string;
  readonly duration?: string;
}

interface VerifierError {
  readonly mismatch?: {
    readonly interactionId?: string;
    readonly message?: string;
    readonly mismatches?: readonly RawMismatch[];
  };
}

interface RawMismatch {
  readonly type?: string;
  readonly path?: string;
  readonly key?: string;
  readonly parameter?: string;
  readonly mismatch?: string;
  readonly expected?: unknown;
  readonly actual?: unknown;
}

function verdictOf(
  interaction: TracedInteraction,
  { interactionResults = [], errors = [], pendingErrors = [] }: VerifierResult,
): InteractionVerification {
  const { key } = interaction;
  const result = interactionResults.find((one) => one.interactionId === key);
  if (result === undefined) return failedBy(interaction, 'The verifier gave no result for it.');
  const own = [...errors, ...pendingErrors].filter((one) => one.mismatch?.interactionId === key);
  const mismatches = own.flatMap(mismatchesOf);
  const success = result.result === 'OK' && mismatches.length === 0;
  const unexplained = { ...whole('request'), description: 'The verifier gave no reason.' };
  return {
    ...base(interaction),
    success,
    seconds: secondsOf(result.duration ?? ''),
    mismatches: success || mismatches.length > 0 ? mismatches : [unexplained],
  };
}

function failedBy(interaction: TracedInteraction, description: string): InteractionVerification {
  const mismatches = [{ ...whole('request'), description }];
  return { ...base(interaction), success: false, seconds: 0, mismatches };
}

function base({
  key: _,
  traceparent: __,
  ...interaction
}: TracedInteraction): Omit<InteractionVerification, 'success' | 'seconds' | 'mismatches'> {
  return { ...interaction, isTraced: false, spans: [] };
}

function mismatchesOf({ mismatch }: VerifierError): readonly Mismatch[] {
  if (mismatch?.mismatches === undefined) {
    return [
      { ...whole('request'), description: mismatch?.message ?? 'The verifier gave no reason.' },
    ];
  }
  return mismatch.mismatches.map((one) => ({
    attribute: (one.type ?? 'request').replace(/Mismatch$/, '').toLowerCase(),
    identifier: one.path ?? one.key ?? one.parameter ?? '',
    description: one.mismatch ?? `expected ${text(one.expected)} but was ${text(one.actual)}`,
  }));
}

function whole(attribute: string): { readonly attribute: string; readonly identifier: string } {
  return { attribute, identifier: '' };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

/** `1m 2s`, `1.126s`, `187ms`, `12µs`. */
function secondsOf(duration: string): number {
  const units: Readonly<Record<string, number>> = {
    m: 60,
    s: 1,
    ms: 1e-3,
    us: 1e-6,
    µs: 1e-6,
    ns: 1e-9,
  };
  let seconds = 0;
  for (const [, value, unit = ''] of duration.matchAll(/([\d.]+)\s*(ms|us|µs|ns|m|s)/g)) {
    seconds += Number(value) * (units[unit] ?? 0);
  }
  return seconds;
}
