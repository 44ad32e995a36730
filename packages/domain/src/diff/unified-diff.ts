import { type DiffLine, lineDiff } from './line-diff.ts';

const CONTEXT = 3;

interface Hunk {
  readonly from: number;
  readonly to: number;
}

/**
 * What differs, with three equal lines around it. Places further apart are headed `@@ -line,count +line,count @@` after an
 * empty line, all but the first; nothing at all when there is no difference.
 */
export function unifiedDiff(before: readonly string[], after: readonly string[]): string {
  const lines = lineDiff(before, after);
  return hunksOf(lines)
    .map((hunk, index) => (index === 0 ? '' : `\n${headerOf(hunk, lines)}\n`) + textOf(hunk, lines))
    .join('\n');
}

function hunksOf(lines: readonly DiffLine[]): readonly Hunk[] {
  const hunks: Hunk[] = [];
  for (const [index, { sign }] of lines.entries()) {
    if (sign === ' ') continue;
    const from = Math.max(0, index - CONTEXT);
    const to = Math.min(lines.length, index + CONTEXT + 1);
    const last = hunks.at(-1);
    if (last === undefined || last.to < from) hunks.push({ from, to });
    else hunks[hunks.length - 1] = { from: last.from, to };
  }
  return hunks;
}

function headerOf(hunk: Hunk, lines: readonly DiffLine[]): string {
  const place = (sign: '-' | '+'): string => {
    const isOfSide = (line: DiffLine): boolean => line.sign === ' ' || line.sign === sign;
    const first = lines.slice(0, hunk.from).filter(isOfSide).length + 1;
    return `${sign}${first},${lines.slice(hunk.from, hunk.to).filter(isOfSide).length}`;
  };
  return `@@ ${place('-')} ${place('+')} @@`;
}

function textOf({ from, to }: Hunk, lines: readonly DiffLine[]): string {
  return lines
    .slice(from, to)
    .map(({ sign, text }) => sign + text)
    .join('\n');
}
