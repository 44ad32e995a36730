import type { Usages } from '@concordat/api';
import { readTrafficWindow } from '@concordat/domain';
import type { Request, Response, Router } from 'express';
import { createRouter } from '../../http/app.ts';
import { HubError } from '../../http/hub-error.ts';
import {
  knownParameters,
  pageParameters,
  textParameter,
  timeParameter,
} from '../../http/read-parameters.ts';
import { resource } from '../../http/resource.ts';
import { sendJson } from '../../http/send.ts';
import type { UsageAnswers, UsageQuestion } from './usage-ledger.ts';

/** `/insights/usage`: who promises a provider's operations, and who calls them. */
export function usageRoutes(answers: UsageAnswers, now: () => Date): Router {
  const router = createRouter();
  resource(router, '/insights/usage', {
    provides: ['application/json'],
    GET: async (request: Request, response: Response) => {
      const question = questionOf(request, now());
      const { number, size } = question.page;
      const { operations, total } = await answers.answer(question);
      const totalPages = Math.ceil(total / size);
      const body: Usages = {
        operations: [...operations],
        page: { number, size, totalElements: total, totalPages },
      };
      sendJson(response, body);
    },
  });
  return router;
}

function questionOf(request: Request, now: Date): UsageQuestion {
  knownParameters(request, [
    ...['provider', 'operation', 'consumer', 'environment'],
    ...['window', 'since', 'until', 'page', 'size'],
  ]);
  const provider = textParameter(request, 'provider');
  const consumer = textParameter(request, 'consumer');
  if (provider === undefined && consumer === undefined) {
    throw new HubError(
      'INVALID_PARAMETER',
      'provider and consumer are missing; name the service whose operations are asked for, or the one that uses them.',
    );
  }
  return {
    ...{ provider, consumer },
    operation: textParameter(request, 'operation'),
    environment: textParameter(request, 'environment'),
    ...timesOf(request, now),
    page: pageParameters(request),
  };
}

/** Either a window that ends now, or times. */
function timesOf(request: Request, now: Date): Pick<UsageQuestion, 'since' | 'until'> {
  const window = textParameter(request, 'window');
  const since = timeParameter(request, 'since');
  const until = timeParameter(request, 'until');
  if (window === undefined) {
    return { since: minuteOf(since), until: minuteOf(until) };
  }
  if (since !== undefined || until !== undefined) {
    throw new HubError(
      'INVALID_PARAMETER',
      'window and since or until exclude each other; a window ends now.',
    );
  }
  const seconds = readTrafficWindow(window);
  if (seconds === undefined) {
    throw new HubError(
      'INVALID_PARAMETER',
      `window is "${window}"; use a number and m, h, d or w, such as 7d, of a year at most.`,
    );
  }
  return { since: minuteOf(new Date(now.getTime() - seconds * 1000)) };
}

/** The databases' whole numbers end a little after the last of them. */
function minuteOf(time: Date | undefined): number | undefined {
  return time && Math.min(2_000_000_000, Math.max(1, Math.floor(time.getTime() / 60_000)));
}
