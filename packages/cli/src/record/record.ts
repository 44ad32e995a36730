import { type HubClient, jsonOf, refusalOf } from '../hub-client/hub-client.ts';
import { CliError } from '../terminal/cli-error.ts';

export interface Recorded {
  readonly pacticipant: string;
  readonly version: string;
  readonly environment: string;
  readonly applicationInstance?: string;
}

/** Says that the version runs there now; the hub then takes the one before as undeployed. */
export async function recordDeployment(hub: HubClient, recorded: Recorded): Promise<void> {
  const { applicationInstance } = recorded;
  const body = applicationInstance === undefined ? {} : { applicationInstance };
  await follow(hub, recorded, { relation: 'pb:record-deployment', body });
}

/** Says that the version is available there, beside those before. */
export async function recordRelease(hub: HubClient, recorded: Recorded): Promise<void> {
  await follow(hub, recorded, { relation: 'pb:record-release', body: {} });
}

/** Creates the environment when the hub does not know it; the hub's answer when two do it at once is no failure. */
export async function ensureEnvironment(hub: HubClient, name: string): Promise<void> {
  const body = jsonOf(await hub.get('/environments'), 'The list of environments');
  const known = (body as { _embedded?: { environments?: readonly { name?: unknown }[] } })
    ._embedded;
  if (known?.environments?.some((environment) => environment.name === name)) return;
  const answer = await hub.post('/environments', {
    name,
    displayName: name,
    production: name === 'production',
  });
  if (answer.status !== 201) {
    throw new CliError(`Environment ${name} was not created: ${refusalOf(answer)}`);
  }
}

interface Step {
  readonly relation: string;
  readonly body: unknown;
}

async function follow(hub: HubClient, recorded: Recorded, step: Step): Promise<void> {
  const { pacticipant, version, environment } = recorded;
  const name = encodeURIComponent(pacticipant);
  const answer = await hub.get(`/pacticipants/${name}/versions/${encodeURIComponent(version)}`);
  if (answer.status === 404) {
    throw new CliError(
      `${pacticipant} ${version} is not known to the hub; publish a contract or a verification result of it first.`,
    );
  }
  if (answer.status !== 200) throw new CliError(`${pacticipant}: ${refusalOf(answer)}`);
  const link = linksOf(jsonOf(answer, pacticipant), step.relation).find(
    (one) => one.name === environment,
  );
  if (link === undefined) {
    throw new CliError(
      `Environment '${environment}' does not exist in the hub, or ${pacticipant} ${version} cannot be recorded there.`,
    );
  }
  const done = await hub.post(link.href, step.body);
  if (done.status >= 300) throw new CliError(`${pacticipant} ${version}: ${refusalOf(done)}`);
}

function linksOf(body: unknown, relation: string): readonly { name: string; href: string }[] {
  const links = (body as { _links?: Record<string, unknown> })._links?.[relation];
  return Array.isArray(links) ? links : [];
}
