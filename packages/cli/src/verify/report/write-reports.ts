import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { CliError } from '../../terminal/cli-error.ts';
import type { VerificationRun } from '../verification.ts';
import { htmlReport } from './html-report.ts';
import { junitReport } from './junit-report.ts';
import { markdownReport } from './markdown-report.ts';

/** Paths from the folder of the call; a report that is not asked for is undefined. */
export interface ReportFiles {
  readonly junit?: string;
  readonly markdown?: string;
  readonly html?: string;
}

export async function writeReports(
  run: VerificationRun,
  files: ReportFiles,
  cwd: string,
): Promise<void> {
  await write(files.junit, () => junitReport(run), cwd);
  await write(files.markdown, () => markdownReport(run), cwd);
  await write(files.html, () => htmlReport(run), cwd);
}

async function write(file: string | undefined, report: () => string, cwd: string): Promise<void> {
  if (file === undefined) return;
  const path = resolve(cwd, file);
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, report());
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CliError(`The report ${path} cannot be written: ${reason}`, { cause });
  }
}
