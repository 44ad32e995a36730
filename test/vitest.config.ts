import { defineConfig } from 'vitest/config';

/** Where CI wants the JSON report, beside what is printed. */
const report = process.env.CONCORDAT_TEST_REPORT;

const ninety = { lines: 90, branches: 90, functions: 90, statements: 90 };

const source = { resolve: { conditions: ['@concordat/source'] } };

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  ...source,
  ssr: source,
  test: {
    include: ['packages/*/src/**/*.test.{ts,tsx}', 'test/**/*.test.ts', 'dashboards/**/*.test.ts'],
    globalSetup: ['test/global-setup.ts'],
    ...(report === undefined
      ? {}
      : { reporters: ['default', 'json'], outputFile: { json: report } }),
    isolate: false,
    // Many tests wait for processes they start: two files at a time use what one core's waiting leaves free.
    maxWorkers: 2,
    env: { PACT_DO_NOT_TRACK: 'true' },
    restoreMocks: true,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.{ts,tsx}'],
      exclude: ['**/*.test.{ts,tsx}', '**/main.ts', '**/main.tsx'],
      reporter: ['text-summary', 'json-summary'],
      thresholds: {
        'packages/domain/src/**': { 100: true },
        'packages/api/src/**': ninety,
        'packages/conformance/src/**': ninety,
        'packages/instrumentation/src/**': ninety,
        'packages/hub/src/**': ninety,
        'packages/cli/src/**': ninety,
        'packages/ui/src/**': ninety,
        'packages/reference-services/src/**': ninety,
      },
      reportsDirectory: 'node_modules/.cache/concordat/coverage',
    },
  },
});
