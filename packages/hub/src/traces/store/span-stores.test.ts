import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SpanKind } from '@concordat/domain';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readConfig } from '../../config.ts';
import { type RunningHub, startHub } from '../../hub.ts';
import { decodeOtlp } from '../decode/decode-otlp.ts';
import {
  type Encodable,
  encodeRequest,
  encodeSpan,
  ProtobufWriter,
  writeAttributes,
} from '../decode/encode-otlp.ts';
import { JaegerForwarder } from '../jaeger/forward-to-jaeger.ts';
import { openJaegerReader } from '../jaeger/read-from-jaeger.ts';
import { openSpanStore } from './open-span-store.ts';
import type { TraceQuery, TraceReader } from './trace-reader.ts';

type Values = Readonly<Record<string, Encodable>>;

interface CaseSpan {
  readonly id: string;
  readonly parent?: string;
  readonly body?: number;
  readonly copies?: number;
  readonly service: string;
  readonly name: string;
  readonly kind?: SpanKind;
  readonly status?: 'ok' | 'error';
  readonly start: number;
  readonly duration?: number;
  readonly scope?: { readonly name: string; readonly version: string };
  readonly resource?: Values;
  readonly attributes?: Values;
  readonly events?: readonly { readonly name: string; readonly attributes: Values }[];
  readonly links?: readonly {
    readonly traceId: string;
    readonly spanId: string;
    readonly attributes: Values;
  }[];
}

interface CaseQuery {
  readonly service?: string;
  readonly operation?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly from?: number;
  readonly to?: number;
  readonly minDuration?: number;
  readonly maxDuration?: number;
  readonly limit?: number;
}

interface Cases {
  readonly epochMicros: number;
  readonly traces: Readonly<
    Record<string, { readonly id: string; readonly spans: readonly CaseSpan[] }>
  >;
  readonly searches: readonly {
    readonly caption: string;
    readonly query: CaseQuery;
    readonly finds: readonly string[];
  }[];
  readonly services: readonly string[];
  readonly operations: readonly {
    readonly caption: string;
    readonly service: string;
    readonly kind?: SpanKind;
    readonly finds: readonly (readonly [string, SpanKind])[];
  }[];
  readonly reads: readonly {
    readonly caption: string;
    readonly trace: string;
    readonly hint?: { readonly from: number; readonly to: number };
    readonly spans?: readonly string[];
    readonly durations?: readonly number[];
    readonly count?: number;
  }[];
  readonly missing: string;
}

const cases: Cases = JSON.parse(
  readFileSync(
    new URL('../../../../../test/cases/traces/search-cases.json', import.meta.url),
    'utf8',
  ),
);

/** A store that was just opened, empty; `write` resolves when the bodies can be read. */
interface OpenStore {
  readonly reader: TraceReader;
  write(bodies: readonly Buffer[]): Promise<void>;
  close(): Promise<void>;
}

interface Implementation {
  readonly name: string;
  readonly open: () => Promise<OpenStore>;
  /** Captions of cases that it cannot pass. */
  readonly except?: readonly string[];
}

/**
 * The hub that plays Jaeger takes a span that comes again at once for the same one, before its store sees it. A Jaeger does not,
 * and what the reader makes of two is tried beside it.
 */
const tellsOfRepeats: readonly string[] = [
  'of a span sent twice the one that ended last is told',
  'a span sent twice is read once',
];

/** Every implementation of the port is given the same cases. */
const stores: readonly Implementation[] = [
  { name: 'the embedded store', open: openEmbedded },
  {
    name: 'a Jaeger that is read by v3',
    open: () => openBehindHub((hub) => hub.url),
    except: tellsOfRepeats,
  },
  {
    name: 'a Jaeger that is read by v1',
    open: () => openBehindHub(withoutV3),
    except: tellsOfRepeats,
  },
];

