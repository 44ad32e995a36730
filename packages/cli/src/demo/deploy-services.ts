import { askCanIDeploy } from '../can-i-deploy/can-i-deploy.ts';
import type { HubClient } from '../hub-client/hub-client.ts';
import type { ServiceContracts } from '../publish/publish-service.ts';
import { ensureEnvironment, recordDeployment } from '../record/record.ts';
import { dependencyOrder } from './dependency-order.ts';

export interface DeployOptions {
  readonly environment: string;
  readonly progress: (line: string) => void;
}

/** Asks for each service, providers first, whether it can go, and records those that can and are to be recorded. */
export async function deployServices(
  hub: HubClient,
  contracts: readonly ServiceContracts[],
  { environment, progress }: DeployOptions,
): Promise<Readonly<Record<string, boolean | null>>> {
  await ensureEnvironment(hub, environment);
  const answers: Record<string, boolean | null> = {};
  for (const { name, version, recordDeployment: isRecorded = true } of inOrder(contracts)) {
    const question = { pacticipant: name, version } as const;
    const target = { kind: 'environment', name: environment } as const;
    const verdict = await askCanIDeploy(hub, { ...question, target });
    answers[name] = verdict.deployable;
    if (verdict.deployable !== true) progress(`✕ ${name} ${version}: ${verdict.reason}`);
    else if (isRecorded) await recordDeployment(hub, { ...question, environment });
  }
  return answers;
}

function inOrder(contracts: readonly ServiceContracts[]): readonly ServiceContracts['service'][] {
  const providers = new Map(
    contracts.map(({ service, pacts }) => [service.name, pacts.map(({ provider }) => provider)]),
  );
  return dependencyOrder(
    contracts.map(({ service }) => service),
    ({ name, calls = [] }) => [...calls, ...(providers.get(name) ?? [])],
  );
}
