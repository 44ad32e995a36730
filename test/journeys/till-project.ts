import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const provider = fileURLToPath(new URL('./providers/till.mjs', import.meta.url));

/** A user's repository with one provider and the pacts of two consumers, one by HTTP and one by messages. */
export interface TillProject {
  readonly folder: string;
  write(name: string, content: string): Promise<string>;
  remove(): Promise<void>;
}

export interface TillOptions {
  /** Interactions of the HTTP pact. */
  readonly interactions?: number;
}

export async function createTillProject({
  interactions = 2,
}: TillOptions = {}): Promise<TillProject> {
  const folder = await mkdtemp(join(tmpdir(), 'concordat-till-'));
  await mkdir(join(folder, 'contracts/pacts'), { recursive: true });
  const write = async (name: string, content: string): Promise<string> => {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };
  await write('contracts/concordat.config.json', JSON.stringify(config));
  await write('contracts/pacts/web-till.json', JSON.stringify(httpPact(interactions)));
  await write('contracts/pacts/audit-till.json', JSON.stringify(messagePact));
  return { folder, write, remove: () => rm(folder, { recursive: true, force: true }) };
}

const config = {
  environment: 'production',
  services: [
    {
      name: 'till',
      version: 'v1',
      branch: 'main',
      process: { command: ['node', provider], health: '/health' },
      verification: { providerStates: '/states', messages: '/messages' },
    },
    {
      name: 'web',
      version: 'w1',
      branch: 'main',
      process: { command: ['node', provider], health: '/health' },
      calls: ['till'],
      pacts: 'pacts/web-*.json',
    },
    {
      name: 'audit',
      version: 'a1',
      branch: 'main',
      process: { command: ['node', provider], health: '/health' },
      pacts: 'pacts/audit-*.json',
    },
  ],
};

const metadata = { pactSpecification: { version: '3.0.0' } };
const json = { 'Content-Type': 'application/json' };

function httpPact(count: number): unknown {
  const interactions = Array.from({ length: count }, (_, index) => ({
    description: `the total is read at till ${index + 1}`,
    providerStates: [{ name: 'the till is open' }],
    request: { method: 'GET', path: `/tills/${index + 1}/total` },
    response: { status: 200, headers: json, body: { total: 42 } },
  }));
  return { consumer: { name: 'web' }, provider: { name: 'till' }, interactions, metadata };
}

const messagePact = {
  consumer: { name: 'audit' },
  provider: { name: 'till' },
  messages: [
    { description: 'the till was counted', contents: { total: 42 }, metadata: { topic: 'till' } },
  ],
  metadata,
};
