import type { IncomingMessage, RequestOptions } from 'node:http';
import { createRequire } from 'node:module';
import type { Instrumentation } from '@opentelemetry/instrumentation';
import type { TracingConfig } from '../config.ts';
import type { AmqplibHooks } from '../guard/clients/amqplib-hooks.ts';
import type { HttpHooks } from '../guard/clients/http-hooks.ts';
import type { UndiciListeners } from '../guard/guard.ts';
import { SocketIoInstrumentation } from '../socket-io/socket-io-instrumentation.ts';
import { nameConsumed, nameProduced } from './name-message.ts';
import { silentPaths } from './silent-paths.ts';

const require = createRequire(import.meta.url);

/** Packages that are patched when the service loads them; those of node itself are not listed. */
export const patchedPackages = [
  'express',
  'amqplib',
  'graphql',
  'pg',
  'pg-pool',
  'ioredis',
  'socket.io',
  'socket.io-client',
  'socket.io-parser',
] as const;

/** Where a live guard looks in. */
export interface GuardHooks {
  readonly http: HttpHooks;
  readonly undici: { readonly requestHook: UndiciListeners['onSpan'] };
  readonly amqplib: AmqplibHooks;
}

type Make = (
  isSilent: (url: string | null | undefined) => boolean,
  guard: GuardHooks | undefined,
) => Instrumentation;

/**
 * The instrumentations that tell one service from another, and no others: a span for each middleware, file or DNS
 * look-up is noise. Each costs nothing until its package is loaded. Request and response headers are never captured.
 */
const offered: Readonly<Record<string, Make>> = {
  http: (isSilent, guard) => {
    const { HttpInstrumentation } =
      require('@opentelemetry/instrumentation-http') as typeof import('@opentelemetry/instrumentation-http');
    return new HttpInstrumentation({
      ignoreIncomingRequestHook: (request: IncomingMessage) => isSilent(request.url),
      ignoreOutgoingRequestHook: (request: RequestOptions) => isSilent(request.path),
      ...guard?.http,
    });
  },
  undici: (isSilent, guard) => {
    const { UndiciInstrumentation } =
      require('@opentelemetry/instrumentation-undici') as typeof import('@opentelemetry/instrumentation-undici');
    return new UndiciInstrumentation({
      ignoreRequestHook: (request) => isSilent(request.path),
      ...guard?.undici,
    });
  },
  // Of express only the route is kept, which the HTTP span gets as http.route.
  express: () => {
    const { ExpressInstrumentation, ExpressLayerType } =
      require('@opentelemetry/instrumentation-express') as typeof import('@opentelemetry/instrumentation-express');
    const { MIDDLEWARE, REQUEST_HANDLER, ROUTER } = ExpressLayerType;
    return new ExpressInstrumentation({ ignoreLayersType: [MIDDLEWARE, REQUEST_HANDLER, ROUTER] });
  },
  amqplib: (_isSilent, guard) => {
    const { AmqplibInstrumentation } =
      require('@opentelemetry/instrumentation-amqplib') as typeof import('@opentelemetry/instrumentation-amqplib');
    return new AmqplibInstrumentation({
      ...guard?.amqplib,
      publishHook: (span, info) => {
        nameProduced(span, info);
        guard?.amqplib.publishHook(span, info);
      },
      consumeHook: nameConsumed,
    });
  },
  // One span an operation: a resolver's span is as fine as a middleware's.
  graphql: () => {
    const { GraphQLInstrumentation } =
      require('@opentelemetry/instrumentation-graphql') as typeof import('@opentelemetry/instrumentation-graphql');
    return new GraphQLInstrumentation({
      ignoreResolveSpans: true,
      ignoreTrivialResolveSpans: true,
    });
  },
  // Without a request around it a query is housekeeping.
  pg: () => {
    const { PgInstrumentation } =
      require('@opentelemetry/instrumentation-pg') as typeof import('@opentelemetry/instrumentation-pg');
    return new PgInstrumentation({ requireParentSpan: true, ignoreConnectSpans: true });
  },
  ioredis: () => {
    const { IORedisInstrumentation } =
      require('@opentelemetry/instrumentation-ioredis') as typeof import('@opentelemetry/instrumentation-ioredis');
    return new IORedisInstrumentation({ requireParentSpan: true });
  },
  'socket.io': () => new SocketIoInstrumentation(),
};

export interface InstrumentationParts {
  /** Paths that make no spans, besides those of health checks. */
  readonly silent: readonly string[];
  readonly guard?: GuardHooks | undefined;
  readonly complain: (complaint: string) => void;
}

/** OTEL_NODE_ENABLED_INSTRUMENTATIONS and OTEL_NODE_DISABLED_INSTRUMENTATIONS choose; an unknown name is complained about. */
export function serviceInstrumentations(
  choice: TracingConfig['instrumentations'],
  { silent, guard, complain }: InstrumentationParts,
): Instrumentation[] {
  const isSilent = silentPaths(silent);
  for (const name of [...(choice.enabled ?? []), ...choice.disabled]) {
    if (Object.hasOwn(offered, name)) continue;
    complain(
      `there is no instrumentation '${name}' to choose; known are ${Object.keys(offered).join(', ')}`,
    );
  }
  return Object.entries(offered)
    .filter(([name]) => choice.enabled?.includes(name) ?? true)
    .filter(([name]) => !choice.disabled.includes(name))
    .map(([, make]) => make(isSilent, guard));
}
