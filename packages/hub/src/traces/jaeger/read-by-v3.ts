import type { SpanKind } from '@concordat/domain';
import type { ReceivedSpan } from '../decode/received-span.ts';
import type { StoredOperation, TimeRange, TraceQuery } from '../store/trace-reader.ts';
import { decodeTraces } from './decode-traces.ts';
import {
  isObject,
  type JaegerAnswer,
  type JaegerClient,
  type JsonObject,
} from './jaeger-client.ts';
import {
  goDurationOf,
  type JaegerDialect,
  JaegerRefusal,
  kindOf,
  NoSuchApiError,
} from './jaeger-dialect.ts';

/**
 * Jaeger's query API v3 over HTTP. Every parameter goes by the name it has now and by the one it had before: each Jaeger
 * reads the one it knows. Traces are asked for as they are stored; the hub corrects them itself.
 */
export class JaegerV3 implements JaegerDialect {
  readonly name = 'v3';
  readonly #client: JaegerClient;

  constructor(client: JaegerClient) {
    this.#client = client;
  }

  async services(): Promise<readonly string[]> {
    const json = await this.#json('/api/v3/services');
    return textsOf(json?.services);
  }

  async operations(
    service: string,
    kind: SpanKind | undefined,
  ): Promise<readonly StoredOperation[]> {
    const query = new URLSearchParams({ service });
    if (kind !== undefined && kind !== 'unspecified') setBoth(query, 'spanKind', kind);
    const json = await this.#json('/api/v3/operations', query);
    return objectsOf(json?.operations).map(({ name, spanKind, span_kind }) => ({
      name: typeof name === 'string' ? name : '',
      kind: kindOf(spanKind ?? span_kind),
    }));
  }

  async trace(traceId: string, hint: TimeRange | undefined): Promise<readonly ReceivedSpan[]> {
    const query = new URLSearchParams();
    setBoth(query, 'rawTraces', 'true');
    if (hint !== undefined) {
      setBoth(query, 'startTime', timeOf(hint.fromMicros, Math.floor));
      setBoth(query, 'endTime', timeOf(hint.toMicros, Math.ceil));
    }
    return spansOf(await this.#json(`/api/v3/traces/${traceId}`, query));
  }

  async search(query: TraceQuery): Promise<readonly ReceivedSpan[]> {
    return spansOf(await this.#json('/api/v3/traces', searchParameters(query)));
  }

  /** Jaegers before 2.17 or so pass over attributes and find what does not have them; the others look at them first. */
  async knowsAttributes(): Promise<boolean> {
    const query = new URLSearchParams({ 'query.attributes': 'none' });
    setBoth(query, 'query.startTimeMin', timeOf(0, Math.floor));
    setBoth(query, 'query.startTimeMax', timeOf(1, Math.floor));
    setBoth(query, 'query.serviceName', 'none');
    const { status } = await this.#client.get('/api/v3/traces', query);
    return status === 400;
  }

  /** Undefined where nothing was found: Jaeger has 404 for that, in a search too. */
  async #json(path: string, query?: URLSearchParams): Promise<JsonObject | undefined> {
    const answer = await this.#client.get(path, query);
    if (answer.json === undefined && (answer.status === 200 || answer.status === 404))
      throw new NoSuchApiError(this.#client.url, path);
    if (answer.status === 404) return undefined;
    if (answer.status !== 200) throw new JaegerRefusal(this.#client.url, answer, messageOf(answer));
    return answer.json;
  }
}

function messageOf({ json }: JaegerAnswer): string {
  const error = json?.error;
  return isObject(error) && typeof error.message === 'string' ? error.message : '';
}

function searchParameters(query: TraceQuery): URLSearchParams {
  const parameters = new URLSearchParams();
  const set = (name: string, value: string): void => setBoth(parameters, `query.${name}`, value);
  if (query.service !== undefined) set('serviceName', query.service);
  if (query.operation !== undefined) set('operationName', query.operation);
  if (query.tags.size > 0) set('attributes', JSON.stringify(Object.fromEntries(query.tags)));
  set('startTimeMin', timeOf(query.fromMicros, Math.floor));
  set('startTimeMax', timeOf(query.toMicros, Math.ceil));
  if (query.minDurationMicros !== undefined)
    set('durationMin', goDurationOf(query.minDurationMicros));
  if (query.maxDurationMicros !== undefined)
    set('durationMax', goDurationOf(query.maxDurationMicros));
  set('searchDepth', String(query.limit));
  parameters.set('query.num_traces', String(query.limit));
  set('rawTraces', 'true');
  return parameters;
}

function setBoth(parameters: URLSearchParams, name: string, value: string): void {
  parameters.set(name, value);
  parameters.set(
    name.replace(/[A-Z]/g, (upper) => `_${upper.toLowerCase()}`),
    value,
  );
}

/** RFC 3339 with microseconds, which a Date does not have. */
function timeOf(micros: number, round: (value: number) => number): string {
  const whole = Math.max(0, round(micros));
  const seconds = Math.floor(whole / 1_000_000);
  const fraction = String(whole % 1_000_000).padStart(6, '0');
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${fraction}Z`;
}

/** Older Jaegers give the traces without a wrapper. */
function spansOf(json: JsonObject | undefined): readonly ReceivedSpan[] {
  return json === undefined ? [] : decodeTraces(json.result ?? json);
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function objectsOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
