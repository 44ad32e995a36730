// Evaluated when this package is loaded, of which nothing loads node:http before tracing starts: what is there by then was
// loaded by the service.
import { createRequire } from 'node:module';
import { sep } from 'node:path';

const require = createRequire(import.meta.url);

interface Internals {
  readonly moduleLoadList?: readonly string[];
  readonly mainModule?: unknown;
}

/**
 * CommonJS code may hold functions of node:http from before they were patched; in ES modules what is imported follows
 * the patch.
 */
const httpWasLoaded =
  (process as Internals).mainModule !== undefined &&
  (process as Internals).moduleLoadList?.includes('NativeModule http') === true;

/** Those of these packages, and node:http, that the service had loaded before this call: they may stay unpatched. */
export function loadedBefore(packages: readonly string[]): readonly string[] {
  const files = Object.keys(require.cache);
  const found = packages.filter((name) => files.some((file) => file.includes(folderOf(name))));
  return httpWasLoaded ? ['http', ...found] : found;
}

function folderOf(name: string): string {
  return `${sep}node_modules${sep}${name.split('/').join(sep)}${sep}`;
}

/** What the service should do about a package that was loaded too early. */
export function loadOrderAdvice(name: string): string {
  return (
    `'${name}' was loaded before tracing started, so its calls may make no spans; ` +
    `start with 'node --import @concordat/instrumentation/register', or call startTracing() before ` +
    `'${name}' is loaded (in ES modules: load the application by 'await import()' afterwards)`
  );
}
