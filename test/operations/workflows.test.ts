import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

interface Step {
  readonly run?: string;
  readonly uses?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Workflow {
  readonly on: { readonly workflow_call?: { readonly inputs: object; readonly secrets: object } };
  readonly permissions: object;
  readonly jobs: Readonly<
    Record<
      string,
      { readonly 'timeout-minutes': number; readonly env?: object; readonly steps: readonly Step[] }
    >
  >;
}

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const folder = join(root, '.github/workflows');
const files = readdirSync(folder).filter((file) => file.endsWith('.yml'));
const textOf = (file: string): string => readFileSync(join(folder, file), 'utf8');
const packageJson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

describe.each(files)('%s', (file) => {
  const workflow = parse(textOf(file)) as Workflow;
  const jobs = Object.values(workflow.jobs);
  const steps = jobs.flatMap((job) => job.steps);

  test('asks for no more than reading and ends by itself', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
    for (const job of jobs) expect(job['timeout-minutes']).toBeLessThanOrEqual(90);
  });

  test('pins its actions and its Node', () => {
    for (const { uses } of steps) if (uses !== undefined) expect(uses).toMatch(/@v\d+$/);
    for (const [, version] of textOf(file).matchAll(/node-version: (\S+)/g)) {
      expect(version).toMatch(/^20\.\d+\.\d+$/);
    }
  });

  test('puts no expression into a script, where it could be a command', () => {
    for (const step of steps) expect(step.run ?? '').not.toContain('${{');
  });

  test('reads only inputs and secrets that it declares', () => {
    const { inputs = {}, secrets = {} } = workflow.on.workflow_call ?? {};
    for (const [, kind, name = ''] of textOf(file).matchAll(/\$\{\{ (inputs|secrets)\.([\w-]+)/g)) {
      expect(Object.keys(kind === 'inputs' ? inputs : secrets)).toContain(name);
    }
  });

  test('runs npm scripts and commands that exist, with options they have', async () => {
    const lines = steps.flatMap((step) => step.run?.split('\n') ?? []);
    for (const [, script = ''] of lines.join('\n').matchAll(/npm run ([\w-]+)/g)) {
      expect(packageJson.scripts).toHaveProperty(script);
    }
    for (const line of lines.filter((one) => one.includes('npx concordat'))) {
      const [, command = '', rest = ''] = /npx concordat ([\w-]+)(.*)/.exec(line) ?? [];
      const help = await helpOf(command);
      for (const [, option] of rest.matchAll(/(--[\w-]+)/g)) expect(help).toContain(option);
    }
  });
});

async function helpOf(command: string): Promise<string> {
  const tsx = ['--import', 'tsx', '--conditions=@concordat/source'];
  const main = join(root, 'packages/cli/src/main.ts');
  const { stdout } = await run(process.execPath, [...tsx, main, command, '--help'], { cwd: root });
  return stdout;
}
