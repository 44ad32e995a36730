import { register } from 'node:module';

// Packages imported by `import` can only be patched through a loader hook. It is limited to what is instrumented, so
// that no other module is wrapped. Load this file by `node --import`, or as the first import of the program.
register('@opentelemetry/instrumentation/hook.mjs', import.meta.url, {
  data: { include: ['express', 'amqplib', 'http', 'https', 'node:http', 'node:https'] },
});
