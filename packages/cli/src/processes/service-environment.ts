import type { ServiceDefinition } from '../config/concordat-config.ts';
import type { HubClient } from '../hub-client/hub-client.ts';

export interface ServiceEnvironment {
  readonly port: number;
  /** Name of the deployment environment, such as `production`; `test` while verifying. */
  readonly environment: string;
  /** Where spans go. */
  readonly hub: HubClient;
  /** Base URL of another service. */
  readonly urlOf: (service: string) => string;
  /** Variables of the support processes. */
  readonly support: Readonly<Record<string, string>>;
  /** Base URL of a Jaeger Thrift listener, for services that were told TRACE_EXPORTER=jaeger. */
  readonly jaegerUrl?: string | undefined;
}

/** The environment a service of the config is started with, on top of the runner's own. */
export function environmentOf(
  service: ServiceDefinition,
  variables: NodeJS.ProcessEnv,
  options: ServiceEnvironment,
): NodeJS.ProcessEnv {
  const { hub, jaegerUrl, port, environment, support, urlOf } = options;
  return {
    ...variables,
    ...support,
    ...urlVariables(service.calls ?? [], urlOf),
    PORT: String(port),
    DEPLOYMENT_ENVIRONMENT: environment,
    OTEL_EXPORTER_OTLP_ENDPOINT: hub.baseUrl,
    ...(hub.authorization !== undefined && {
      OTEL_EXPORTER_OTLP_HEADERS: `authorization=${encodeURIComponent(hub.authorization)}`,
    }),
    ...(jaegerUrl !== undefined && { OTEL_EXPORTER_JAEGER_ENDPOINT: `${jaegerUrl}/api/traces` }),
    ...service.process.env,
  };
}

/** `order-history` → `ORDER_HISTORY_URL`. */
export function urlVariables(
  names: readonly string[],
  urlOf: (service: string) => string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    names.map((name) => [`${name.toUpperCase().replaceAll('-', '_')}_URL`, urlOf(name)]),
  );
}
