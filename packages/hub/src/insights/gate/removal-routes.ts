import { readFieldPointer, readTrafficWindow } from '@concordat/domain';
import type { Request, Router } from 'express';
import { HubError } from '../../http/hub-error.ts';
import { knownParameters, textParameter } from '../../http/read-parameters.ts';
import { resource } from '../../http/resource.ts';
import { sendJson } from '../../http/send.ts';
import { answerRemoval } from './judge-removal.ts';
import type { RemovedThing } from './removal-names.ts';
import type { RemovalQuestion, RemovalSources } from './removal-sources.ts';

const USUAL_WINDOW = '30d';
const PARAMETERS = ['provider', 'operation', 'event', 'field', 'environment', 'window'];

/** `GET /insights/can-i-remove`: who would notice if an operation, an event or a field went. */
export function addRemovalRoutes(router: Router, sources: RemovalSources, now: () => Date): void {
  resource(router, '/insights/can-i-remove', {
    provides: ['application/json'],
    GET: async (request, response) => {
      const question = questionOf(request, now());
      sendJson(response, await answerRemoval(question, sources));
    },
  });
}

function questionOf(request: Request, now: Date): RemovalQuestion {
  knownParameters(request, PARAMETERS);
  const provider = textParameter(request, 'provider');
  if (provider === undefined) throw invalid('provider is missing; name whose operation is to go.');
  const window = textParameter(request, 'window') ?? USUAL_WINDOW;
  const seconds = readTrafficWindow(window);
  if (seconds === undefined) {
    throw invalid(
      `window is "${window}"; use a number and m, h, d or w, such as 30d, of a year at most.`,
    );
  }
  return {
    provider,
    removed: removedIn(request),
    field: fieldIn(request),
    environment: textParameter(request, 'environment'),
    since: new Date(now.getTime() - seconds * 1000),
    until: now,
  };
}

/** `send order.placed`, as the hub itself names events, is one. */
function removedIn(request: Request): RemovedThing {
  const operation = textParameter(request, 'operation')?.trim();
  const event = textParameter(request, 'event')?.trim();
  if ((operation === undefined) === (event === undefined)) {
    throw invalid(
      'Say what is to go: operation, such as GET /v1/orders/{id}, or event, and not both.',
    );
  }
  const sent = /^send\s+(.+)$/.exec(operation ?? '')?.[1] ?? event;
  return sent === undefined
    ? { kind: 'operation', text: operation ?? '' }
    : { kind: 'event', text: sent };
}

function fieldIn(request: Request): string | undefined {
  const text = textParameter(request, 'field');
  if (text === undefined) return undefined;
  const field = readFieldPointer(text);
  if (field !== undefined) return field;
  throw invalid(`field is "${text}"; use a JSON pointer such as /items/0/sku or /items/*/sku.`);
}

function invalid(message: string): HubError {
  return new HubError('INVALID_PARAMETER', message);
}
