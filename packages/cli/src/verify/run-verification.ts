import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServiceDefinition } from '../config/concordat-config.ts';
import type { HubClient } from '../hub-client/hub-client.ts';
import { Slots } from '../processes/slots.ts';
import type { Supervisor } from '../processes/supervisor.ts';
import type { VerificationRun } from './verification.ts';
import { VerifierProcess } from './verifier-process.ts';
import type { VerifyOptions } from './verify-deps.ts';
import { verifyProvider } from './verify-provider.ts';

export interface VerificationRequest {
  readonly providers: readonly ServiceDefinition[];
  readonly hub: HubClient;
  readonly options: VerifyOptions;
  readonly supervisor: Supervisor;
  /** How many verifiers may work at once. */
  readonly parallel: number;
  readonly variables: NodeJS.ProcessEnv;
  readonly support: Readonly<Record<string, string>>;
  readonly root: string;
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
}

/** Verifies all providers, side by side as far as the cores allow; leaves no process and no file behind. */
export async function runVerification(request: VerificationRequest): Promise<VerificationRun> {
  const startedAt = new Date();
  const { providers, parallel, hub } = request;
  const folder = await mkdtemp(join(tmpdir(), 'concordat-verify-'));
  const env = await verifierEnvironment(request, folder);
  const processes = Array.from({ length: parallel }, () => new VerifierProcess({ env }));
  const killAll = (): void => {
    for (const verifier of processes) verifier.kill();
  };
  process.once('exit', killAll);
  try {
    const deps = { ...request, folder, verifiers: new Slots(processes) };
    const settled = await Promise.allSettled(providers.map((one) => verifyProvider(one, deps)));
    const verified = settled.map((one) => {
      if (one.status === 'rejected') throw one.reason;
      return one.value;
    });
    const seconds = (Date.now() - startedAt.getTime()) / 1000;
    return {
      startedAt: startedAt.toISOString(),
      seconds,
      hubUrl: hub.baseUrl,
      providers: verified,
    };
  } finally {
    killAll();
    process.off('exit', killAll);
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * The native verifier reads the system's certificates anew for each of its requests, three for an interaction, which was
 * nine tenths of its time (44 ms of 49). Over plain HTTP it needs none, so it is shown an empty place.
 */
async function verifierEnvironment(
  { variables, options }: VerificationRequest,
  folder: string,
): Promise<NodeJS.ProcessEnv> {
  if (options.providerBaseUrl?.startsWith('https:') === true) return variables;
  const none = join(folder, 'no-certificates');
  await mkdir(none);
  const file = join(folder, 'no-certificates.pem');
  await writeFile(file, '');
  return { ...variables, SSL_CERT_DIR: none, SSL_CERT_FILE: file };
}
