import type { RequestHandler, Response, Router } from 'express';
import { createRouter } from '../http/app.ts';
import { sendJson } from '../http/send.ts';
import {
  JaegerQuestionError,
  sendJaegerData,
  sendJaegerError,
  wholeParameter,
} from '../http/send-jaeger.ts';
import type { Monitor } from './monitor.ts';
import { callRates, errorRates, latencies, type SpmMeasure, spmAnswer } from './spm-answer.ts';
import { readQuantile, readSpmQuestion } from './spm-question.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Jaeger's dependencies and service performance monitoring, over what this hub and others on its database have counted. */
export function monitorRoutes(monitor: Monitor): Router {
  const router = createRouter();
  router.get('/api/dependencies', answering(monitor, dependencies));
  router.get('/api/metrics/minstep', (_request, response) => sendJaegerData(response, MINUTE_MS));
  router.get(
    '/api/metrics/latencies',
    answering(monitor, (question) => metrics(question, latencies(readQuantile(question.query)))),
  );
  router.get(
    '/api/metrics/calls',
    answering(monitor, (question) => metrics(question, callRates)),
  );
  router.get(
    '/api/metrics/errors',
    answering(monitor, (question) => metrics(question, errorRates)),
  );
  return router;
}

interface Question {
  readonly monitor: Monitor;
  readonly query: URLSearchParams;
  readonly response: Response;
}

function answering(
  monitor: Monitor,
  answer: (question: Question) => Promise<void>,
): RequestHandler {
  return async (request, response) => {
    const { searchParams: query } = new URL(request.originalUrl, 'http://hub');
    try {
      await answer({ monitor, query, response });
    } catch (error) {
      if (!(error instanceof JaegerQuestionError)) throw error;
      sendJaegerError(response, 400, error.message);
    }
  };
}

/** Peers that send no spans and calls of a service to itself are left out unless they are asked for. */
async function dependencies({ monitor, query, response }: Question): Promise<void> {
  const endMs = wholeParameter(query, 'endTs') ?? monitor.now().getTime();
  const lookbackMs = wholeParameter(query, 'lookback') ?? DAY_MS;
  if (lookbackMs < 0) throw new JaegerQuestionError('lookback', 'it must not be below 0');
  const found = await monitor.dependencies(
    {
      since: minuteOf(endMs - lookbackMs),
      until: minuteOf(endMs),
    },
    query.get('service') || undefined,
  );
  const isAsked = (name: string): boolean => query.get(name) === 'true';
  const data = found
    .filter(({ virtual }) => !virtual || isAsked('virtual'))
    .filter(({ parent, child }) => parent !== child || isAsked('self'))
    .map(({ parent, child, calls }) => ({ parent, child, callCount: Math.round(calls) }));
  sendJaegerData(response, data);
}

async function metrics({ monitor, query, response }: Question, of: SpmMeasure): Promise<void> {
  const nowMs = monitor.now().getTime();
  const question = readSpmQuestion(query, nowMs);
  const { services, kinds, byOperation, endMs, lookbackMs, ratePerMs } = question;
  const counted = await monitor.operations({
    ...{ services, kinds, byOperation, step: 1, testsToo: true },
    since: minuteOf(endMs - lookbackMs - ratePerMs),
    until: minuteOf(endMs),
  });
  sendJson(response, spmAnswer(question, counted, { of, nowMs }));
}

function minuteOf(timeMs: number): number {
  return Math.min(2_000_000_000, Math.max(0, Math.floor(timeMs / MINUTE_MS)));
}
