import type { RequestListener } from 'node:http';
import type { HubConfig } from '../config.ts';
import { listenHttp2, type StreamHandler } from './listen-http2.ts';
import { type DatagramHandler, listenUdp } from './listen-udp.ts';
import { type Listener, listen } from './listener.ts';

/** What answers on each port. */
export interface Handlers {
  readonly main: RequestListener;
  readonly otlp: RequestListener | undefined;
  readonly otlpGrpc: StreamHandler | undefined;
  readonly jaeger: RequestListener | undefined;
  /** Of both UDP ports. */
  readonly jaegerUdp: DatagramHandler | undefined;
}

export interface Listeners {
  readonly main: Listener;
  readonly otlp: Listener | undefined;
  readonly otlpGrpc: Listener | undefined;
  readonly jaeger: Listener | undefined;
  readonly jaegerUdp: Listener | undefined;
  readonly jaegerCompactUdp: Listener | undefined;
}

type Ports = Pick<
  HubConfig,
  | 'host'
  | 'port'
  | 'otlpPort'
  | 'otlpGrpcPort'
  | 'jaegerPort'
  | 'jaegerUdpPort'
  | 'jaegerCompactUdpPort'
>;

const speaksGrpc =
  'This port takes OTLP over gRPC; send OTLP over HTTP to the port for that, 4318 as a rule.';
/** Senders of spans have their headers ready. */
const spanHeadersMs = 10_000;

/** Starts the main listener and those that have a port and somebody to answer; when one cannot start, none stays open. */
export async function startListeners(config: Ports, handlers: Handlers): Promise<Listeners> {
  const { host } = config;
  const started: Listener[] = [];
  const start = async <T>(
    port: number | undefined,
    handler: T | undefined,
    open: (
      handler: T,
      address: { readonly host: string; readonly port: number },
    ) => Promise<Listener>,
  ): Promise<Listener | undefined> => {
    if (port === undefined || handler === undefined) return undefined;
    const listener = await open(handler, { host, port });
    started.push(listener);
    return listener;
  };
  const { otlp, otlpGrpc, jaeger, jaegerUdp } = handlers;
  const listenForSpans: typeof listen = (handler, address) =>
    listen(handler, { ...address, headersMs: spanHeadersMs, answersHalfClosed: true });
  const listenForGrpc = (handler: StreamHandler, address: { host: string; port: number }) =>
    listenHttp2(handler, { ...address, hint: speaksGrpc });
  try {
    return {
      otlp: await start(config.otlpPort, otlp, listenForSpans),
      otlpGrpc: await start(config.otlpGrpcPort, otlpGrpc, listenForGrpc),
      jaeger: await start(config.jaegerPort, jaeger, listenForSpans),
      jaegerUdp: await start(config.jaegerUdpPort, jaegerUdp, listenUdp),
      jaegerCompactUdp: await start(config.jaegerCompactUdpPort, jaegerUdp, listenUdp),
      main: await listen(handlers.main, { host, port: config.port }),
    };
  } catch (error) {
    await Promise.all(started.map((listener) => listener.close(0)));
    throw error;
  }
}
