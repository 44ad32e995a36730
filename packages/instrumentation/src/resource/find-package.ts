import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface FoundPackage {
  readonly name: string;
  /** undefined when the file has none, or a placeholder (0.0.0) that says nothing about the build. */
  readonly version: string | undefined;
  readonly isModule: boolean;
}

/** The nearest package.json with a name, from this folder upwards. */
export function findPackage(folder: string): FoundPackage | undefined {
  const found = readPackage(join(folder, 'package.json'));
  if (found !== undefined) return found;
  const parent = dirname(folder);
  return parent === folder ? undefined : findPackage(parent);
}

/** undefined for a file that is missing, is no JSON, or only sets the module type of a folder. */
function readPackage(file: string): FoundPackage | undefined {
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const { name, version, type } = content as Record<string, unknown>;
    if (typeof name !== 'string' || name === '') return undefined;
    return { name, version: versionOf(version), isModule: type === 'module' };
  } catch {
    return undefined;
  }
}

function versionOf(version: unknown): string | undefined {
  if (typeof version !== 'string' || version === '') return undefined;
  return /^0\.0\.0(?:-|$)/.test(version) ? undefined : version;
}
