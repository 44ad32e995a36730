/** One line of a comparison: kept, taken away or added. */
export interface DiffLine {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

/** Beyond so many differing lines the way through is not searched: everything that differs is one block. */
const MAX_CELLS = 4_000_000;

/** The lines of both texts in order, with the longest common subsequence kept; what is taken away comes before what is added. */
export function lineDiff(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  const start = commonLength(before, after);
  const end = Math.min(
    commonLength([...before].reverse(), [...after].reverse()),
    before.length - start,
    after.length - start,
  );
  const olds = before.slice(start, before.length - end);
  const news = after.slice(start, after.length - end);
  return [
    ...before.slice(0, start).map(kept),
    ...(olds.length * news.length > MAX_CELLS ? replaced(olds, news) : aligned(olds, news)),
    ...before.slice(before.length - end).map(kept),
  ];
}

function commonLength(left: readonly string[], right: readonly string[]): number {
  const different = left.findIndex((line, index) => line !== right[index]);
  return different < 0 ? left.length : different;
}

function replaced(olds: readonly string[], news: readonly string[]): readonly DiffLine[] {
  return [...olds.map(taken), ...news.map(added)];
}

/** Follows the table of common lengths from the start, so that lines are matched as early as they can be. */
function aligned(olds: readonly string[], news: readonly string[]): readonly DiffLine[] {
  const width = news.length + 1;
  const lengths = commonLengths(olds, news);
  const at = (old: number, added: number): number => Number(lengths[old * width + added]);
  const result: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < olds.length && j < news.length) {
    const [old, fresh] = [String(olds[i]), String(news[j])];
    if (old === fresh) {
      result.push(kept(old));
      i += 1;
      j += 1;
    } else if (at(i + 1, j) >= at(i, j + 1)) {
      result.push(taken(old));
      i += 1;
    } else {
      result.push(added(fresh));
      j += 1;
    }
  }
  return takenFirst([...result, ...replaced(olds.slice(i), news.slice(j))]);
}

/** At `i * (news.length + 1) + j`: how many lines `olds` from `i` and `news` from `j` have in common, in order. */
function commonLengths(olds: readonly string[], news: readonly string[]): Uint32Array {
  const width = news.length + 1;
  const lengths = new Uint32Array((olds.length + 1) * width);
  const at = (index: number): number => Number(lengths[index]);
  for (let i = olds.length - 1; i >= 0; i -= 1) {
    for (let j = news.length - 1; j >= 0; j -= 1) {
      const index = i * width + j;
      lengths[index] =
        olds[i] === news[j]
          ? at(index + width + 1) + 1
          : Math.max(at(index + width), at(index + 1));
    }
  }
  return lengths;
}

/** Within each block of changes. */
function takenFirst(lines: readonly DiffLine[]): readonly DiffLine[] {
  const result: DiffLine[] = [];
  let fresh: DiffLine[] = [];
  for (const line of lines) {
    if (line.sign === '+') {
      fresh.push(line);
      continue;
    }
    if (line.sign === ' ') {
      result.push(...fresh);
      fresh = [];
    }
    result.push(line);
  }
  return [...result, ...fresh];
}

function kept(text: string): DiffLine {
  return { sign: ' ', text };
}

function taken(text: string): DiffLine {
  return { sign: '-', text };
}

function added(text: string): DiffLine {
  return { sign: '+', text };
}
