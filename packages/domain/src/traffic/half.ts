// Hot path: half of all spans become one of these. Ids are kept as signed words, for those need no object of their own.

import type { GuardVerdict } from '../guard/guard-verdict.ts';
import { verificationEnvironment } from '../identity/test-traffic.ts';
import type { Call, Exchange } from './call.ts';
import { callPlaces as at, type CallValues } from './call-attributes.ts';
import { textOf, urlParts } from './exchange-of.ts';
import { splitHostPort } from './normalise-attributes.ts';
import { sampleWeight } from './sample-weight.ts';
import type { Sender } from './sender.ts';
import type { AttributeValue } from './span.ts';
import type { SpanColumns } from './span-columns.ts';
import { type SpanKey, spanIdText, traceIdText } from './span-ids.ts';

/** OTLP's numbers. */
export const spanKinds = {
  unspecified: 0,
  internal: 1,
  server: 2,
  client: 3,
  producer: 4,
  consumer: 5,
} as const;

/** One span may have several verdicts, but not any number. */
export const maxVerdicts = 8;

/** The SERVER or CONSUMER span that a call was made for. */
export interface Inbound {
  readonly operation: string;
  readonly kind: 'server' | 'consumer';
  /** Its id. */
  readonly span0: number;
  readonly span1: number;
}

/** The span that another is under. */
export interface ParentSpan {
  readonly sender: Sender;
  readonly kind: number;
}

/** A call as its caller sees it. */
export interface Outbound {
  readonly call: Call;
  /** The span of whoever was called, by name; the caller's own when none came. */
  readonly operation: string;
}

/** What a half is made of beside its columns. */
export interface HalfParts {
  readonly sender: Sender;
  /** Normalised; read at once and not kept. */
  readonly values: CallValues;
  readonly exchange: Exchange | undefined;
}

/**
 * What the pairing keeps of a span: ids, names and the exchange, not the span itself, so that a waiting half does not hold the
 * request body it came in.
 */
export class Half {
  readonly trace0: number;
  readonly trace1: number;
  readonly trace2: number;
  readonly trace3: number;
  readonly span0: number;
  readonly span1: number;
  readonly parent0: number;
  readonly parent1: number;
  readonly kind: number;
  readonly name: string;
  readonly sender: Sender;
  readonly environment: string | undefined;
  /** undefined when the span speaks no protocol that we know. */
  readonly exchange: Exchange | undefined;
  readonly flags: number;
  readonly atMicros: number;
  readonly durationMicros: number;
  readonly failed: boolean;
  readonly weight: number;
  /** Where a calling half dialled. */
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly peerService: string | undefined;
  /** Keys of linked spans, one after the other, each once; undefined without links. */
  readonly links: Uint32Array | undefined;
  /** When its window ends. */
  expiresAt = 0;
  paired = false;
  /** Nothing more can come of it; it only waits to be swept from its queue. */
  done = false;
  /** The parent of a callee, when that is here and is nobody it waits for. */
  parent: ParentSpan | undefined = undefined;
  /** What a calling half was made for: null when for nothing, undefined while that is not known. */
  inbound: Inbound | null | undefined = undefined;
  /** The last callee that joined a calling half. */
  partner: Sender | undefined = undefined;
  /** What a live guard said at this end, until a call is told with it. */
  verdicts: readonly GuardVerdict[] | undefined = undefined;
  /** Calls of a calling half while it is not known what it was made for. */
  uncaused: Outbound[] | undefined = undefined;

