import { readFileSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { installMissing, testServices } from './services/install.ts';
import { answers } from './services/own-process.ts';
import type { StartedService, TestService } from './services/test-service.ts';

const IN_CI = process.env.CI === 'true';

/**
 * Provides the real parts this run needs: a service is needed when a test file of the run names its variable. A variable
 * that is set and answers wins; else what is installed is started. What is missing is installed in CI and fails there
 * when it cannot be; elsewhere the tests that need it are skipped, which is said.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const files = await filesOfThisRun(project);
  const needed = await withoutReachable(
    testServices.filter((one) => usersOf(one, files).length > 0),
  );
  if (IN_CI) installMissing(needed);
  for (const service of needed.filter((one) => !one.isInstalled())) {
    sayMissing(service, usersOf(service, files));
  }
  const started = await startAll(needed.filter((one) => one.isInstalled()));
  return async () => {
    await Promise.all(started.map((service) => service.stop()));
  };
}

async function filesOfThisRun(project: TestProject): Promise<readonly string[]> {
  // The command line's filters; Vitest keeps them but leaves them out of its published types.
  const { filenamePattern } = project.vitest as { readonly filenamePattern?: string[] };
  const { testFiles } = await project.globTestFiles(filenamePattern);
  return testFiles;
}

function usersOf(service: TestService, files: readonly string[]): readonly string[] {
  return files.filter((file) => readFileSync(file, 'utf8').includes(service.variable));
}

async function withoutReachable(services: readonly TestService[]): Promise<readonly TestService[]> {
  const reachable = await Promise.all(services.map(isProvided));
  return services.filter((_, index) => !reachable[index]);
}

async function isProvided({ name, variable }: TestService): Promise<boolean> {
  const value = process.env[variable];
  if (value === undefined || value === '') return false;
  if (!value.includes('://')) return true;
  const { hostname, port, protocol } = new URL(value);
  const usual = protocol === 'amqp:' ? 5672 : 5432;
  if (await answers(Number(port || usual), { host: hostname })) return true;
  console.warn(
    `${variable} names a ${name} that does not answer; one of our own is started instead.`,
  );
  delete process.env[variable];
  return false;
}

function sayMissing(service: TestService, users: readonly string[]): void {
  const lines = users.map((file) => `    ${file}`).join('\n');
  console.warn(
    `\n  ${service.name} is not installed (Debian: ${service.debianPackage}), so tests are SKIPPED in:\n${lines}\n`,
  );
}

async function startAll(services: readonly TestService[]): Promise<readonly StartedService[]> {
  const settled = await Promise.allSettled(services.map((service) => service.start()));
  const started = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failures = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  if (failures.length > 0) {
    await Promise.all(started.map((service) => service.stop()));
    throw new AggregateError(failures, failures.map(String).join('\n'));
  }
  for (const [index, service] of services.entries()) {
    process.env[service.variable] = started[index]?.value ?? '';
  }
  return started;
}
