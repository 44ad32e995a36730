import { type HubClient, jsonOf } from '../hub-client/hub-client.ts';
import { CliError } from '../terminal/cli-error.ts';
import { type Check, failed, ok, skipped } from './check.ts';

const mostServices = 50;
const tracesLookedAt = 20;

interface Tagged {
  readonly tags?: readonly { readonly key: string; readonly value: unknown }[];
}

/** The parts of Jaeger's trace JSON that are read here. */
interface Trace {
  readonly processes: Readonly<Record<string, Tagged & { readonly serviceName: string }>>;
  readonly spans: readonly (Tagged & {
    readonly processID: string;
    /** Microseconds. */
    readonly startTime: number;
  })[];
}

/** What the newest spans of a service say. */
interface Telemetry {
  readonly service: string;
  readonly version: string | undefined;
  readonly environment: string | undefined;
  /** Any span that crosses a border: server, client, producer or consumer. */
  readonly crosses: boolean;
  readonly scopes: readonly string[];
  readonly lastMillis: number;
}

/** Names what is wrong with the telemetry of each service that sends spans, so that nothing is missing in silence. */
export async function checkTelemetry(hub: HubClient, now: () => number): Promise<readonly Check[]> {
  try {
    const services = await listed<string>(hub, '/api/services');
    if (services.length === 0) return [skipped('telemetry', 'no service has sent spans yet.')];
    const looked = services.slice(0, mostServices);
    const checks = await Promise.all(looked.map((service) => checkService(hub, service, now())));
    const left = services.length - looked.length;
    return left === 0
      ? checks
      : [...checks, skipped('telemetry', `${left} more services not looked at.`)];
  } catch (error) {
    if (error instanceof CliError) return [skipped('telemetry', error.message)];
    throw error;
  }
}

async function listed<Item>(hub: HubClient, path: string): Promise<readonly Item[]> {
  const answer = await hub.get(path);
  if (answer.status !== 200) throw new CliError(`${path} answered ${answer.status}.`);
  const { data } = jsonOf(answer, path) as { readonly data?: readonly Item[] | null };
  return data ?? [];
}

async function checkService(hub: HubClient, service: string, nowMillis: number): Promise<Check> {
  const query = `service=${encodeURIComponent(service)}&limit=${tracesLookedAt}`;
  const traces = await listed<Trace>(hub, `/api/traces?${query}`);
  const name = `telemetry of ${service}`;
  const telemetry = readTelemetry(service, traces);
  if (telemetry === undefined) return skipped(name, 'no spans of the last hours.');
  const defects = defectsOf(telemetry);
  if (defects.length > 0) {
    const advice = defects.map((defect) => defect.advice).join(' ');
    return failed(name, `${defects.map(({ detail }) => detail).join(', ')}.`, advice);
  }
  const age = Math.max(0, Math.round((nowMillis - telemetry.lastMillis) / 1000));
  const { version, environment, scopes } = telemetry;
  return ok(
    name,
    `version ${version} in ${environment}, last span ${age} s ago, by ${scopes.join(', ')}.`,
  );
}

function readTelemetry(service: string, traces: readonly Trace[]): Telemetry | undefined {
  const spans = traces.flatMap((trace) =>
    trace.spans.flatMap((span) => {
      const process = trace.processes[span.processID];
      return process?.serviceName === service ? [{ span, process }] : [];
    }),
  );
  const newest = spans.toSorted((a, b) => b.span.startTime - a.span.startTime)[0];
  if (newest === undefined) return undefined;
  const scopes = spans.flatMap(({ span }) => tagOf(span, 'otel.scope.name') ?? []);
  return {
    service,
    version: tagOf(newest.process, 'service.version'),
    environment: tagOf(newest.process, 'deployment.environment.name'),
    crosses: spans.some(({ span }) => (tagOf(span, 'span.kind') ?? 'internal') !== 'internal'),
    scopes: [
      ...new Set(scopes.map((scope) => scope.replace('@opentelemetry/instrumentation-', ''))),
    ].sort(),
    lastMillis: newest.span.startTime / 1000,
  };
}

function tagOf({ tags = [] }: Tagged, name: string): string | undefined {
  const value = tags.find(({ key }) => key === name)?.value;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

interface Defect {
  readonly detail: string;
  readonly advice: string;
}

function defectsOf(telemetry: Telemetry): readonly Defect[] {
  const found: (Defect | false)[] = [
    telemetry.service.startsWith('unknown_service') && {
      detail: 'the service has no name of its own',
      advice: `Set OTEL_SERVICE_NAME to the pacticipant's name.`,
    },
    telemetry.version === undefined && {
      detail: 'its spans name no service.version, so no pacticipant version gets its calls',
      advice: 'Set OTEL_RESOURCE_ATTRIBUTES=service.version=….',
    },
    telemetry.environment === undefined && {
      detail: 'its spans name no environment, so they cannot be compared with what is deployed',
      advice: 'Set OTEL_RESOURCE_ATTRIBUTES=deployment.environment.name=….',
    },
    !telemetry.crosses && {
      detail: 'it sends no span of a request, call or message',
      advice:
        'Start tracing before the application loads its packages (node --import @concordat/instrumentation/register).',
    },
  ];
  return found.filter((defect) => defect !== false);
}
