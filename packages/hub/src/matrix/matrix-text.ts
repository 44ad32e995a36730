import { describeReason } from '@concordat/domain';
import type { MatrixAnswer } from './answer-question.ts';

/** One aligned line a row, then the verdict. */
export function matrixText({ verdict, rows }: MatrixAnswer): string {
  const header = [
    'CONSUMER',
    'C_VERSION',
    'REVISION',
    'PROVIDER',
    'P_VERSION',
    'NUMBER',
    'SUCCESS',
  ];
  const lines = rows.map((row) => [
    row.consumer.name,
    row.consumerVersion.number,
    String(row.revision),
    row.provider.name,
    row.providerVersion?.number ?? '',
    String(row.verification?.number ?? ''),
    String(row.verification?.success ?? ''),
  ]);
  const widths = header.map((title, column) =>
    Math.max(title.length, ...lines.map((line) => line[column]?.length ?? 0)),
  );
  const table = [
    aligned(header, widths),
    widths.map((width, column) => '-'.repeat(column === 0 ? width + 1 : width + 2)).join('|'),
    ...lines.map((line) => aligned(line, widths)),
  ];
  const deployable = verdict.deployable ?? 'nil';
  const reason = verdict.reasons.map(describeReason).join('\n');
  return `${table.join('\n')}\n\nDeployable: ${deployable}\nReason: ${reason}\n`;
}

function aligned(cells: readonly string[], widths: readonly number[]): string {
  return cells
    .map((cell, column) => cell.padEnd(widths[column] ?? 0))
    .join(' | ')
    .trimEnd();
}
