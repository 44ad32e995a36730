import type { AcknowledgeRequest, Findings as FindingsPage } from '@concordat/api';
import type { Finding } from '@concordat/domain';
import type { Request, Response, Router } from 'express';
import { createRouter } from '../../http/app.ts';
import { noteChange } from '../../http/change-note.ts';
import { HubError } from '../../http/hub-error.ts';
import { readJsonObject } from '../../http/read-json-object.ts';
import { knownParameters, pageParameters } from '../../http/read-parameters.ts';
import { parameter, resource } from '../../http/resource.ts';
import { sendEmpty, sendJson } from '../../http/send.ts';
import { findingDetailResource, findingResource } from '../finding-resource.ts';
import { FINDING_FILTERS, passes, readFindingFilter } from './finding-filter.ts';
import type { FindingStream } from './finding-stream.ts';
import type { Findings } from './findings.ts';

export interface FindingsRoutesDeps {
  readonly findings: Findings;
  readonly stream: FindingStream;
  /** Who makes a request; undefined for nobody in particular. */
  readonly actorOf: (request: Request) => string | undefined;
  readonly now: () => Date;
}

/** `/insights/findings` and `/insights/stream`: where traffic and contracts disagree, what became of it, and as it happens. */
export function findingsRoutes(deps: FindingsRoutesDeps): Router {
  const router = createRouter();
  const provides = ['application/json'];
  resource(router, '/insights/findings', {
    provides,
    GET: (request, response) => listFindings(deps, request, response),
  });
  resource(router, '/insights/findings/:finding', {
    provides,
    GET: (request, response) => readFinding(deps, request, response),
  });
  resource(router, '/insights/findings/:finding/acknowledgement', {
    provides,
    PUT: (request, response) => acknowledge(deps, request, response),
    DELETE: (request, response) => unacknowledge(deps, request, response),
  });
  resource(router, '/insights/stream', {
    provides: ['text/event-stream'],
    GET: async (request, response) => {
      knownParameters(request, [...FINDING_FILTERS, 'lastEventId']);
      await deps.stream.follow(request, response, await readFindingFilter(request, 'all'));
    },
  });
  return router;
}

async function listFindings(
  { findings }: FindingsRoutesDeps,
  request: Request,
  response: Response,
): Promise<void> {
  knownParameters(request, [...FINDING_FILTERS, 'page', 'size']);
  const { number, size } = pageParameters(request);
  const filter = await readFindingFilter(request, 'open');
  const found = (
    await findings.list(filter.states.includes('resolved') ? 'all' : 'unresolved')
  ).filter((finding) => passes(filter, finding));
  const body: FindingsPage = {
    findings: found.slice((number - 1) * size, number * size).map(findingResource),
    page: {
      ...{ number, size, totalElements: found.length },
      totalPages: Math.ceil(found.length / size),
    },
  };
  sendJson(response, body);
}

async function readFinding(
  { findings }: FindingsRoutesDeps,
  request: Request,
  response: Response,
): Promise<void> {
  knownParameters(request, []);
  const id = parameter(request, 'finding');
  const found = await findings.one(id);
  if (found === undefined) throw unknownFinding(id);
  sendJson(response, findingDetailResource(found.finding, found.history));
}

async function acknowledge(
  deps: FindingsRoutesDeps,
  request: Request,
  response: Response,
): Promise<void> {
  const { findings } = deps;
  knownParameters(request, []);
  const id = parameter(request, 'finding');
  const { by = deps.actorOf(request), reason, until } = await readAcknowledgement(request);
  if (by === undefined) {
    throw new HubError('VALIDATION_FAILED', 'by is missing; say who acknowledges the finding.', {
      errors: { by: ['is missing'] },
    });
  }
  const end = until === undefined || until === null ? undefined : new Date(until);
  if (end !== undefined && end.getTime() <= deps.now().getTime()) {
    throw new HubError('VALIDATION_FAILED', `until is ${until}, which is over; use a later time.`, {
      errors: { until: ['must be in the future'] },
    });
  }
  if (!(await findings.acknowledge(id, { by, reason, until: end }))) throw unknownFinding(id);
  const found = await findings.one(id);
  if (found === undefined) throw unknownFinding(id);
  noteFinding(response, found.finding);
  sendJson(response, findingDetailResource(found.finding, found.history));
}

/** Taking back what nobody said is done already. */
async function unacknowledge(
  { findings, actorOf }: FindingsRoutesDeps,
  request: Request,
  response: Response,
): Promise<void> {
  knownParameters(request, []);
  const id = parameter(request, 'finding');
  const found = await findings.one(id);
  if (found === undefined) throw unknownFinding(id);
  await findings.unacknowledge(id, actorOf(request) ?? 'somebody');
  noteFinding(response, found.finding);
  sendEmpty(response);
}

async function readAcknowledgement(request: Request): Promise<AcknowledgeRequest> {
  const { acknowledgeSchema } = await import('@concordat/api');
  const read = acknowledgeSchema.safeParse(await readJsonObject(request));
  if (read.success) return read.data;
  const errors: Record<string, string[]> = {};
  for (const { path, message } of read.error.issues) {
    const field = path.length === 0 ? 'body' : path.join('.');
    errors[field] = [...(errors[field] ?? []), message];
  }
  const said = Object.entries(errors).map(([field, list]) => `${field}: ${list.join(', ')}`);
  throw new HubError('VALIDATION_FAILED', `The acknowledgement is not valid: ${said.join('; ')}.`, {
    errors,
  });
}

function noteFinding(response: Response, { kind, consumer, provider, operation }: Finding): void {
  noteChange(response, {
    pacticipants: consumer === undefined ? [provider] : [consumer, provider],
    names: { kind, operation },
  });
}

function unknownFinding(id: string): HubError {
  return new HubError('NOT_FOUND', `There is no finding "${id}".`);
}
