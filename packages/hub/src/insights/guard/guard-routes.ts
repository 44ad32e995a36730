import type { Request, Response, Router } from 'express';
import { createRouter } from '../../http/app.ts';
import { isKnownToClient } from '../../http/entity-tag.ts';
import { HubError } from '../../http/hub-error.ts';
import { knownParameters, textParameter } from '../../http/read-parameters.ts';
import { resource } from '../../http/resource.ts';
import { send, sendEmpty } from '../../http/send.ts';
import type { PromiseBook } from '../promise-book.ts';
import type { FieldAnswer, FieldQuestion } from './field-usage-store.ts';
import { answerFields } from './fields-route.ts';
import { GuardPactList, type GuardQuestion } from './guard-pacts.ts';

interface GuardRoutesDeps {
  readonly book: () => Promise<PromiseBook>;
  readonly fieldUsage: (question: FieldQuestion) => Promise<FieldAnswer>;
}

/** `/insights/guard/*`: what live guards read; `/insights/fields`: what they saw. */
export function guardRoutes(deps: GuardRoutesDeps): Router {
  const list = new GuardPactList();
  const router = createRouter();
  const answer = async (request: Request, response: Response): Promise<void> => {
    const { text, tag } = list.answer(await deps.book(), questionOf(request));
    response.setHeader('ETag', tag);
    response.setHeader('Cache-Control', 'private, no-cache');
    if (isKnownToClient(request, tag)) sendEmpty(response, 304);
    else send(response, { status: 200, type: 'application/json', text });
  };
  resource(router, '/insights/guard/pacts', {
    provides: ['application/json'],
    GET: answer,
    HEAD: answer,
  });
  resource(router, '/insights/fields', {
    provides: ['application/json'],
    GET: (request, response) => answerFields(deps.fieldUsage, request, response),
  });
  return router;
}

function questionOf(request: Request): GuardQuestion {
  knownParameters(request, ['pacticipant', 'environment', 'version']);
  const pacticipant = textParameter(request, 'pacticipant')?.trim() ?? '';
  if (pacticipant === '') {
    throw new HubError(
      'INVALID_PARAMETER',
      'pacticipant is missing; name the service whose pacts are asked for.',
    );
  }
  return {
    pacticipant,
    environment: textParameter(request, 'environment'),
    version: textParameter(request, 'version'),
  };
}