  constructor(columns: SpanColumns, index: number, { sender, values, exchange }: HalfParts) {
    const { ids } = columns;
    const word = 8 * index;
    this.trace0 = (ids[word] as number) | 0;
    this.trace1 = (ids[word + 1] as number) | 0;
    this.trace2 = (ids[word + 2] as number) | 0;
    this.trace3 = (ids[word + 3] as number) | 0;
    this.span0 = (ids[word + 4] as number) | 0;
    this.span1 = (ids[word + 5] as number) | 0;
    this.parent0 = (ids[word + 6] as number) | 0;
    this.parent1 = (ids[word + 7] as number) | 0;
    this.kind = columns.kinds[index] as number;
    this.name = columns.names[index] as string;
    this.sender = sender;
    this.environment =
      values[at['concordat.verification']] === true ? verificationEnvironment : sender.environment;
    this.exchange = exchange;
    this.flags = columns.flags[index] as number;
    this.atMicros = columns.startMicros[index] as number;
    this.durationMicros = columns.durationMicros[index] as number;
    this.failed = columns.statuses[index] === 2;
    this.weight = sampleWeight(columns.traceState(index), values);
    const { host, port, peerService } = isCalling(this) ? dialledBy(values) : nowhere;
    this.host = host;
    this.port = port;
    this.peerService = peerService;
    this.links = this.kind === spanKinds.consumer ? linkKeys(columns, index) : undefined;
  }

  judge(verdict: GuardVerdict): void {
    const { verdicts = [] } = this;
    if (verdicts.length < maxVerdicts) this.verdicts = [...verdicts, verdict];
  }
}

export function isCalling({ kind }: Half): boolean {
  return kind === spanKinds.client || kind === spanKinds.producer;
}

export function isMessaging({ kind }: Half): boolean {
  return kind === spanKinds.producer || kind === spanKinds.consumer;
}

export function hasParent({ parent0, parent1 }: Half): boolean {
  return (parent0 | parent1) !== 0;
}

/** A consumer that no id joins to a sender. */
export function isContextless(half: Half): boolean {
  return half.kind === spanKinds.consumer && half.links === undefined && !hasParent(half);
}

export function writeKey(half: Half, into: SpanKey): void {
  writeTrace(half, into);
  into[4] = half.span0;
  into[5] = half.span1;
}

/** The key of its parent. */
export function writeParentKey(half: Half, into: SpanKey): void {
  writeTrace(half, into);
  into[4] = half.parent0;
  into[5] = half.parent1;
}

function writeTrace(half: Half, into: SpanKey): void {
  into[0] = half.trace0;
  into[1] = half.trace1;
  into[2] = half.trace2;
  into[3] = half.trace3;
}

const traceWords = new Uint32Array(4);

export function traceIdOf(half: Half): string {
  writeTrace(half, traceWords);
  return traceIdText(traceWords);
}

export function spanIdOf({ span0, span1 }: { readonly span0: number; readonly span1: number }) {
  return spanIdText(span0, span1);
}

interface Dialled {
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly peerService: string | undefined;
}

const nowhere: Dialled = { host: undefined, port: undefined, peerService: undefined };

function dialledBy(values: CallValues): Dialled {
  const peerService = textOf(values[at['service.peer.name']]);
  const host = textOf(values[at['server.address']]);
  if (host !== undefined) return { host, port: portOf(values[at['server.port']]), peerService };
  const { authority } = urlParts(values);
  return authority === undefined
    ? { ...nowhere, peerService }
    : { ...splitHostPort(authority), peerService };
}

function portOf(value: AttributeValue | undefined): number | undefined {
  const port = typeof value === 'string' ? Number(value) : value;
  return typeof port === 'number' && Number.isInteger(port) ? port : undefined;
}

const maxLinks = 128;

/** A link to its own parent says nothing more. */
function linkKeys(columns: SpanColumns, index: number): Uint32Array | undefined {
  const links = columns.links(index).slice(0, maxLinks);
  const ids = new Set(links.map(({ traceId, spanId }) => traceId + spanId));
  ids.delete(parentIdOf(columns.ids, 8 * index));
  if (ids.size === 0) return undefined;
  return Uint32Array.from([...ids].flatMap(wordsOf));
}

function parentIdOf(ids: Uint32Array, word: number): string {
  const traceId = traceIdText(ids.subarray(word, word + 4));
  return traceId + spanIdText(ids[word + 6] as number, ids[word + 7] as number);
}

function wordsOf(id: string): readonly number[] {
  return [0, 8, 16, 24, 32, 40].map((at) => Number.parseInt(id.slice(at, at + 8), 16));
}
