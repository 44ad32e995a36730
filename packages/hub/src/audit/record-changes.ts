import type { Request, RequestHandler, Response } from 'express';
import { changeNoteOf } from '../http/change-note.ts';
import type { NewAuditRow } from './audit-store.ts';
import type { AuditWriter } from './audit-writer.ts';
import { clientAddress } from './client-address.ts';
import { nameAction } from './name-action.ts';

/** Who makes a request, as the guard knows it. */
export interface KnownActor {
  readonly kind: string;
  readonly name: string;
}

export interface RecordingDeps {
  readonly writer: AuditWriter;
  readonly actorOf: (request: Request) => KnownActor;
  readonly trustedProxies: number;
  readonly now: () => Date;
}

/** Parts of paths that name a side of a pact. */
const SIDES = ['pacticipant', 'consumer', 'provider'];

/** Holds back the end of each answer to a change that was made until its entry is written: who is told that it is done finds it in the log. */
export function recordChanges(deps: RecordingDeps): RequestHandler {
  return (request, response, next) => {
    const action = nameAction(request.method, request.path);
    if (action !== undefined) holdBack(request, response, { ...deps, action });
    next();
  };
}

type Recording = RecordingDeps & { readonly action: string };

function holdBack(request: Request, response: Response, recording: Recording): void {
  const { end } = response;
  const finish = (parts: unknown[]): Response => Reflect.apply(end, response, parts);
  response.end = (...parts: unknown[]) => {
    response.end = end;
    if (response.statusCode >= 400 || changeNoteOf(response) === 'none') return finish(parts);
    void recording.writer.write(entryOf(request, response, recording)).then(() => finish(parts));
    return response;
  };
}

function entryOf(request: Request, response: Response, recording: Recording): NewAuditRow {
  const note = changeNoteOf(response);
  const { action = recording.action, pacticipants = [], names = {} } = note === 'none' ? {} : note;
  const { kind, name } = recording.actorOf(request);
  const parameters = Object.entries(request.params ?? {}).map(
    ([key, value]) => [key, String(value)] as const,
  );
  const sides = parameters.filter(([key]) => SIDES.includes(key)).map(([, value]) => value);
  const others = parameters.filter(([key]) => !SIDES.includes(key));
  return {
    at: recording.now().toISOString(),
    actor_kind: kind,
    actor: name,
    client: clientAddress(request, recording.trustedProxies),
    action,
    method: request.method,
    path: request.path,
    pacticipants: JSON.stringify([...new Set([...sides, ...pacticipants])]),
    names: JSON.stringify({ ...Object.fromEntries(others), ...names }),
    status: response.statusCode,
    request_id: String(response.getHeader('x-request-id') ?? ''),
  };
}
