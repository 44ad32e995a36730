import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { CliError } from '../terminal/cli-error.ts';

/** The policy in a JSON or YAML file; the hub checks what it says. */
export function readPolicyFile(path: string, cwd: string): Readonly<Record<string, unknown>> {
  const policy = parsed(path, cwd);
  if (typeof policy === 'object' && policy !== null && !Array.isArray(policy)) {
    return policy as Readonly<Record<string, unknown>>;
  }
  throw new CliError(`${path} holds no policy: it must be an object.`);
}

function parsed(path: string, cwd: string): unknown {
  try {
    return parse(readFileSync(resolve(cwd, path), 'utf8'));
  } catch (cause) {
    throw new CliError(`The policy ${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
}
