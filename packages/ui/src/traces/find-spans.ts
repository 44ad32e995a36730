import type { SpanTree } from './span-tree.ts';
import type { Tag, TraceSpan } from './trace.ts';

/** What is searched of every row, made once per trace. */
export type SpanTexts = readonly string[];

export function spanTexts(tree: SpanTree): SpanTexts {
  return tree.spans.map(textOf);
}

/** Rows that hold every word in their service, name, id, kind, attributes (`key=value`), events or resource; no words, no rows. */
export function findSpans(texts: SpanTexts, find: string): number[] {
  const words = find.toLowerCase().split(/\s+/u).filter(Boolean);
  if (words.length === 0) return [];
  const rows: number[] = [];
  texts.forEach((text, row) => {
    if (words.every((word) => text.includes(word))) rows.push(row);
  });
  return rows;
}

/** The match to go to from a row, around the ends; -1 when there is none. */
export function stepMatch(matches: readonly number[], current: number, step: 1 | -1): number {
  const next =
    step === 1
      ? matches.find((row) => row > current)
      : matches.findLast((row) => row < (current < 0 ? Number.POSITIVE_INFINITY : current));
  return next ?? (step === 1 ? matches[0] : matches.at(-1)) ?? -1;
}

function textOf(span: TraceSpan): string {
  const logs = span.logs.flatMap((log) => log.fields);
  const failed = span.failed ? 'error' : '';
  return [
    span.service,
    span.name,
    span.spanId,
    span.kind,
    failed,
    ...[...span.tags, ...logs, ...span.resource].map(tagText),
  ]
    .join('\n')
    .toLowerCase();
}

function tagText([key, value]: Tag): string {
  return `${key}=${value}`;
}
