import type { Finding } from '@concordat/domain';
import type { Request, Response } from 'express';
import { HubError } from '../../http/hub-error.ts';
import { findingEventResource, findingResource } from '../finding-resource.ts';
import { type BacklogEntry, EventBacklog } from './event-backlog.ts';
import type { FindingEventStore, StoredFindingEvent } from './finding-event-store.ts';
import type { FindingFilter } from './finding-filter.ts';
import { StreamFollower } from './stream-follower.ts';
import type { StreamHints } from './stream-hints.ts';

export interface FindingStreamDeps {
  readonly events: Pick<FindingEventStore, 'after' | 'latest'>;
  /** Resolved ones too. */
  readonly findings: () => Promise<readonly Finding[]>;
  readonly hints: StreamHints;
  readonly onError: (error: unknown) => void;
  readonly options?: StreamOptions;
}

export interface StreamOptions {
  /** How often the database is asked for what any hub has told. */
  readonly pollMs: number;
  readonly heartbeatMs: number;
  readonly backlog: number;
  readonly followers: number;
}

const defaults: StreamOptions = {
  pollMs: 1000,
  heartbeatMs: 15_000,
  backlog: 1000,
  followers: 500,
};

/** Events are looked for again this far back: with several writers a lower id may be committed after a higher one. */
const OVERLAP = 100;
const AT_ONCE = 500;
const RETRY_MS = 3000;
/** Who takes nothing for that long is gone. */
const LONGEST_BLOCK_MS = 60_000;

/** Tells whoever follows of every turn of a finding, by whichever hub on the database, while it happens. */
export class FindingStream {
  readonly #deps: FindingStreamDeps;
  readonly #options: StreamOptions;
  readonly #backlog: EventBacklog;
  readonly #followers = new Set<StreamFollower>();
  #cursor = 0;
  #starting: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #polling: Promise<void> = Promise.resolve();
  #beatAt = 0;
  #isClosed = false;

  constructor(deps: FindingStreamDeps) {
    this.#deps = deps;
    this.#options = deps.options ?? defaults;
    this.#backlog = new EventBacklog(this.#options.backlog);
  }

  /** Answers with the stream, from the event that `Last-Event-ID` names or from now on. */
  async follow(request: Request, response: Response, filter: FindingFilter): Promise<void> {
    if (this.#isClosed || this.#followers.size >= this.#options.followers) {
      throw new HubError('OVERLOADED', 'Too many follow the stream; try again later.', {
        headers: { 'retry-after': '5' },
      });
    }
    const resumeAfter = lastEventId(request);
    await this.#start();
    if (response.closed) return;
    const place = resumeAfter === undefined ? this.#backlog.end : this.#backlog.after(resumeAfter);
    const backlog = this.#backlog;
    const follower = new StreamFollower({
      ...{ response, filter, backlog, place: place === 'lost' ? backlog.end : place },
    });
    response.writeHead(200, {
      'Content-Type': 'text/event-stream;charset=utf-8',
      'Cache-Control': 'no-cache, no-transform',
      'X-Accel-Buffering': 'no',
    });
    this.#followers.add(follower);
    response.on('close', () => this.#leave(follower));
    follower.hint(`retry: ${RETRY_MS}\n${startId(place, resumeAfter ?? backlog.lastId)}`);
    if (place === 'lost') follower.resync();
    follower.pump();
  }

  /** Ends every answer; nobody can follow any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const follower of this.#followers) follower.end();
    await this.#starting?.catch(() => undefined);
    await this.#polling;
  }

  #leave(follower: StreamFollower): void {
    this.#followers.delete(follower);
    if (this.#followers.size > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#starting = undefined;
  }

  /** The first follower has the backlog read; while nobody follows nothing is asked of the database. */
  #start(): Promise<void> {
    this.#starting ??= this.#readBacklog().catch((error: unknown) => {
      this.#starting = undefined;
      throw error;
    });
    return this.#starting;
  }

  async #readBacklog(): Promise<void> {
    const { backlog } = this.#options;
    const events = await this.#deps.events.latest(backlog);
    this.#backlog.start(await this.#entriesOf(events), events.length < backlog);
    this.#cursor = events.at(-1)?.id ?? 0;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isClosed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#polling = this.#poll()
        .catch(this.#deps.onError)
        .finally(() => {
          if (this.#followers.size > 0) this.#schedule();
        });
    }, this.#options.pollMs);
    this.#timer.unref();
  }

  async #poll(): Promise<void> {
    // The backlog always reaches further back than that, so it knows what was told.
    const overlap = Math.min(OVERLAP, Math.floor(this.#options.backlog / 2));
    const events = await this.#deps.events.after(Math.max(0, this.#cursor - overlap), AT_ONCE);
    const fresh = events.filter(({ id }) => !this.#backlog.has(id));
    if (fresh.length > 0) {
      for (const entry of await this.#entriesOf(fresh)) this.#backlog.add(entry);
      this.#cursor = Math.max(this.#cursor, ...fresh.map(({ id }) => id));
    }
    for (const follower of this.#followers) follower.pump();
    await this.#tellHints();
    this.#beat();
  }

  async #tellHints(): Promise<void> {
    for (const { text, isFor } of await this.#deps.hints.changes()) {
      for (const follower of this.#followers) {
        if (isFor(follower.filter)) follower.hint(text);
      }
    }
  }

  #beat(): void {
    const now = performance.now();
    for (const follower of this.#followers) {
      if (follower.blockedMs(now) >= LONGEST_BLOCK_MS) follower.cut();
    }
    if (now - this.#beatAt < this.#options.heartbeatMs) return;
    this.#beatAt = now;
    for (const follower of this.#followers) follower.hint(': still here\n\n');
  }

  async #entriesOf(events: readonly StoredFindingEvent[]): Promise<readonly BacklogEntry[]> {
    if (events.length === 0) return [];
    const findings = new Map((await this.#deps.findings()).map((each) => [each.id, each]));
    return events.flatMap((event) => {
      const finding = findings.get(event.findingId);
      return finding === undefined
        ? []
        : [{ id: event.id, finding, text: eventText(event, finding) }];
    });
  }
}

/** The id stands so that a client which is cut off before the first event comes back to here. */
function startId(place: number | 'lost', id: number): string {
  return place === 'lost' ? '\n' : `id: ${id}\nevent: ready\ndata: {}\n\n`;
}

function eventText(event: StoredFindingEvent, finding: Finding): string {
  const data = { event: findingEventResource(event), finding: findingResource(finding) };
  return `id: ${event.id}\nevent: finding\ndata: ${JSON.stringify(data)}\n\n`;
}

/** The header that browsers send when they come back, or a parameter for who cannot set it; nonsense counts as very old. */
function lastEventId(request: Request): number | undefined {
  const text = request.get('last-event-id') ?? request.query.lastEventId;
  if (text === undefined || text === '') return undefined;
  return typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : -1;
}