async function openEmbedded(): Promise<OpenStore> {
  const directory = await mkdtemp(join(tmpdir(), 'concordat-spans-'));
  const options = { maxQueueBytes: 64_000_000, retentionMicros: 1e15, retentionBytes: 1e12 };
  const { store, reader, close } = await openSpanStore(directory, options, () => undefined);
  return {
    reader,
    write: async (bodies) => {
      for (const body of bodies) {
        const batch = decodeOtlp(body);
        store.accept(batch, new Uint8Array(batch.length).fill(1), cases.epochMicros);
      }
      await store.flush();
    },
    close: async () => {
      await close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Another hub plays Jaeger: spans are forwarded to it and read from its query API. */
async function openBehindHub(
  queryUrlOf: (hub: RunningHub) => string | Promise<string>,
): Promise<OpenStore> {
  const dataDir = await mkdtemp(join(tmpdir(), 'concordat-jaeger-'));
  const off = { otlpGrpcPort: 'off', jaegerPort: 'off', jaegerUdpPort: 'off' };
  const flags = { host: '127.0.0.1', port: '0', otlpPort: '0', dataDir, retention: '3650d' };
  const hub = await startHub(readConfig({ flags: { ...flags, ...off }, env: {} }));
  const forwarder = new JaegerForwarder(
    { url: String(hub.otlpUrl), token: undefined, maxQueueBytes: 64_000_000 },
    { log: () => undefined },
  );
  const url = await queryUrlOf(hub);
  const bounds = { token: undefined, timeoutMs: 20_000, maxAnswerBytes: 64_000_000 };
  return {
    reader: openJaegerReader({ url, ...bounds, now: () => new Date() }),
    write: async (bodies) => {
      for (const body of bodies) {
        const batch = decodeOtlp(body);
        const { forwardedSpans: before } = forwarder.counts();
        forwarder.take(batch, new Uint8Array(batch.length).fill(1));
        await vi.waitFor(
          () => expect(forwarder.counts().forwardedSpans).toBe(before + batch.length),
          10_000,
        );
      }
    },
    close: async () => {
      await forwarder.close(0);
      await hub.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** The query API of a Jaeger that is too old for v3. */
async function withoutV3(hub: RunningHub): Promise<string> {
  const proxy = createServer(async (request, response) => {
    const { url = '' } = request;
    if (url.startsWith('/api/v3')) {
      response.writeHead(404, { 'content-type': 'text/html' }).end('<!doctype html>');
      return;
    }
    const answer = await fetch(hub.url + url);
    response.writeHead(answer.status).end(await answer.text());
  }).listen(0, '127.0.0.1');
  proxy.unref();
  await once(proxy, 'listening');
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}

const kinds: readonly SpanKind[] = [
  'unspecified',
  'internal',
  'server',
  'client',
  'producer',
  'consumer',
];

/** The requests of all traces, in order. */
function bodiesOf({ traces }: Cases): Buffer[] {
  return Object.values(traces).flatMap(({ id, spans }) => {
    const last = Math.max(...spans.map(({ body = 0 }) => body));
    return Array.from({ length: last + 1 }, (_, at) =>
      encodeRequest(spans.filter(({ body = 0 }) => body === at).map((span) => groupOf(id, span))),
    );
  });
}

function groupOf(traceId: string, span: CaseSpan) {
  const { service, scope, resource = {}, copies = 1 } = span;
  return {
    resource: writeAttributes(new ProtobufWriter(), 1, {
      'service.name': service,
      ...resource,
    }).finish(),
    scope: new ProtobufWriter()
      .string(1, scope?.name ?? '')
      .string(2, scope?.version ?? '')
      .finish(),
    spans: Array.from({ length: copies }, (_, copy) => encodeCase(traceId, span, copy)),
  };
}

function encodeCase(traceId: string, span: CaseSpan, copy: number): Buffer {
  const { kind = 'internal', duration = 1000, status } = span;
  const startNanos = BigInt(cases.epochMicros + span.start + copy) * 1000n;
  const id = (BigInt(`0x${span.id}`) + BigInt(copy)).toString(16).padStart(16, '0');
  return encodeSpan({
    traceId: Buffer.from(traceId, 'hex'),
    spanId: Buffer.from(id, 'hex'),
    parentSpanId: Buffer.from(span.parent ?? '', 'hex'),
    traceState: '',
    flags: 0,
    name: span.name,
    kind: kinds.indexOf(kind),
    startNanos,
    endNanos: startNanos + BigInt(duration * 1000),
    attributes: span.attributes ?? {},
    events: (span.events ?? []).map((event) => ({ ...event, timeNanos: startNanos })),
    links: (span.links ?? []).map((link) => ({
      traceId: Buffer.from(link.traceId, 'hex'),
      spanId: Buffer.from(link.spanId, 'hex'),
      attributes: link.attributes,
    })),
    statusCode: ['', 'ok', 'error'].indexOf(status ?? ''),
    statusMessage: '',
  });
}

function queryOf(query: CaseQuery): TraceQuery {
  return {
    service: query.service,
    operation: query.operation,
    tags: new Map(Object.entries(query.tags ?? {})),
    fromMicros: cases.epochMicros + (query.from ?? -1_000_000),
    toMicros: cases.epochMicros + (query.to ?? 3_600_000_000),
    minDurationMicros: query.minDuration,
    maxDurationMicros: query.maxDuration,
    limit: query.limit ?? 20,
  };
}

function idOf(name: string): string {
  return cases.traces[name]?.id ?? '';
}

describe.each(stores)('$name', ({ open, except = [] }) => {
  let store: OpenStore;
  const isMeant = ({ caption }: { readonly caption: string }) => !except.includes(caption);

  beforeAll(async () => {
    store = await open();
    await store.write(bodiesOf(cases));
  });
  afterAll(() => store.close());

  test.each(cases.searches.filter(isMeant))('search: $caption', async ({ query, finds }) => {
    const found = await store.reader.search(queryOf(query));
    const names = new Map(Object.entries(cases.traces).map(([name, { id }]) => [id, name]));
    expect(found.map(({ traceId }) => names.get(traceId))).toEqual(finds);
  });

  test('search: what is found comes whole', async () => {
    const found = await store.reader.search(queryOf({ service: 'storefront' }));
    expect(found.map(({ spans }) => spans.length)).toEqual([3]);
  });

  test('all services are known by name', async () => {
    expect(await store.reader.services()).toEqual(cases.services);
  });

  test('no case is left out that there is not', () => {
    const captions = [...cases.searches, ...cases.reads].map(({ caption }) => caption);
    expect(captions).toEqual(expect.arrayContaining([...except]));
  });

  test.each(cases.operations)('operations: $caption', async ({ service, kind, finds }) => {
    const found = await store.reader.operations(service, kind);
    expect(found.map((operation) => [operation.name, operation.kind])).toEqual(finds);
  });

  test.each(cases.reads.filter(isMeant))(
    'read: $caption',
    async ({ trace, hint, spans, durations, count }) => {
      const { epochMicros } = cases;
      const read = await store.reader.trace(
        idOf(trace),
        hint && { fromMicros: epochMicros + hint.from, toMicros: epochMicros + hint.to },
      );
      expect(read?.traceId).toBe(idOf(trace));
      if (spans !== undefined) expect(read?.spans.map(({ spanId }) => spanId)).toEqual(spans);
      if (durations !== undefined)
        expect(read?.spans.map(({ durationMicros }) => durationMicros)).toEqual(durations);
      expect(read?.spans).toHaveLength(count ?? spans?.length ?? -1);
      expect(read?.omittedSpans).toBeUndefined();
    },
  );

  test('read: every span keeps its service, scope, status, times and attributes', async () => {
    const read = await store.reader.trace(idOf('checkout'));
    const inner = read?.spans[2];
    expect(inner).toMatchObject({
      parentSpanId: '00000000000000a2',
      name: 'POST /v1/orders',
      kind: 'server',
      status: 'unset',
      startMicros: cases.epochMicros + 1_020_000,
      durationMicros: 40_000,
      attributes: { customer: 'green', ratio: 0.25 },
      events: [{ name: 'reserved', attributes: { 'stock.item': 'lamp' } }],
      resource: { service: 'orders', version: '2.1.0' },
      scope: { name: 'http-instrumentation', version: '0.223.0' },
    });
  });

  test('read: an id nobody sent is not found', async () => {
    expect(await store.reader.trace(cases.missing)).toBeUndefined();
  });

  test('it says that it answers', async () => {
    await expect(store.reader.answers()).resolves.toBeUndefined();
  });
});
