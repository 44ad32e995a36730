import type { ReceivedSpan } from '../decode/received-span.ts';
import type { ToldSpan } from './told-span.ts';

/** Of spans that are the same to the last byte, resource and scope included, the first stays. */
export function dropDuplicates(spans: readonly ToldSpan[]): readonly ToldSpan[] {
  const known = new Map<string, ReceivedSpan[]>();
  return spans.filter(({ span }) => {
    const twins = known.get(span.spanId);
    if (twins === undefined) known.set(span.spanId, [span]);
    else if (twins.some((twin) => isSame(twin, span))) return false;
    else twins.push(span);
    return true;
  });
}

function isSame(a: ReceivedSpan, b: ReceivedSpan): boolean {
  if (!a.raw.equals(b.raw)) return false;
  return (
    a.origin === b.origin ||
    (a.origin.resourceBytes.equals(b.origin.resourceBytes) &&
      a.origin.scopeBytes.equals(b.origin.scopeBytes))
  );
}
