/** Lays out rows under headings with two spaces between columns; a column of numbers only is aligned to the right. */
export function formatTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const columns = headings.map((heading, index) => {
    const cells = rows.map((row) => row[index] ?? '');
    return {
      width: Math.max(heading.length, ...cells.map((cell) => [...cell].length)),
      isNumeric: cells.length > 0 && cells.every((cell) => /^[\d.,]*$/.test(cell)),
    };
  });
  const lines = [headings, columns.map(({ width }) => '─'.repeat(width)), ...rows];
  return lines.map((line) => formatRow(line, columns)).join('\n');
}

interface Column {
  readonly width: number;
  readonly isNumeric: boolean;
}

function formatRow(cells: readonly string[], columns: readonly Column[]): string {
  return columns
    .map(({ width, isNumeric }, index) => {
      const cell = cells[index] ?? '';
      const space = ' '.repeat(Math.max(0, width - [...cell].length));
      return isNumeric ? `${space}${cell}` : `${cell}${space}`;
    })
    .join('  ')
    .trimEnd();
}
