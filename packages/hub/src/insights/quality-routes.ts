import type { Router } from 'express';
import { createRouter } from '../http/app.ts';
import { sendJson } from '../http/send.ts';
import { JaegerQuestionError, sendJaegerError, wholeParameter } from '../http/send-jaeger.ts';
import type { Insights } from './insights.ts';
import { qualityAnswer } from './quality-answer.ts';

const DEFAULT_HOURS = 24;
const MOST_HOURS = 8784;

/** Jaeger's quality page, filled with how well a service keeps its contracts. */
export function qualityRoutes(insights: Insights): Router {
  const router = createRouter();
  router.get('/api/quality-metrics', async (request, response) => {
    const { searchParams: query } = new URL(request.originalUrl, 'http://hub');
    try {
      const { service, hours } = readQuestion(query);
      const pageUrl = `${response.locals.baseUrl}/ui/`;
      sendJson(response, qualityAnswer(await insights.quality(service, hours), { hours, pageUrl }));
    } catch (error) {
      if (!(error instanceof JaegerQuestionError)) throw error;
      sendJaegerError(response, 400, error.message);
    }
  });
  return router;
}

function readQuestion(query: URLSearchParams): {
  readonly service: string;
  readonly hours: number;
} {
  const service = query.get('service') ?? '';
  if (service === '') throw new JaegerQuestionError('service', 'please name a service');
  const hours = wholeParameter(query, 'hours') ?? DEFAULT_HOURS;
  if (hours < 1 || hours > MOST_HOURS)
    throw new JaegerQuestionError('hours', `it must be from 1 to ${MOST_HOURS}`);
  return { service, hours };
}
