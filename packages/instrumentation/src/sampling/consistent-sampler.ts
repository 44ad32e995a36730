import {
  type Context,
  createTraceState,
  isSpanContextValid,
  SamplingDecision,
  type SpanContext,
  type TraceState,
  trace,
} from '@opentelemetry/api';
import type { Sampler, SamplingResult } from '@opentelemetry/sdk-trace-base';

const digits = 14;
const all = 2n ** 56n;
const precision = 4;

/**
 * Keeps a share of all traces and writes into tracestate how large it is (`ot=th:…`), so that the hub can say how many
 * calls one that it sees stands for: the ratio sampler of the SDK keeps that to itself. OpenTelemetry's consistent
 * probability sampling: a trace is kept when its randomness (`rv`, else the low 56 bits of its id) reaches the threshold.
 */
export class ConsistentSampler implements Sampler {
  readonly #ratio: number;
  /** Hex, 14 digits; undefined keeps nothing. */
  readonly #threshold: string | undefined;

  constructor(ratio: number) {
    this.#ratio = ratio;
    this.#threshold = thresholdOf(ratio);
  }

  shouldSample(context: Context, traceId: string): SamplingResult {
    const parent = parentOf(context);
    const state = parent?.traceState;
    const own = readOwn(state);
    const isKept = this.#threshold !== undefined && randomnessOf(own, traceId) >= this.#threshold;
    const decision = isKept ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.NOT_RECORD;
    const th = isKept ? shortened(this.#threshold) : undefined;
    const traceState = writeOwn(state, { ...own, th });
    return traceState === undefined ? { decision } : { decision, traceState };
  }

  toString(): string {
    return `ConsistentSampler{${this.#ratio}}`;
  }
}

function parentOf(context: Context): SpanContext | undefined {
  const parent = trace.getSpanContext(context);
  return parent !== undefined && isSpanContextValid(parent) ? parent : undefined;
}

/** Rounded to four digits after the leading f's: a long threshold travels with every request and says no more. */
function thresholdOf(ratio: number): string | undefined {
  const exact = all - BigInt(Math.round(ratio * 2 ** 56));
  if (exact >= all) return undefined;
  const leading = /^f*/.exec(hex(exact))?.[0].length ?? 0;
  const unit = 16n ** BigInt(Math.max(0, digits - leading - precision));
  const rounded = ((exact + unit / 2n) / unit) * unit;
  return hex(rounded >= all ? exact : rounded);
}

function hex(threshold: bigint): string {
  return threshold.toString(16).padStart(digits, '0');
}

function shortened(threshold: string | undefined): string | undefined {
  return threshold?.replace(/0+$/, '').padEnd(1, '0');
}

/** Equal lengths, so the order of the texts is that of the numbers. */
function randomnessOf(own: OwnState, traceId: string): string {
  return own.rv !== undefined && /^[0-9a-f]{14}$/.test(own.rv) ? own.rv : traceId.slice(-digits);
}

/** OpenTelemetry's own member of tracestate: `th:8;rv:…`. */
type OwnState = Readonly<Record<string, string | undefined>>;

function readOwn(state: TraceState | undefined): OwnState {
  const parts = (state?.get('ot') ?? '').split(';').map((part) => part.split(':'));
  return Object.fromEntries(parts.filter((part) => part.length === 2));
}

function writeOwn(state: TraceState | undefined, own: OwnState): TraceState | undefined {
  const parts = Object.entries(own).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}:${value}`],
  );
  if (parts.length === 0) return state?.unset('ot');
  return (state ?? createTraceState()).set('ot', parts.join(';'));
}
