import { execFileSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { postgresql } from './postgresql.ts';
import { chromium, prometheus } from './programs.ts';
import { rabbitmq } from './rabbitmq.ts';
import type { TestService } from './test-service.ts';

export const testServices: readonly TestService[] = [rabbitmq, postgresql, prometheus, chromium];

/** Installs the Debian packages of the services that are missing; needs root and throws when one is missing still. */
export function installMissing(services: readonly TestService[]): void {
  const missing = services.filter((service) => !service.isInstalled());
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0) {
    const packages = missing.map(({ debianPackage }) => debianPackage).join(' ');
    throw new Error(`Only root can install packages; run: sudo apt-get install ${packages}`);
  }
  const apt = (...args: readonly string[]): void => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    execFileSync('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=300', ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env,
    });
  };
  apt('update');
  apt('install', '--yes', '--no-install-recommends', ...missing.map((one) => one.debianPackage));
  const absent = missing.filter((service) => !service.isInstalled()).map(({ name }) => name);
  if (absent.length > 0)
    throw new Error(`Installed, but not found afterwards: ${absent.join(', ')}.`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) installMissing(testServices);
