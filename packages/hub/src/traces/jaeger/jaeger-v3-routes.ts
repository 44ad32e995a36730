import type { Response, Router } from 'express';
import { createRouter } from '../../http/app.ts';
import { parameter, resource } from '../../http/resource.ts';
import { sendJson } from '../../http/send.ts';
import type { StoredTrace } from '../store/trace-reader.ts';
import { resourceSpansPieces } from './otlp-json.ts';
import {
  type Answer,
  answering,
  type Question,
  QuestionError,
  type TraceReading,
} from './question.ts';
import { bothSpellings, flag, operationsOf, parameterOf, traceId } from './read-parameters.ts';
import { readHintV3, readSearchV3 } from './read-search.ts';
import { sendPieces } from './send-pieces.ts';
import { summariseTrace } from './summarise-trace.ts';
import { tellTraces } from './tell-trace.ts';

const routes: Readonly<Record<string, Answer>> = {
  services,
  operations,
  traces: search,
  'traces/:id': oneTrace,
  'trace-summaries': summaries,
  capabilities,
  spans,
};

/** Jaeger's query API v3, which its UI searches with. */
export function jaegerV3Routes(deps: TraceReading): Router {
  const router = createRouter();
  const asked = answering(deps, sendErrorV3);
  // JSON whatever is accepted, as Jaeger does.
  for (const [path, answer] of Object.entries(routes))
    resource(router, `/api/v3/${path}`, { GET: asked(answer), provides: [] });
  return router;
}

function sendErrorV3(response: Response, status: number, message: string): void {
  sendJson(response, { error: { httpCode: status, message } }, status);
}

async function services({ traces, response }: Question): Promise<void> {
  sendJson(response, { services: await traces.services() });
}

async function operations({ traces, query, response }: Question): Promise<void> {
  const { service, kind } = operationsOf(query);
  const found = await traces.operations(service, kind);
  sendJson(response, {
    operations: found.map((operation) => ({
      name: operation.name,
      spanKind: operation.kind === 'unspecified' ? 'internal' : operation.kind,
    })),
  });
}

async function search({ traces, query, response }: Question): Promise<void> {
  const asked = readSearchV3(query);
  await sendTraces(response, await traces.search(asked.query), asked.raw);
}

async function oneTrace({ traces, request, query, response }: Question): Promise<void> {
  const id = traceId(parameter(request, 'id'));
  const raw = flag(parameterOf(query, ...bothSpellings('rawTraces')));
  const trace = await traces.trace(id, readHintV3(query));
  await sendTraces(response, trace === undefined ? [] : [trace], raw);
}

async function sendTraces(
  response: Response,
  found: readonly StoredTrace[],
  raw: boolean,
): Promise<void> {
  if (found.length === 0) throw new QuestionError('No traces found', { status: 404 });
  await sendPieces(response, resultPieces(found, raw));
}

function* resultPieces(found: readonly StoredTrace[], raw: boolean): Generator<string> {
  yield '{"result":{"resourceSpans":';
  yield* resourceSpansPieces(tellTraces(found, { raw }));
  yield '}}';
}

async function summaries({ traces, query, response }: Question): Promise<void> {
  const asked = readSearchV3(query);
  const found = await traces.search(asked.query);
  await sendPieces(response, summaryPieces(found, asked.raw));
}

function* summaryPieces(found: readonly StoredTrace[], raw: boolean): Generator<string> {
  yield '{"summaries":[';
  let separator = '';
  for (const trace of tellTraces(found, { raw })) {
    yield separator + JSON.stringify(summariseTrace(trace));
    separator = ',';
  }
  yield ']}';
}

/** What the search can do beyond the least that every Jaeger can. */
async function capabilities({ response }: Question): Promise<void> {
  sendJson(response, { search: { withoutServiceName: true, sameSpanConjunction: true } });
}

async function spans(): Promise<void> {
  throw new QuestionError('Spans cannot be searched for by themselves here; search traces.', {
    status: 501,
  });
}
