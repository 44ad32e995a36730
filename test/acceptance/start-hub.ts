import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HubFlags, type RunningHub, readConfig, startHub } from '@concordat/hub';

export interface TestHub extends RunningHub {
  readonly dataDir: string;
}

/** As flags of the hub: every listener on a port that is free. */
export const freePorts = {
  ...{ port: '0', otlpPort: '0', otlpGrpcPort: '0', jaegerPort: '0', jaegerUdpPort: '0' },
} as const;

/** A thread of its own loads the hub's sources once more, a second that only tests of that thread are worth. */
export const spansHere = { CONCORDAT_INGEST_THREAD: 'false' };

/** Gives the empty database the environments `test` and `production`. */
export const withEnvironments = { PACT_BROKER_SEED_EXAMPLE_DATA: 'true' };

/**
 * A hub on free ports with a database of its own, closed and removed by `close()`. `env` takes the variables of the
 * hub's configuration, `flags` its options; without either it is open to everybody.
 */
export async function startTestHub(
  options: { readonly env?: Readonly<Record<string, string>>; readonly flags?: HubFlags } = {},
): Promise<TestHub> {
  const dataDir = await mkdtemp(join(tmpdir(), 'concordat-'));
  const flags = { ...freePorts, host: '127.0.0.1', dataDir };
  const env = { ...spansHere, ...options.env };
  const config = readConfig({ flags: { ...flags, ...options.flags }, env });
  const hub = await startHub(config);
  return {
    ...hub,
    dataDir,
    close: async () => {
      await hub.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
