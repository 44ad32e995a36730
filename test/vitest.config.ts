import { defineConfig } from 'vitest/config';

const source = { resolve: { conditions: ['@concordat/source'] } };

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  ...source,
  ssr: source,
  test: {
    include: ['packages/*/src/**/*.test.{ts,tsx}', 'test/**/*.test.ts', 'dashboards/**/*.test.ts'],
    globalSetup: ['test/global-setup.ts'],
    isolate: false,
    env: { PACT_DO_NOT_TRACK: 'true' },
    restoreMocks: true,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.{ts,tsx}'],
      exclude: ['**/*.test.{ts,tsx}', '**/main.ts', '**/main.tsx'],
      reporter: ['text-summary', 'json-summary'],
      reportsDirectory: 'node_modules/.cache/concordat/coverage',
    },
  },
});
