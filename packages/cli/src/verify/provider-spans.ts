import type { HubClient } from '../hub-client/hub-client.ts';
import {
  type JaegerSpan,
  type JaegerTrace,
  type Processes,
  readTrace,
  type Tag,
} from '../hub-client/jaeger-trace.ts';
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

/** Ids asked for at once: the answer holds all their spans. */
const IDS_AT_ONCE = 50;

/** Those of the traces that the hub has spans of; waits for the last of them, and no longer when the hub keeps no traces. */
export async function fetchTracedIds(
  hub: HubClient,
  traceIds: readonly string[],
  wait: SpanWait,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  const ask = async (): Promise<true | undefined> => {
    const missing = traceIds.filter((id) => !found.has(id));
    for (let at = 0; at < missing.length; at += IDS_AT_ONCE) {
      const some = await readTracedIds(hub, missing.slice(at, at + IDS_AT_ONCE));
      if (some === undefined) return true;
      for (const id of some) found.add(id);
    }
    return found.size === traceIds.length ? true : undefined;
  };
  await waitUntil(ask, { ...wait, intervalMs: 200 });
  return found;
}

/** Undefined when the hub does not answer such questions. */
async function readTracedIds(
  hub: HubClient,
  traceIds: readonly string[],
): Promise<readonly string[] | undefined> {
  const answer = await hub.get(`/api/traces?${traceIds.map((id) => `traceID=${id}`).join('&')}`);
  if (answer.status !== 200) return undefined;
  const { data } = JSON.parse(answer.text) as { readonly data?: readonly JaegerTrace[] | null };
  return (data ?? []).map(({ traceID }) => traceID.padStart(32, '0'));
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
  const tag = (key: string): unknown => tagOf(span.tags, key);
  const isError = tag('error') === true || tag('otel.status_code') === 'ERROR';
  const words = tag('exception.message') ?? tag('otel.status_description') ?? tag('error.type');
  return {
    depth,
    service: processes[span.processID]?.serviceName ?? '',
    name: span.operationName,
    kind: String(tag('span.kind') ?? 'internal'),
    start: (span.startTime - start) / 1000,
    duration: span.duration / 1000,
    status: textOf(
      tag('http.response.status_code') ?? tag('http.status_code') ?? tag('rpc.status_code'),
    ),
    error: isError ? String(words ?? 'error') : undefined,
    events: eventsOf(span),
  };
}

const MOST_EVENTS = 5;
const LONGEST_EVENT = 300;

/** What happened inside, exceptions first; of many the first and how many more there were. */
function eventsOf({ logs = [] }: JaegerSpan): readonly string[] {
  const exceptions = logs.filter(isException).map(exceptionText);
  const others = logs.filter((log) => !isException(log)).map(eventText);
  const all = [...exceptions, ...others].filter((text) => text !== '');
  const some = all.slice(0, MOST_EVENTS).map((text) => text.slice(0, LONGEST_EVENT));
  return all.length > MOST_EVENTS ? [...some, `… ${all.length - MOST_EVENTS} more`] : some;
}

interface Log {
  readonly fields?: readonly Tag[];
}

function isException({ fields }: Log): boolean {
  return tagOf(fields, 'event') === 'exception';
}

function exceptionText({ fields }: Log): string {
  const words = [tagOf(fields, 'exception.type'), tagOf(fields, 'exception.message')];
  return `exception ${words.flatMap((word) => textOf(word) ?? []).join(': ')}`.trim();
}

function eventText({ fields = [] }: Log): string {
  const others = fields.filter(({ key }) => key !== 'event');
  const name = textOf(tagOf(fields, 'event')) ?? '';
  return [name, ...others.map(({ key, value }) => `${key}=${String(value)}`)].join(' ').trim();
}

function tagOf(tags: readonly Tag[] | undefined, key: string): unknown {
  return tags?.find((one) => one.key === key)?.value;
}

function textOf(value: unknown): string | undefined {
  return value === undefined || value === null || value === '' ? undefined : String(value);
}
