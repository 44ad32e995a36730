import { findProgram } from './find-program.ts';
import type { TestService } from './test-service.ts';

/** Each test starts its own Prometheus, because what it scrapes differs; only the program is looked for. */
export const prometheus: TestService = programService({
  name: 'Prometheus',
  variable: 'CONCORDAT_TEST_PROMETHEUS',
  debianPackage: 'prometheus',
});

export const chromium: TestService = programService({
  name: 'Chromium',
  variable: 'CONCORDAT_TEST_CHROMIUM',
  debianPackage: 'chromium',
});

function programService(
  service: Pick<TestService, 'name' | 'variable' | 'debianPackage'>,
): TestService {
  const path = (): string | undefined => findProgram(service.debianPackage);
  return {
    ...service,
    isInstalled: () => path() !== undefined,
    start: async () => ({ value: path() ?? service.debianPackage, stop: async () => undefined }),
  };
}
