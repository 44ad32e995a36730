import type { HubClient } from '../hub-client/hub-client.ts';
import { waitUntil } from '../processes/wait-until.ts';
import type { SpanLine } from './verification.ts';

export interface SpanWait {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * The spans of one trace as the hub has them, parents before children. Services send them late and in batches, so it
 * asks until two answers in a row are equally long; empty when none came in time.
 */
export async function fetchSpans(
  hub: HubClient,
  traceId: string,
  wait: SpanWait,
): Promise<readonly SpanLine[]> {
  let before: readonly JaegerSpan[] = [];
  let processes: Processes = {};
  const ask = async (): Promise<readonly SpanLine[] | undefined> => {
    const trace = await readTrace(hub, traceId);
    const spans = trace?.spans ?? [];
    processes = trace?.processes ?? {};
    const isSteady = spans.length > 0 && spans.length === before.length;
    before = spans;
    return isSteady ? linesOf(spans, processes) : undefined;
  };
  return (await waitUntil(ask, { ...wait, intervalMs: 200 })) ?? linesOf(before, processes);
}

interface JaegerSpan {
  readonly spanID: string;
  readonly operationName: string;
  readonly references?: readonly { readonly refType: string; readonly spanID: string }[];
  /** Microseconds. */
  readonly startTime: number;
  readonly duration: number;
  readonly tags?: readonly { readonly key: string; readonly value: unknown }[];
  readonly processID: string;
}

type Processes = Readonly<Record<string, { readonly serviceName: string } | undefined>>;

interface JaegerTrace {
  readonly spans: readonly JaegerSpan[];
  readonly processes: Processes;
}

async function readTrace(hub: HubClient, traceId: string): Promise<JaegerTrace | undefined> {
  const answer = await hub.get(`/api/traces/${traceId}`);
  if (answer.status !== 200) return undefined;
  const body = JSON.parse(answer.text) as { readonly data?: readonly JaegerTrace[] };
  return body.data?.[0];
}

function linesOf(spans: readonly JaegerSpan[], processes: Processes): readonly SpanLine[] {
  const ids = new Set(spans.map(({ spanID }) => spanID));
  const start = Math.min(...spans.map(({ startTime }) => startTime));
  const childrenOf = (parent: string | undefined): readonly JaegerSpan[] =>
    spans
      .filter((span) => knownParent(span, ids) === parent)
      .sort((left, right) => left.startTime - right.startTime);
  const walk = (parent: string | undefined, depth: number): readonly SpanLine[] =>
    childrenOf(parent).flatMap((span) => [
      lineOf(span, { depth, start, processes }),
      ...walk(span.spanID, depth + 1),
    ]);
  return walk(undefined, 0);
}

/** A parent that is not in the trace (the runner's own) makes a root. */
function knownParent(span: JaegerSpan, ids: ReadonlySet<string>): string | undefined {
  const parent = span.references?.find(({ refType }) => refType === 'CHILD_OF')?.spanID;
  return parent !== undefined && parent !== span.spanID && ids.has(parent) ? parent : undefined;
}

interface Place {
  readonly depth: number;
  readonly start: number;
  readonly processes: Processes;
}

function lineOf(span: JaegerSpan, { depth, start, processes }: Place): SpanLine {
  const tag = (key: string): unknown => span.tags?.find((one) => one.key === key)?.value;
  const isError = tag('error') === true || tag('otel.status_code') === 'ERROR';
  const words = tag('exception.message') ?? tag('otel.status_description') ?? tag('error.type');
  return {
    depth,
    service: processes[span.processID]?.serviceName ?? '',
    name: span.operationName,
    kind: String(tag('span.kind') ?? 'internal'),
    start: (span.startTime - start) / 1000,
    duration: span.duration / 1000,
    error: isError ? String(words ?? 'error') : undefined,
  };
}
