import type { RequestListener } from 'node:http';
import type { HubConfig } from '../config.ts';
import { type Listener, listen } from './listener.ts';

/** What answers on each port. */
export interface Handlers {
  readonly main: RequestListener;
  readonly otlp: RequestListener | undefined;
  readonly jaeger: RequestListener | undefined;
}

export interface Listeners {
  readonly main: Listener;
  readonly otlp: Listener | undefined;
  readonly jaeger: Listener | undefined;
}

/** Starts the main listener and those that have a port and somebody to answer; when one cannot start, none stays open. */
export async function startListeners(
  config: Pick<HubConfig, 'host' | 'port' | 'otlpPort' | 'jaegerPort'>,
  handlers: Handlers,
): Promise<Listeners> {
  const { host } = config;
  const started: Listener[] = [];
  const start = async (handler: RequestListener, port: number): Promise<Listener> => {
    const listener = await listen(handler, { host, port });
    started.push(listener);
    return listener;
  };
  const startOptional = async (
    handler: RequestListener | undefined,
    port: number | undefined,
  ): Promise<Listener | undefined> =>
    handler === undefined || port === undefined ? undefined : start(handler, port);
  try {
    return {
      otlp: await startOptional(handlers.otlp, config.otlpPort),
      jaeger: await startOptional(handlers.jaeger, config.jaegerPort),
      main: await start(handlers.main, config.port),
    };
  } catch (error) {
    await Promise.all(started.map((listener) => listener.close(0)));
    throw error;
  }
}
