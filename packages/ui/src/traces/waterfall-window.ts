/** Height of a waterfall row in CSS pixels; `traces.css` uses the same. */
export const rowHeight = 28;

const overscan = 8;

export interface RowWindow {
  readonly first: number;
  /** One past the last. */
  readonly end: number;
}

/** The rows to render for a scroll position: those in view and a few more at both ends. */
export function rowWindow(scrollTop: number, viewHeight: number, rows: number): RowWindow {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - overscan);
  const end = Math.min(rows, Math.ceil((scrollTop + viewHeight) / rowHeight) + overscan);
  return { first: Math.min(first, Math.max(0, end - 1)), end };
}

/** Where to scroll so that a row is in view; undefined when it already is. */
export function scrollFor(row: number, scrollTop: number, viewHeight: number): number | undefined {
  const top = row * rowHeight;
  if (top < scrollTop) return top;
  if (top + rowHeight > scrollTop + viewHeight) return top + rowHeight - viewHeight;
  return undefined;
}

/** A bar's place in per cent of the trace: never thinner than can be seen. */
export function barOf(
  span: { readonly start: number; readonly duration: number },
  trace: { readonly start: number; readonly duration: number },
): { readonly left: number; readonly width: number } {
  const left = (100 * (span.start - trace.start)) / trace.duration;
  return { left, width: Math.max(0.15, (100 * span.duration) / trace.duration) };
}

/** Times for the axis: the quarters of the trace in microseconds. */
export function axisTicks(duration: number): readonly number[] {
  return [0, 0.25, 0.5, 0.75, 1].map((part) => part * duration);
}
