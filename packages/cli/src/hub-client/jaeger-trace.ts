import type { HubClient } from './hub-client.ts';

/** As Jaeger's query API tells a span. */
export interface JaegerSpan {
  readonly spanID: string;
  readonly operationName: string;
  readonly references?: readonly { readonly refType: string; readonly spanID: string }[];
  /** Microseconds. */
  readonly startTime: number;
  readonly duration: number;
  readonly tags?: readonly Tag[];
  readonly logs?: readonly { readonly fields?: readonly Tag[] }[];
  readonly processID: string;
}

export interface Tag {
  readonly key: string;
  readonly value: unknown;
}

export type Processes = Readonly<Record<string, { readonly serviceName: string } | undefined>>;

export interface JaegerTrace {
  readonly traceID: string;
  readonly spans: readonly JaegerSpan[];
  readonly processes: Processes;
}

/** undefined where the hub does not have it. */
export async function readTrace(hub: HubClient, traceId: string): Promise<JaegerTrace | undefined> {
  const answer = await hub.get(`/api/traces/${traceId}`);
  if (answer.status !== 200) return undefined;
  const body = JSON.parse(answer.text) as { readonly data?: readonly JaegerTrace[] };
  return body.data?.[0];
}
