import type { SpanKind } from '@concordat/domain';
import { startOf, type ToldSpan, type ToldTrace } from './told-span.ts';

/** One operation of one service on a way through the system. */
export interface PathEntry {
  readonly service: string;
  readonly operation: string;
}

/** Jaeger's own form: the way from the first service to the last, and traces that went it. */
export interface DependencyPath {
  readonly path: readonly PathEntry[];
  readonly attributes: readonly { readonly key: 'exemplar_trace_id'; readonly value: string }[];
}

/** What every path must lead through: the reader refuses the whole answer for one that does not. */
export interface Focus {
  readonly service: string;
  readonly operation: string | undefined;
}

const maxPaths = 1_000;
const maxExemplars = 5;
/** Services one behind the other; beyond it a trace is a loop rather than a way. */
const maxHops = 100;

interface Entry extends PathEntry {
  readonly above: Entry | undefined;
  readonly hops: number;
  isLeaf: boolean;
}

/** Collects the different ways through a service, trace by trace, the newest first; bounded in ways and examples. */
export class DependencyPaths {
  readonly #focus: Focus;
  readonly #paths = new Map<string, { readonly path: readonly PathEntry[]; traces: string[] }>();

  constructor(focus: Focus) {
    this.#focus = focus;
  }

  add(trace: ToldTrace): void {
    for (const leaf of leavesOf(trace.spans)) {
      const path = pathTo(leaf);
      if (path.some((entry) => this.#isFocal(entry))) this.#remember(path, trace.traceId);
    }
  }

  all(): readonly DependencyPath[] {
    return [...this.#paths.values()].map(({ path, traces }) => ({
      path,
      attributes: traces.map((value) => ({ key: 'exemplar_trace_id', value })),
    }));
  }

  #isFocal({ service, operation }: PathEntry): boolean {
    const { service: focal, operation: only } = this.#focus;
    return service === focal && (only === undefined || operation === only);
  }

  #remember(path: readonly PathEntry[], traceId: string): void {
    const key = JSON.stringify(path);
    const known = this.#paths.get(key);
    if (known === undefined) {
      if (this.#paths.size < maxPaths) this.#paths.set(key, { path, traces: [traceId] });
    } else if (known.traces.length < maxExemplars && known.traces.at(-1) !== traceId)
      known.traces.push(traceId);
  }
}

/** The entries behind which no other service or operation was entered. */
function leavesOf(spans: readonly ToldSpan[]): readonly Entry[] {
  const byId = new Map(spans.map((told) => [told.spanId, told]));
  const entries = new Map<ToldSpan, Entry | undefined>();
  const leaves: Entry[] = [];
  for (const told of [...spans].sort((a, b) => startOf(a) - startOf(b)))
    for (const open of unplaced(told, { byId, entries }).reverse())
      place(open, { byId, entries, leaves });
  return leaves.filter((entry) => entry.isLeaf);
}

interface Forest {
  readonly byId: ReadonlyMap<string, ToldSpan>;
  /** The entry a span belongs to; undefined while it is looked for, and for what lies in a circle. */
  readonly entries: Map<ToldSpan, Entry | undefined>;
}

/** The span and those above it that have no entry yet, from below. */
function unplaced(told: ToldSpan, { byId, entries }: Forest): ToldSpan[] {
  const open: ToldSpan[] = [];
  for (
    let at: ToldSpan | undefined = told;
    at !== undefined && !entries.has(at);
    at = byId.get(parentIdOf(at) ?? '')
  ) {
    entries.set(at, undefined);
    open.push(at);
  }
  return open;
}

function place(told: ToldSpan, forest: Forest & { readonly leaves: Entry[] }): void {
  const { byId, entries, leaves } = forest;
  const parent = byId.get(parentIdOf(told) ?? '');
  const above = parent === undefined ? undefined : entries.get(parent);
  if (above !== undefined && (!enters(told, above) || above.hops >= maxHops)) {
    entries.set(told, above);
    return;
  }
  if (above !== undefined) above.isLeaf = false;
  const { service } = told.span.resource;
  const hops = (above?.hops ?? 0) + 1;
  const entry: Entry = { service, operation: told.span.name, above, hops, isLeaf: true };
  entries.set(told, entry);
  leaves.push(entry);
}

/** A consumer may only link to what it consumes. */
function parentIdOf({ span, parentSpanId }: ToldSpan): string | undefined {
  if (parentSpanId !== undefined || span.kind !== 'consumer') return parentSpanId;
  return span.links.find((link) => link.traceId === span.traceId)?.spanId;
}

const inbound: ReadonlySet<SpanKind> = new Set(['server', 'consumer']);

/** What a service does within itself, and its own side of a call, is no step of its own. */
function enters({ span }: ToldSpan, above: Entry): boolean {
  return inbound.has(span.kind) || span.resource.service !== above.service;
}

function pathTo(leaf: Entry): readonly PathEntry[] {
  const path: PathEntry[] = [];
  for (let at: Entry | undefined = leaf; at !== undefined; at = at.above)
    path.push({ service: at.service, operation: at.operation });
  return path.reverse();
}
