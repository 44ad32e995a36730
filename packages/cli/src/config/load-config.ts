import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { CliError } from '../terminal/cli-error.ts';
import type { ConcordatConfig } from './concordat-config.ts';

export interface LoadedConfig {
  readonly config: ConcordatConfig;
  /** Globs and document names start here. */
  readonly folder: string;
  /** Commands run here: the nearest folder above with a package.json, else the config's own folder. */
  readonly root: string;
}

const names = ['ts', 'js', 'mjs', 'json'].map((end) => `contracts/concordat.config.${end}`);

/** Reads the list of services: TypeScript, JavaScript (default export) or JSON; all that is wrong with it is said at once. */
export async function loadConfig(cwd: string, path: string | undefined): Promise<LoadedConfig> {
  const file = path === undefined ? findConfig(cwd) : resolve(cwd, path);
  if (!existsSync(file)) {
    throw new CliError(`${file} does not exist; name the list of services with --config FILE.`);
  }
  const parsed = configSchema.safeParse(await importConfig(file));
  if (!parsed.success) {
    const defects = parsed.error.issues.map(
      (issue) => `  - ${issue.path.join('.') || 'default export'}: ${issue.message}`,
    );
    throw new CliError(`${file} is no list of services:\n${defects.join('\n')}`);
  }
  const folder = dirname(file);
  return { config: parsed.data as ConcordatConfig, folder, root: findRoot(folder) };
}

function findConfig(cwd: string): string {
  const found = names.map((name) => resolve(cwd, name)).find((name) => existsSync(name));
  return found ?? resolve(cwd, 'contracts/concordat.config.ts');
}

async function importConfig(file: string): Promise<unknown> {
  try {
    if (extname(file) === '.json') return JSON.parse(await readFile(file, 'utf8'));
    const url = pathToFileURL(file).href;
    const module = extname(file) === '.ts' ? await importTypeScript(url) : await import(url);
    return defaultExportOf(module);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CliError(`${file} cannot be loaded: ${reason}`, { cause });
  }
}

async function importTypeScript(url: string): Promise<unknown> {
  const { tsImport } = await import('tsx/esm/api');
  return tsImport(url, import.meta.url);
}

/** A config beside a CommonJS package.json arrives with its default export wrapped once more. */
function defaultExportOf(module: unknown): unknown {
  const outer = (module as { default?: unknown }).default;
  const inner = (outer as { default?: unknown } | undefined)?.default;
  return inner ?? outer;
}

function findRoot(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(resolve(at, 'package.json'))) return at;
    if (at === dirname(at)) return folder;
  }
}

const name = z.string().min(1);

const processSchema = z.object({
  command: z.array(name).min(1),
  env: z.record(z.string(), z.string()).optional(),
  health: z.string().startsWith('/'),
});

const serviceSchema = z.object({
  name,
  version: name,
  branch: name.optional(),
  process: processSchema,
  calls: z.array(name).optional(),
  pacts: name.optional(),
  contracts: z.array(name).optional(),
  verification: z
    .object({
      providerStates: z.string().startsWith('/'),
      messages: z.string().startsWith('/').optional(),
    })
    .optional(),
  recordDeployment: z.boolean().optional(),
});

const configSchema = z
  .object({
    environment: name,
    services: z.array(serviceSchema).min(1),
    support: z
      .array(z.object({ name, process: processSchema, variable: name, value: name }))
      .optional(),
    traffic: z.object({ command: z.array(name).min(1) }).optional(),
    expectedFindings: z
      .array(
        z.object({
          kind: name,
          consumer: name.optional(),
          provider: name,
          operation: name.optional(),
        }),
      )
      .optional(),
  })
  .superRefine(({ services }, context) => {
    const known = new Set(services.map((service) => service.name));
    if (known.size < services.length) {
      context.addIssue({ code: 'custom', path: ['services'], message: 'two have the same name' });
    }
    services.forEach((service, index) => {
      for (const called of service.calls ?? []) {
        if (known.has(called)) continue;
        const message = `'${called}' is no service of this list`;
        context.addIssue({ code: 'custom', path: ['services', index, 'calls'], message });
      }
    });
  });
