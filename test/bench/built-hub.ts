import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';

/** The kernel counts in hundredths of a second. */
const microsPerTick = 10_000;
const root = new URL('../..', import.meta.url).pathname;

/** Has a hub draw every answer anew. */
export const KEEPS_NOTHING = { CONCORDAT_KEPT_ANSWERS_MEGABYTES: '0' };

export interface BuiltHub {
  readonly url: string;
  readonly pid: number;
  /** From the start of the process to its ready line. */
  readonly startToReadyMs: number;
  /** Resident megabytes by the kernel's books, which count what native code holds too. */
  residentMegabytes(): number;
  /** Processor time of all its threads so far, which other work on the machine hardly changes. */
  cpuMicros(): number;
  stop(): Promise<void>;
}

/** Starts the hub as users do, from `dist`, on free ports; contracts go to `databaseUrl`, else into SQLite in `dataDir`. */
export async function startBuiltHub(
  dataDir: string,
  databaseUrl?: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<BuiltHub> {
  const startedAt = performance.now();
  const ports = [
    ...['--port', '0', '--otlp-port', '0', '--otlp-grpc-port', '0'],
    ...['--jaeger-port', '0', '--jaeger-udp-port', '0'],
  ];
  const child = spawn(
    process.execPath,
    [
      ...['packages/cli/dist/main.js', 'hub', ...ports, '--data-dir', dataDir],
      ...['--host', '127.0.0.1'],
      ...(databaseUrl === undefined ? [] : ['--database-url', databaseUrl]),
    ],
    { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...variables } },
  );
  const url = await readyUrl(child);
  const startToReadyMs = Math.round(performance.now() - startedAt);
  const pid = child.pid ?? 0;
  return {
    url,
    pid,
    startToReadyMs,
    residentMegabytes: () => {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
    },
    cpuMicros: () => {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      return (Number(fields[11]) + Number(fields[12])) * microsPerTick;
    },
    stop: async () => {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

async function readyUrl(
  child: ChildProcess & { readonly stdout: NodeJS.ReadableStream },
): Promise<string> {
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /ready at (\S+)/.exec(line)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error('The built hub did not start; run `npm run build` first.');
}
