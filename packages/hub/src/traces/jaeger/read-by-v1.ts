import type { SpanKind } from '@concordat/domain';
import type { ReceivedSpan } from '../decode/received-span.ts';
import type { StoredOperation, TimeRange, TraceQuery } from '../store/trace-reader.ts';
import { decodeJaegerTraces } from './decode-jaeger-json.ts';
import { isObject, type JaegerAnswer, type JaegerClient } from './jaeger-client.ts';
import {
  goDurationOf,
  type JaegerDialect,
  JaegerRefusal,
  kindOf,
  NoSuchApiError,
} from './jaeger-dialect.ts';

/** Jaeger's query API v1, which Jaegers up to 2.20 have for everything, and later ones for single traces only. */
export class JaegerV1 implements JaegerDialect {
  readonly name = 'v1';
  readonly #client: JaegerClient;

  constructor(client: JaegerClient) {
    this.#client = client;
  }

  async services(): Promise<readonly string[]> {
    const data = await this.#data('/api/services');
    return data.filter((item) => typeof item === 'string');
  }

  async operations(
    service: string,
    kind: SpanKind | undefined,
  ): Promise<readonly StoredOperation[]> {
    const query = new URLSearchParams({ service });
    if (kind !== undefined && kind !== 'unspecified') query.set('spanKind', kind);
    const data = await this.#data('/api/operations', query);
    return data.filter(isObject).map(({ name, spanKind }) => ({
      name: typeof name === 'string' ? name : '',
      kind: kindOf(spanKind),
    }));
  }

  async trace(traceId: string, hint: TimeRange | undefined): Promise<readonly ReceivedSpan[]> {
    const query = new URLSearchParams({ raw: 'true' });
    if (hint !== undefined) {
      query.set('start', String(Math.floor(hint.fromMicros)));
      query.set('end', String(Math.ceil(hint.toMicros)));
    }
    return decodeJaegerTraces(await this.#data(`/api/traces/${traceId}`, query));
  }

  async search(query: TraceQuery): Promise<readonly ReceivedSpan[]> {
    return decodeJaegerTraces(await this.#data('/api/traces', searchParameters(query)));
  }

  /** Whether it can search, which Jaegers from 2.21 on cannot. */
  async knowsSearch(): Promise<boolean> {
    const { status, json } = await this.#client.get('/api/services');
    return status === 200 && json !== undefined;
  }

  /** False when there is no such trace. */
  async archive(traceId: string): Promise<boolean> {
    const answer = await this.#client.post(`/api/archive/${traceId}`);
    if (answer.status === 404 && answer.json !== undefined) return false;
    if (answer.status !== 200) throw new JaegerRefusal(this.#client.url, answer, messageOf(answer));
    return true;
  }

  /** Empty where nothing was found: a single trace has 404 for that, lists have null. */
  async #data(path: string, query?: URLSearchParams): Promise<readonly unknown[]> {
    const answer = await this.#client.get(path, query);
    const { status, json } = answer;
    if (json === undefined && (status === 200 || status === 404))
      throw new NoSuchApiError(this.#client.url, path);
    if (status === 404) return [];
    if (status !== 200) throw new JaegerRefusal(this.#client.url, answer, messageOf(answer));
    return Array.isArray(json?.data) ? json.data : [];
  }
}

function messageOf({ json }: JaegerAnswer): string {
  const [error]: readonly unknown[] = Array.isArray(json?.errors) ? json.errors : [];
  return isObject(error) && typeof error.msg === 'string' ? error.msg : '';
}

function searchParameters(query: TraceQuery): URLSearchParams {
  const parameters = new URLSearchParams();
  if (query.service !== undefined) parameters.set('service', query.service);
  if (query.operation !== undefined) parameters.set('operation', query.operation);
  if (query.tags.size > 0) parameters.set('tags', JSON.stringify(Object.fromEntries(query.tags)));
  parameters.set('start', String(Math.max(0, Math.floor(query.fromMicros))));
  parameters.set('end', String(Math.max(0, Math.ceil(query.toMicros))));
  if (query.minDurationMicros !== undefined)
    parameters.set('minDuration', goDurationOf(query.minDurationMicros));
  if (query.maxDurationMicros !== undefined)
    parameters.set('maxDuration', goDurationOf(query.maxDurationMicros));
  parameters.set('limit', String(query.limit));
  parameters.set('raw', 'true');
  return parameters;
}
