import { type GuardVerdict, guardAttributes, guardSpanName } from '@concordat/domain';
import {
  type Attributes,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { mismatchText } from './guard-mismatches.ts';

const tracerName = '@concordat/instrumentation';
const longestText = 256;

/** Where verdicts of an exchange go. */
export interface Carrier {
  /** The exchange's own SERVER, CLIENT, PRODUCER or CONSUMER span. */
  readonly span: Span | undefined;
  /** Of that span, where the span itself is out of reach. */
  readonly spanContext?: SpanContext | undefined;
  /** For spans of the guard's own: `http.request.method` and the like. */
  readonly exchange: Attributes;
}

/** Whether anything that is put on the exchange would be kept; without any span there is nothing to say no. */
export function isRecorded({ span, spanContext }: Pick<Carrier, 'span' | 'spanContext'>): boolean {
  const { traceFlags } = span?.spanContext() ?? spanContext ?? { traceFlags: TraceFlags.SAMPLED };
  return (traceFlags & TraceFlags.SAMPLED) !== 0;
}

/**
 * Puts the first verdict on the exchange's own span while it is open; the others, and all when it has ended, become spans of no
 * length below it.
 */
export function emitVerdicts(verdicts: readonly GuardVerdict[], carrier: Carrier): void {
  const own = carrier.span?.isRecording() === true ? carrier.span : undefined;
  for (const [index, verdict] of verdicts.entries()) {
    if (own !== undefined && index === 0) own.setAttributes(attributesOf(verdict));
    else emitBelow(verdict, carrier);
  }
}

function emitBelow(verdict: GuardVerdict, { span, spanContext, exchange }: Carrier): void {
  const parent = span?.spanContext() ?? spanContext;
  if (parent === undefined) return;
  trace
    .getTracer(tracerName)
    .startSpan(
      guardSpanName,
      { kind: SpanKind.INTERNAL, attributes: { ...exchange, ...attributesOf(verdict) } },
      trace.setSpanContext(ROOT_CONTEXT, parent),
    )
    .end();
}

function attributesOf(verdict: GuardVerdict): Attributes {
  const { interaction, pactSha, mismatches, fields, fieldsRead } = verdict;
  return {
    [guardAttributes.side]: verdict.side,
    [guardAttributes.verdict]: verdict.verdict,
    [guardAttributes.consumer]: cut(verdict.consumer),
    [guardAttributes.provider]: cut(verdict.provider),
    [guardAttributes.operation]: cut(verdict.operation),
    ...(interaction === undefined ? {} : { [guardAttributes.interaction]: cut(interaction) }),
    ...(pactSha === undefined ? {} : { [guardAttributes.pactSha]: cut(pactSha) }),
    ...(mismatches.length === 0
      ? {}
      : { [guardAttributes.mismatches]: mismatches.map((one) => cut(mismatchText(one))) }),
    ...(fields.length === 0 ? {} : { [guardAttributes.fields]: [...fields] }),
    ...(fieldsRead === undefined ? {} : { [guardAttributes.fieldsRead]: [...fieldsRead] }),
  };
}

function cut(text: string): string {
  return text.slice(0, longestText);
}
