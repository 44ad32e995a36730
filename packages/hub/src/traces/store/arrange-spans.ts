import type { ReceivedSpan } from '../decode/received-span.ts';

/** The root first, then by start, because some readers take the first span for the root; each span once. */
export function arrangeSpans(spans: readonly ReceivedSpan[]): readonly ReceivedSpan[] {
  return inOrder(unique(spans));
}

/** Senders repeat spans; of the same id and kind the one that ended last is the fullest. */
function unique(spans: readonly ReceivedSpan[]): readonly ReceivedSpan[] {
  const byId = new Map<string, ReceivedSpan>();
  for (const span of spans) {
    const key = `${span.spanId} ${span.kind}`;
    const known = byId.get(key);
    if (known === undefined || endOf(span) > endOf(known)) byId.set(key, span);
  }
  return [...byId.values()];
}

function endOf(span: ReceivedSpan): number {
  return span.startMicros + span.durationMicros;
}

function inOrder(spans: readonly ReceivedSpan[]): readonly ReceivedSpan[] {
  const ids = new Set(spans.map((span) => span.spanId));
  const rank = (span: ReceivedSpan): number => {
    if (span.parentSpanId === undefined) return 0;
    return ids.has(span.parentSpanId) ? 2 : 1;
  };
  return [...spans].sort((a, b) => rank(a) - rank(b) || a.startMicros - b.startMicros);
}
