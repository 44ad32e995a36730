import type { Router } from 'express';
import { createRouter } from '../../http/app.ts';
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
import { answering, type Question, QuestionError, type TraceReading } from './question.ts';
import { flag, operationsOf, parameterOf, traceId } from './read-parameters.ts';
import { readHintV1, readSearchV1 } from './read-search.ts';
import { tellTrace } from './tell-trace.ts';
import { transformOtlp } from './transform-otlp.ts';

/** Jaeger's query API v1, also what Jaeger itself no longer answers: Grafana still asks for it. */
export function jaegerV1Routes(deps: TraceReading): Router {
  const router = createRouter();
  const v1 = answering(deps, sendErrorV1);
  router.get('/api/services', v1(services));
  router.get(/^\/api\/services\/(.+)\/operations$/, v1(operationNames));
  router.get('/api/operations', v1(operations));
  router.get('/api/traces', v1(search));
  router.get('/api/traces/:id', v1(oneTrace));
  router.post('/api/archive/:id', v1(archive));
  router.post('/api/transform', v1(transform));
  // The second is where the UI looked for it before it had a route of its own.
  router.get(['/api/deep-dependencies', '/analytics/v1/dependencies'], v1(deepDependencies));
  return router;
}

async function services(question: Question): Promise<void> {
  const names = await question.traces.services();
  await sendData(question, names, names.length);
}

/** A service's name may hold slashes, which Grafana does not escape. */
async function operationNames(question: Question): Promise<void> {
  const found = await question.traces.operations(String(question.request.params[0]));
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
  await sendTraces(question, told(found, asked.raw));
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
  await sendTraces(question, told(found, raw), errors);
}

/** One after the other, so that the next is worked out when the one before it was sent. */
function* told(found: readonly StoredTrace[], raw: boolean) {
  for (const trace of found) yield tellTrace(trace, { raw });
}

async function oneTrace(question: Question): Promise<void> {
  const { traces, request, query } = question;
  const id = traceId(String(request.params.id));
  const raw = flag(parameterOf(query, 'raw'));
  const trace = await traces.trace(id, readHintV1(query));
  if (trace === undefined) throw new QuestionError('trace not found', { status: 404 });
  await sendTraces(question, told([trace], raw));
}

async function archive(question: Question): Promise<void> {
  const { traces, request } = question;
  const id = traceId(String(request.params.id));
  if (traces.archive === undefined)
    throw new QuestionError('archive storage is not configured', { status: 501 });
  if (!(await traces.archive(id))) throw new QuestionError('trace not found', { status: 404 });
  await sendData(question, []);
}

async function transform(question: Question): Promise<void> {
  await sendTraces(question, told(await transformOtlp(question.request), false));
}

async function deepDependencies(question: Question): Promise<void> {
  await sendBare(question, { dependencies: await findDeepDependencies(question) });
}
