import type { RequestListener } from 'node:http';
import type { RequestHandler, Router } from 'express';
import { createRouter } from '../../http/app.ts';
import { parameter, resource } from '../../http/resource.ts';
import type { StoredTrace } from '../store/trace-reader.ts';
import { findDeepDependencies } from './find-deep-dependencies.ts';
import { jaegerTraceId } from './jaeger-json.ts';
import {
  type AnswerError,
  sendBare,
  sendData,
  sendErrorV1,
  sendTraces,
} from './jaeger-v1-replies.ts';
import {
  type Answer,
  answering,
  type Question,
  QuestionError,
  type TraceReading,
} from './question.ts';
import { flag, operationsOf, parameterOf, traceId } from './read-parameters.ts';
import { readHintV1, readSearchV1 } from './read-search.ts';
import { tellTraces } from './tell-trace.ts';
import { transformOtlp } from './transform-otlp.ts';

/**
 * Jaeger's query API v1, also what Jaeger itself no longer answers: Grafana still asks for it. Jaeger's collector shares one
 * path with the search.
 */
export function jaegerV1Routes(
  deps: TraceReading & { readonly receiveThrift: RequestListener },
): Router {
  const router = createRouter();
  const asked = answering(deps, sendErrorV1);
  router.use(slashesInService);
  const get = (path: string | readonly string[], answer: Answer): void =>
    resource(router, path, { GET: asked(answer), provides });
  const post = (path: string, answer: Answer): void =>
    resource(router, path, { POST: asked(answer), provides, consumes: { POST: ['*'] } });
  get('/api/services', services);
  get('/api/services/:service/operations', operationNames);
  get('/api/operations', operations);
  resource(router, '/api/traces', {
    GET: asked(search),
    POST: deps.receiveThrift,
    provides,
    consumes: { POST: ['*'] },
  });
  get('/api/traces/:id', oneTrace);
  // The second is where the UI looked for it before it had a route of its own.
  get(['/api/deep-dependencies', '/analytics/v1/dependencies'], deepDependencies);
  post('/api/archive/:id', archive);
  post('/api/transform', transform);
  return router;
}

/** JSON whatever is accepted, as Jaeger does. */
const provides: readonly string[] = [];

/** A service's name may hold slashes, which Grafana does not escape. */
const slashesInService: RequestHandler = (request, _response, next) => {
  const [, service] = /^\/api\/services\/(.+)\/operations$/.exec(request.path) ?? [];
  if (service?.includes('/')) {
    const query = request.url.slice(request.path.length);
    request.url = `/api/services/${service.replaceAll('/', '%2F')}/operations${query}`;
  }
  next();
};

async function services(question: Question): Promise<void> {
  const names = await question.traces.services();
  await sendData(question, names, names.length);
}

async function operationNames(question: Question): Promise<void> {
  const { traces, request } = question;
  const found = await traces.operations(parameter(request, 'service'));
  const names = [...new Set(found.map((operation) => operation.name))];
  await sendData(question, names, names.length);
}

async function operations(question: Question): Promise<void> {
  const { service, kind } = operationsOf(question.query);
  const found = await question.traces.operations(service, kind);
  const data = found.map((operation) => ({
    name: operation.name,
    spanKind: operation.kind === 'unspecified' ? '' : operation.kind,
  }));
  await sendData(question, data, data.length);
}

async function search(question: Question): Promise<void> {
  const { traces, query, nowMicros } = question;
  if (query.has('traceID')) return byIds(question);
  const asked = readSearchV1(query, nowMicros);
  const found = await traces.search(asked.query);
  await sendTraces(question, tellTraces(found, asked));
}

const maxIds = 100;

/** Ids that are not found are told one by one, beside those that are. */
async function byIds(question: Question): Promise<void> {
  const { traces, query } = question;
  const ids = query.getAll('traceID').map(traceId);
  if (ids.length > maxIds)
    throw new QuestionError(`'traceID' may be given ${maxIds} times, and is ${ids.length} times`);
  const raw = flag(parameterOf(query, 'raw'));
  const found: StoredTrace[] = [];
  const errors: AnswerError[] = [];
  for (const id of new Set(ids)) {
    const trace = await traces.trace(id, readHintV1(query));
    if (trace !== undefined) found.push(trace);
    else errors.push({ code: 404, msg: 'trace not found', traceID: jaegerTraceId(id) });
  }
  await sendTraces(question, tellTraces(found, { raw }), errors);
}

async function oneTrace(question: Question): Promise<void> {
  const { traces, request, query } = question;
  const id = traceId(parameter(request, 'id'));
  const raw = flag(parameterOf(query, 'raw'));
  const trace = await traces.trace(id, readHintV1(query));
  if (trace === undefined) throw new QuestionError('trace not found', { status: 404 });
  await sendTraces(question, tellTraces([trace], { raw }));
}

async function archive(question: Question): Promise<void> {
  const { traces, request } = question;
  const id = traceId(parameter(request, 'id'));
  if (!(await traces.archive(id))) throw new QuestionError('trace not found', { status: 404 });
  await sendData(question, []);
}

async function transform(question: Question): Promise<void> {
  await sendTraces(question, await transformOtlp(question.request));
}

async function deepDependencies(question: Question): Promise<void> {
  await sendBare(question, { dependencies: await findDeepDependencies(question) });
}
