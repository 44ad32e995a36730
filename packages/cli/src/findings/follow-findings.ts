import { setTimeout as pause } from 'node:timers/promises';
import {
  type FindingResource,
  type FindingsQuery,
  findingEventSchema,
  findingSchema,
} from '@concordat/api';
import type { HubClient } from '../hub-client/hub-client.ts';
import { refusalOf } from '../hub-client/hub-client.ts';
import { CliError } from '../terminal/cli-error.ts';
import { type ServerEvent, serverEvents } from './server-events.ts';

/** A turn of a finding, as the stream tells it; `resync` when some may have been missed. */
export type FindingTurn =
  | { readonly kind: 'turn'; readonly what: string; readonly finding: FindingResource }
  | { readonly kind: 'resync' };

export interface FollowOptions {
  readonly query: FindingsQuery;
  readonly signal: AbortSignal;
  readonly retryMs: number;
  /** Told when the connection broke; it is opened again where it was. */
  readonly onBreak: (error: unknown) => void;
}

/** Where the last connection ended. */
interface Place {
  lastEventId: string | undefined;
}

/** Every turn from now on, until the signal; a connection that breaks is opened again. */
export async function* followFindings(
  hub: HubClient,
  options: FollowOptions,
): AsyncGenerator<FindingTurn> {
  const { signal, retryMs } = options;
  const place: Place = { lastEventId: undefined };
  while (!signal.aborted) {
    yield* followOnce(hub, options, place);
    await pause(retryMs, undefined, { signal }).catch(() => undefined);
  }
}

/** Ends when the connection does; a hub that refuses the first is an error. */
async function* followOnce(
  hub: HubClient,
  options: FollowOptions,
  place: Place,
): AsyncGenerator<FindingTurn> {
  try {
    for await (const event of eventsAfter(hub, options, place.lastEventId)) {
      place.lastEventId = event.id ?? place.lastEventId;
      const turn = turnOf(event);
      if (turn !== undefined) yield turn;
    }
  } catch (error) {
    if (options.signal.aborted) return;
    if (place.lastEventId === undefined) throw error;
    options.onBreak(error);
  }
}

async function* eventsAfter(
  hub: HubClient,
  { query, signal }: FollowOptions,
  lastEventId: string | undefined,
): AsyncGenerator<ServerEvent> {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) search.set(name, String(value));
  if (lastEventId !== undefined) search.set('lastEventId', lastEventId);
  const response = await hub.open(`/insights/stream?${search}`, {
    ...{ method: 'GET', accept: 'text/event-stream', signal },
  });
  if (response.status !== 200 || response.body === null) {
    const { status, headers } = response;
    const answer = { status, headers, text: await response.text() };
    throw new CliError(`Findings cannot be followed: ${refusalOf(answer)}`);
  }
  yield* serverEvents(response.body);
}

function turnOf({ event, data }: ServerEvent): FindingTurn | undefined {
  if (event === 'resync') return { kind: 'resync' };
  if (event !== 'finding') return undefined;
  const told = JSON.parse(data) as { readonly event: unknown; readonly finding: unknown };
  return {
    kind: 'turn',
    what: findingEventSchema.parse(told.event).kind,
    finding: findingSchema.parse(told.finding),
  };
}
