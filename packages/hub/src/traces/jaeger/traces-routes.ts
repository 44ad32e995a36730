import type { RequestListener } from 'node:http';
import type { SpanKind } from '@concordat/domain';
import type { Request, RequestHandler, Response, Router } from 'express';
import { createRouter } from '../../http/app.ts';
import { sendJson } from '../../http/send.ts';
import type { StoredTrace, TraceStore } from '../store/trace-store.ts';
import { jaegerTraceId, toJaegerTrace } from './jaeger-json.ts';
import {
  QueryError,
  readDependencyRange,
  readSearchV1,
  readSearchV3,
  readTimeHint,
  readTraceId,
} from './jaeger-query.ts';
import { toTracesData } from './otlp-json.ts';
import { summariseTrace } from './summarise-trace.ts';

export interface TraceReading {
  readonly traces: TraceStore;
  /** Makes readable what was accepted. */
  readonly flush: () => Promise<void>;
  readonly now: () => Date;
}

/** Jaeger's query API, v1 and v3, over the hub's own spans; its collector shares one path with the search. */
export function tracesRoutes(
  deps: TraceReading & { readonly receiveThrift: RequestListener },
): Router {
  const router = createRouter();
  router.post('/api/traces', deps.receiveThrift);
  const v1 = answering(deps, sendErrorV1);
  const v3 = answering(deps, sendErrorV3);
  router.get('/api/services', v1(servicesV1));
  router.get(/^\/api\/services\/(.+)\/operations$/, v1(operationNames));
  router.get('/api/operations', v1(operationsV1));
  router.get('/api/traces', v1(searchV1));
  router.get('/api/traces/:id', v1(traceV1));
  router.get('/api/dependencies', v1(dependenciesV1));
  router.get('/api/v3/services', v3(servicesV3));
  router.get('/api/v3/operations', v3(operationsV3));
  router.get('/api/v3/traces', v3(searchV3));
  router.get('/api/v3/traces/:id', v3(traceV3));
  router.get('/api/v3/trace-summaries', v3(summariesV3));
  return router;
}

interface Question extends TraceReading {
  readonly request: Request;
  readonly response: Response;
  readonly query: URLSearchParams;
}

type Answer = (question: Question) => Promise<void>;
type SendError = (response: Response, status: number, message: string) => void;

/** Every read first makes what was accepted readable; a question that makes no sense is a 400 in the API's own shape. */
function answering(deps: TraceReading, sendError: SendError) {
  return (answer: Answer): RequestHandler =>
    async (request, response) => {
      const { searchParams: query } = new URL(request.originalUrl, 'http://hub');
      await deps.flush();
      try {
        await answer({ ...deps, request, response, query });
      } catch (error) {
        if (!(error instanceof QueryError)) throw error;
        sendError(response, 400, error.message);
      }
    };
}

/** `errors` is null and not an empty list: Grafana takes any list for a failure. */
function sendV1(response: Response, data: readonly unknown[], total = 0): void {
  sendJson(response, { data, total, limit: 0, offset: 0, errors: null });
}

function sendErrorV1(response: Response, status: number, message: string): void {
  const errors = [{ code: status, msg: message }];
  sendJson(response, { data: null, total: 0, limit: 0, offset: 0, errors }, status);
}

function sendErrorV3(response: Response, status: number, message: string): void {
  sendJson(response, { error: { httpCode: status, message } }, status);
}

async function servicesV1({ traces, response }: Question): Promise<void> {
  const services = await traces.services();
  sendV1(response, services, services.length);
}

/** A service's name may hold slashes, which Grafana does not escape. */
async function operationNames({ traces, request, response }: Question): Promise<void> {
  const operations = await traces.operations(String(request.params[0]));
  const names = [...new Set(operations.map((operation) => operation.name))];
  sendV1(response, names, names.length);
}

async function operationsV1(question: Question): Promise<void> {
  const operations = await askedOperations(question);
  const data = operations.map(({ name, kind }) => ({
    name,
    spanKind: kind === 'unspecified' ? '' : kind,
  }));
  sendV1(question.response, data, data.length);
}

async function askedOperations({ traces, query }: Question) {
  const service = query.get('service');
  if (service === null || service === '') throw new QueryError("parameter 'service' is required");
  const kind = (query.get('spanKind') ?? query.get('span_kind') ?? '').toLowerCase();
  if (kind !== '' && !kinds.includes(kind))
    throw new QueryError(`'spanKind' must be one of ${kinds.join(', ')}, and is '${kind}'`);
  return traces.operations(service, kind === '' ? undefined : (kind as SpanKind));
}

const kinds: readonly string[] = [
  'unspecified',
  'internal',
  'server',
  'client',
  'producer',
  'consumer',
];

async function searchV1(question: Question): Promise<void> {
  const { traces, response, query, now } = question;
  if (query.has('traceID')) return byIds(question);
  const found = await traces.search(readSearchV1(query, now().getTime() * 1000));
  sendV1(response, found.map(toJaegerTrace));
}

/** Ids that are not found are told one by one, beside those that are. */
async function byIds({ traces, response, query }: Question): Promise<void> {
  const data: unknown[] = [];
  const errors: object[] = [];
  for (const text of query.getAll('traceID').slice(0, 100)) {
    const id = requiredId(text);
    const trace = await traces.trace(id);
    if (trace !== undefined) data.push(toJaegerTrace(trace));
    else errors.push({ code: 404, msg: 'trace not found', traceID: jaegerTraceId(id) });
  }
  const told = errors.length === 0 ? null : errors;
  sendJson(response, { data, total: 0, limit: 0, offset: 0, errors: told });
}

function requiredId(text: string): string {
  const id = readTraceId(text);
  if (id === undefined)
    throw new QueryError(`'${text}' is not a trace id: give 1 to 32 hex digits`);
  return id;
}

async function askedTrace({ traces, request, query }: Question): Promise<StoredTrace | undefined> {
  return traces.trace(requiredId(String(request.params.id)), readTimeHint(query));
}

async function traceV1(question: Question): Promise<void> {
  const trace = await askedTrace(question);
  if (trace === undefined) sendErrorV1(question.response, 404, 'trace not found');
  else sendV1(question.response, [toJaegerTrace(trace)]);
}

async function dependenciesV1({ traces, response, query, now }: Question): Promise<void> {
  const range = readDependencyRange(query, now().getTime() * 1000);
  sendV1(response, await traces.dependencies(range, query.get('service') || undefined));
}

async function servicesV3({ traces, response }: Question): Promise<void> {
  sendJson(response, { services: await traces.services() });
}

async function operationsV3(question: Question): Promise<void> {
  const operations = await askedOperations(question);
  sendJson(question.response, {
    operations: operations.map(({ name, kind }) => ({
      name,
      spanKind: kind === 'unspecified' ? 'internal' : kind,
    })),
  });
}

async function searchV3({ traces, response, query }: Question): Promise<void> {
  const found = await traces.search(readSearchV3(query));
  if (found.length === 0) sendErrorV3(response, 404, 'No traces found');
  else sendJson(response, { result: toTracesData(found) });
}

async function traceV3(question: Question): Promise<void> {
  const trace = await askedTrace(question);
  if (trace === undefined) sendErrorV3(question.response, 404, 'No traces found');
  else sendJson(question.response, { result: toTracesData([trace]) });
}

async function summariesV3({ traces, response, query }: Question): Promise<void> {
  const found = await traces.search(readSearchV3(query));
  sendJson(response, { summaries: found.map(summariseTrace) });
}
