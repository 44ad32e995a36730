import { randomFillSync } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import {
  type Encodable,
  encodeRequest,
  encodeSpan,
  ProtobufWriter,
  writeAttributes,
} from '@concordat/hub';

export const spansPerBatch = 512;
const spansPerTrace = 8;
const kinds = { internal: 1, server: 2, client: 3 } as const;
const services = ['storefront', 'gateway', 'orders'] as const;

/** A batch as it travels, and one trace of it to ask for. */
export interface SpanBatch {
  readonly packed: Buffer;
  readonly plain: Buffer;
  readonly lastTraceId: string;
}

interface Shape {
  readonly service: number;
  readonly kind: keyof typeof kinds;
  /** Index of the parent in the trace. */
  readonly parent: number | undefined;
}

/** storefront → gateway → orders with inner spans: two calls in eight spans. */
const trace: readonly Shape[] = [
  { service: 0, kind: 'server', parent: undefined },
  { service: 0, kind: 'internal', parent: 0 },
  { service: 0, kind: 'client', parent: 1 },
  { service: 1, kind: 'server', parent: 2 },
  { service: 1, kind: 'internal', parent: 3 },
  { service: 1, kind: 'client', parent: 4 },
  { service: 2, kind: 'server', parent: 5 },
  { service: 2, kind: 'internal', parent: 6 },
];

const routes = ['/v1/orders', '/v1/orders/17', '/v1/stock/4711', '/v1/payments'];

/** Twelve attributes a span, as the HTTP instrumentations write them. */
function attributesOf(shape: Shape, route: string): Readonly<Record<string, Encodable>> {
  return {
    'http.request.method': 'GET',
    'http.response.status_code': 200,
    'network.protocol.version': '1.1',
    'network.peer.address': '127.0.0.1',
    'network.peer.port': 3000 + shape.service,
    'server.address': services[Math.min(shape.service + 1, 2)] ?? '',
    'server.port': 3000,
    'url.scheme': 'http',
    'user_agent.original': 'node',
    ...(shape.kind === 'client'
      ? {
          'url.full': `http://next:3000${route}?page=2`,
          'http.request.resend_count': 0,
          'thread.id': 1,
        }
      : { 'url.path': route, 'url.query': 'page=2', 'http.route': route }),
  };
}

/** Batches with ids never used before; made before the clock starts, for making them costs more than reading them. */
export function makeBatches(count: number): readonly SpanBatch[] {
  return Array.from({ length: count }, (_, index) => makeBatch(index));
}

function makeBatch(index: number): SpanBatch {
  const startNanos = (BigInt(Date.now()) - 1_000n) * 1_000_000n;
  const byService: Buffer[][] = services.map(() => []);
  let lastTraceId = '';
  for (let first = 0; first < spansPerBatch; first += spansPerTrace) {
    const traceId = randomFillSync(Buffer.alloc(16));
    const ids = trace.map(() => randomFillSync(Buffer.alloc(8)));
    const route = routes[(index + first) % routes.length] ?? '/';
    lastTraceId = traceId.toString('hex');
    trace.forEach((shape, position) => {
      const span = encodeSpan({
        traceId,
        spanId: ids[position] ?? Buffer.alloc(8),
        parentSpanId:
          shape.parent === undefined ? Buffer.alloc(0) : (ids[shape.parent] ?? Buffer.alloc(0)),
        traceState: '',
        flags: 0x101,
        name: shape.kind === 'internal' ? 'middleware - auth' : `GET ${route}`,
        kind: kinds[shape.kind],
        startNanos,
        endNanos: startNanos + 2_000_000n,
        attributes: attributesOf(shape, route),
        events: [],
        links: [],
        statusCode: 0,
        statusMessage: '',
      });
      byService[shape.service]?.push(span);
    });
  }
  const plain = encodeRequest(
    services.map((service, at) => ({
      resource: writeAttributes(new ProtobufWriter(), 1, {
        'service.name': service,
        'service.version': '1.0.0',
        'deployment.environment.name': 'production',
      }).finish(),
      scope: new ProtobufWriter().string(1, '@opentelemetry/instrumentation-http').finish(),
      spans: byService[at] ?? [],
    })),
  );
  return { plain, packed: gzipSync(plain, { level: 1 }), lastTraceId };
}
