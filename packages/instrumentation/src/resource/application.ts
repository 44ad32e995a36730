import { realpathSync } from 'node:fs';
import { dirname, extname, sep } from 'node:path';
import { type FoundPackage, findPackage } from './find-package.ts';

/** The program this process runs. */
export interface Application {
  readonly folder: string;
  readonly package: FoundPackage | undefined;
  /** It is loaded by `import`, so packages are patched by a loader hook. */
  readonly isModule: boolean;
}

/** A program that was started by a tool out of node_modules (a runner, a framework's command) is what lies in the working folder. */
export function readApplication(
  script: string | undefined = process.argv[1],
  workingFolder: string = process.cwd(),
): Application {
  const file = script === undefined ? undefined : realFile(script);
  const isOwn = file !== undefined && !file.includes(`${sep}node_modules${sep}`);
  const folder = isOwn ? dirname(file) : workingFolder;
  const found = findPackage(folder);
  const kind = isOwn ? extname(file) : '';
  const isModule =
    /^\.m[jt]s$/.test(kind) || (!/^\.c[jt]s$/.test(kind) && found?.isModule === true);
  return { folder, package: found, isModule };
}

function realFile(script: string): string | undefined {
  try {
    return realpathSync(script);
  } catch {
    return undefined;
  }
}
