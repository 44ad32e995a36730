import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningHub } from '@concordat/hub';
import { freePort } from '../processes/free-port.ts';

export interface DemoHubOptions {
  readonly host: string;
  /** Kept at the end; without it a fresh folder is used and removed. */
  readonly dataDir: string | undefined;
  readonly progress: (line: string) => void;
}

const usual = { port: 9292, otlpPort: 4318, otlpGrpcPort: 4317, jaegerPort: 14268 };

/** A hub in this process, on the usual ports where they are free; nothing of the caller's environment configures it. */
export async function startDemoHub(options: DemoHubOptions): Promise<RunningHub> {
  const { readConfig, startHub } = await import('@concordat/hub');
  const { host, progress } = options;
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'concordat-demo-')));
  const removeData = async (): Promise<void> => {
    if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
  };
  try {
    const ports: Record<string, string> = {};
    for (const [name, wanted] of Object.entries(usual)) {
      const port = await freePort(host, wanted);
      if (port !== wanted) progress(`○ port ${wanted} is taken, ${port} is used instead.`);
      ports[name] = String(port);
    }
    const env = { CONCORDAT_EVIDENCE_MINIMUM_WINDOW_SECONDS: '0' };
    // Nothing here sends datagrams.
    const flags = { host, dataDir, ...ports, jaegerUdpPort: 'off' };
    const hub = await startHub(readConfig({ flags, env }));
    return { ...hub, close: () => hub.close().finally(removeData) };
  } catch (error) {
    await removeData();
    throw error;
  }
}
