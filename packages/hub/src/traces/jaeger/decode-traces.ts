import { spansOf } from '../decode/column-batch.ts';
import { DecodeError } from '../decode/decode-error.ts';
import { decodeTracesData } from '../decode/decode-otlp-json.ts';
import type { ReceivedSpan } from '../decode/received-span.ts';
import { isObject, type JsonObject } from './jaeger-client.ts';

/** Below what the decoder takes at once: an answer may hold many traces. */
const maxSpansAtOnce = 10_000;

/** The spans of an OTLP/JSON TracesData, judged and redacted as if they had been sent to the hub; those without ids are left out. */
export function decodeTraces(tracesData: unknown): readonly ReceivedSpan[] {
  const spans: ReceivedSpan[] = [];
  for (const resourceSpans of requestsOf(tracesData))
    for (const span of spansOf(decodeTracesData({ resourceSpans }))) spans.push(span);
  return spans;
}

/** Lists of resource spans, each with no more spans than the decoder takes. */
function* requestsOf(tracesData: unknown): Generator<readonly JsonObject[]> {
  let request: JsonObject[] = [];
  let count = 0;
  for (const resourceSpans of membersOf(tracesData, 'resourceSpans')) {
    for (const scopeSpans of membersOf(resourceSpans, 'scopeSpans')) {
      for (const spans of slicesOf(membersOf(scopeSpans, 'spans'))) {
        if (count + spans.length > maxSpansAtOnce) {
          yield request;
          request = [];
          count = 0;
        }
        request.push({ ...resourceSpans, scopeSpans: [{ ...scopeSpans, spans }] });
        count += spans.length;
      }
    }
  }
  yield request;
}

function* slicesOf(spans: readonly JsonObject[]): Generator<readonly JsonObject[]> {
  for (let at = 0; at < spans.length; at += maxSpansAtOnce)
    yield spans.slice(at, at + maxSpansAtOnce);
}

function membersOf(from: unknown, name: string): readonly JsonObject[] {
  const snake = name.replace(/[A-Z]/g, (upper) => `_${upper.toLowerCase()}`);
  const list = isObject(from) ? (from[name] ?? from[snake] ?? []) : undefined;
  if (Array.isArray(list) && list.every(isObject)) return list;
  throw new DecodeError(`'${name}' must be a list of objects.`);
}
