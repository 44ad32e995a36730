import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildOnce, concordatInside, type Ended, type InsideOptions } from './concordat.ts';
import { createTillProject, type TillProject } from './till-project.ts';

let project: TillProject;

beforeAll(async () => {
  await buildOnce();
  project = await createTillProject();
}, 120_000);

afterAll(() => project.remove());

function programOf(name: string): string {
  return fileURLToPath(new URL(`./providers/${name}.mjs`, import.meta.url));
}

function aProcess(name: string): unknown {
  return { command: ['node', programOf(name)], health: '/health' };
}

const planted = {
  kind: 'uncovered-call',
  consumer: 'web',
  provider: 'till',
  operation: 'GET /prices',
};
const till = {
  name: 'till',
  version: 'v1',
  branch: 'main',
  process: aProcess('till'),
  verification: { providerStates: '/states' },
};
const web = {
  name: 'web',
  version: 'w1',
  branch: 'main',
  process: aProcess('web'),
  calls: ['till'],
  pacts: 'pacts/web-*.json',
};
const config = {
  environment: 'production',
  services: [web, till],
  traffic: { command: ['node', programOf('shoppers')] },
  expectedFindings: [planted],
};

async function demo(
  changes: Readonly<Record<string, unknown>>,
  { args = ['--once'], ...options }: InsideOptions & { readonly args?: readonly string[] } = {},
): Promise<Ended> {
  await project.write('contracts/demo.json', JSON.stringify({ ...config, ...changes }));
  const own = ['demo', '--config', 'contracts/demo.json', ...args];
  return concordatInside(own, { cwd: project.folder, ...options });
}

describe('the demo of a small project', { timeout: 120_000 }, () => {
  test('ends with 0 when it finds exactly what was planted, and keeps the data where it is told to', async () => {
    const ended = await demo({}, { args: ['--once', '--data-dir', join(project.folder, 'data')] });
    expect(ended.stderr).toBe('');
    expect(ended.stdout).toMatch(/web → till {2}http +2 +2 +2 +3 +1 {2}▲ drift/);
    expect(ended.stdout).toContain('GET /prices');
    expect(ended.code).toBe(0);
    expect((await readdir(join(project.folder, 'data'))).length).toBeGreaterThan(0);
  });

  test('ends with 1 when a pact is broken or a finding is not the planted one, and says which', async () => {
    const other = { ...planted, kind: 'unpromised-status' };
    const ended = await demo({ expectedFindings: [other] }, { env: { TILL_BUG: 'total' } });
    expect(ended.stdout).toContain('✕ web → till');
    expect(ended.stdout).toContain('✕ web w1: ');
    expect(ended.stderr).toContain('✕ Not every pact was verified and kept.');
    expect(ended.stderr).toContain('✕ web cannot be deployed (false).');
    expect(ended.stderr).toContain('✕ An expected finding is missing: ');
    expect(ended.stderr).toContain('✕ An unexpected finding: ▲ uncovered-call  web → till');
    expect(ended.code).toBe(1);
  });

  test('a service that cannot start stops it with the step and the last lines', async () => {
    const broken = { ...web, process: { ...(till.process as object), env: { TILL_BUG: 'start' } } };
    const ended = await demo({ services: [broken, till] });
    expect(ended.stderr).toMatch(
      /The demo stopped at '2 services run': web ended with exit code 3\. Its last lines:\s+the till has no drawer/,
    );
    expect(ended.code).toBe(2);
  });

  test('traffic that fails stops it with the step and the last lines', async () => {
    const ended = await demo({}, { env: { TILL_BUG: 'traffic' } });
    expect(ended.stderr).toMatch(
      /'a round of traffic is driven': the traffic failed\. Its last lines:\s+nobody came/,
    );
    expect(ended.code).toBe(2);
  });

  test('without --once it goes on until Ctrl-C and then ends with 0', async () => {
    const interrupt = new AbortController();
    const ended = await demo(
      { expectedFindings: undefined },
      {
        args: ['--every', '0', '--json'],
        signal: interrupt.signal,
        onResult: () => interrupt.abort(),
      },
    );
    expect(JSON.parse(ended.stdout)).toMatchObject({
      services: 2,
      canIDeploy: { web: true, till: true },
    });
    expect(ended.stderr).toContain('end with Ctrl-C');
    expect(ended.code).toBe(0);
  });
});
