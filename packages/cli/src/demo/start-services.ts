import type { ServiceDefinition } from '../config/concordat-config.ts';
import type { HubClient } from '../hub-client/hub-client.ts';
import { freePort } from '../processes/free-port.ts';
import { environmentOf, urlVariables } from '../processes/service-environment.ts';
import type { SupervisedProcess } from '../processes/supervised-process.ts';
import type { Supervisor } from '../processes/supervisor.ts';

export interface ServicesContext {
  readonly supervisor: Supervisor;
  readonly hub: HubClient;
  readonly environment: string;
  readonly support: Readonly<Record<string, string>>;
  readonly jaegerUrl: string | undefined;
  readonly variables: NodeJS.ProcessEnv;
  readonly root: string;
  readonly signal: AbortSignal;
}

export interface RunningServices {
  readonly processes: readonly SupervisedProcess[];
  /** `<NAME>_URL` of every service, for the traffic. */
  readonly urls: Readonly<Record<string, string>>;
}

const HOST = '127.0.0.1';

/** Starts all services, each knowing the addresses of those it calls, and waits until every one can serve. */
export async function startServices(
  services: readonly ServiceDefinition[],
  context: ServicesContext,
): Promise<RunningServices> {
  const { supervisor, hub, environment, support, jaegerUrl } = context;
  const ports = new Map<string, number>();
  for (const { name } of services) ports.set(name, await freePort(HOST));
  const urlOf = (name: string): string => `http://${HOST}:${ports.get(name)}`;
  const processes = await Promise.all(
    services.map(async (service) => {
      const port = ports.get(service.name) ?? 0;
      const options = { port, environment, hub, urlOf, support, jaegerUrl };
      const child = supervisor.start({
        name: service.name,
        command: service.process.command,
        cwd: context.root,
        // The services look at their own traffic as they would in production; CONCORDAT_GUARD=off lets them not.
        env: {
          ...{ CONCORDAT_GUARD: 'on', CONCORDAT_HUB_URL: hub.baseUrl },
          ...environmentOf(service, context.variables, options),
        },
      });
      await child.ready(`${urlOf(service.name)}${service.process.health}`, context.signal);
      return child;
    }),
  );
  return {
    processes,
    urls: urlVariables(
      services.map(({ name }) => name),
      urlOf,
    ),
  };
}
