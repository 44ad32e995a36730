import { patchedPackages } from './instrumentations/service-instrumentations.ts';
import { registerLoaderHook } from './loading/loader-hook.ts';
import { readApplication } from './resource/application.ts';
import { startSdk, type Tracing, type TracingOptions } from './start-tracing.ts';

/** Shared by all copies of this package in the process: `--require` and `import` may bring one each. */
const key = Symbol.for('concordat.tracing');
const shared = globalThis as { [key]?: Tracing };

/**
 * Starts tracing for this process: what no option says comes from the standard OTEL_* variables, then from the program
 * itself. Call it before the application is loaded (in ES modules: load it by `await import()` afterwards), or start with
 * `node --import @concordat/instrumentation/register`. It never throws. When tracing runs already, that is what it returns.
 */
export function startTracing(options: TracingOptions = {}): Tracing {
  const running = shared[key];
  if (running !== undefined) {
    if (Object.keys(options).length > 0) sayIgnored(options);
    return running;
  }
  const application = readApplication();
  const registerHook = (): void => {
    if (application.isModule) registerLoaderHook(patchedPackages);
  };
  const tracing = startSdk(options, { application, registerHook });
  const shutdown = async (): Promise<void> => {
    delete shared[key];
    await tracing.shutdown();
  };
  shared[key] = { ...tracing, shutdown };
  return shared[key];
}

function sayIgnored({ say = (line) => process.stderr.write(`${line}\n`) }: TracingOptions): void {
  say(
    `tracing: runs already, so the options of this startTracing() are ignored; take '--import @concordat/instrumentation/register' away, or set OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES instead of them`,
  );
}
