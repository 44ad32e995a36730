import { createRequire, register, syncBuiltinESMExports } from 'node:module';

const require = createRequire(import.meta.url);

/**
 * Lets packages that are loaded by `import` be patched. Only these packages pass through the hook, so that no other
 * module is wrapped. It costs a thread: an application that is CommonJS does without.
 */
export function registerLoaderHook(packages: readonly string[]): void {
  register('@opentelemetry/instrumentation/hook.mjs', import.meta.url, {
    data: { include: [...packages] },
  });
}

/** Has node's own modules patched at once, and what ES modules have imported or will import from them by name. */
export function patchOwnModules(): void {
  for (const name of ['http', 'https']) require(name);
  syncBuiltinESMExports();
}
