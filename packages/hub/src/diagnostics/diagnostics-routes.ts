import type { Router } from 'express';
import { createRouter } from '../http/app.ts';
import { baseUrlOf } from '../http/hal.ts';
import { resource } from '../http/resource.ts';
import { HAL_JSON, sendHal, sendJson } from '../http/send.ts';

/** One thing the hub needs; `check` throws when it is not there. */
export interface Dependency {
  readonly name: string;
  check(): Promise<void>;
}

/**
 * `/live` says the process answers, `/ready` that it can do its work: 503 while a dependency is down or the hub is
 * closing. Those below `/diagnostic/status` are the broker's, and so is the path that fails on purpose.
 */
export function diagnosticsRoutes(deps: {
  readonly dependencies: readonly Dependency[];
  readonly isClosing: () => boolean;
}): Router {
  const router = createRouter();
  resource(router, ['/live', '/health'], {
    provides: ['application/json', HAL_JSON],
    GET: (_request, response) => sendJson(response, { status: 'ok' }),
  });
  resource(router, '/ready', {
    provides: ['application/json', HAL_JSON],
    GET: async (_request, response) => {
      const states = await statesOf(deps.dependencies);
      const isReady = !deps.isClosing() && states.every((state) => state.ok);
      const body = { status: isReady ? 'ok' : 'unavailable', dependencies: byName(states) };
      if (!isReady) response.setHeader('retry-after', '1');
      sendJson(response, body, isReady ? 200 : 503);
    },
  });
  resource(router, '/diagnostic/status/heartbeat', {
    GET: (_request, response) => {
      const href = `${baseUrlOf(response)}/diagnostic/status/heartbeat`;
      sendHal(response, { ok: true, _links: { self: { href } } });
    },
  });
  resource(router, '/diagnostic/status/dependencies', {
    GET: async (_request, response) => {
      const states = await statesOf(deps.dependencies);
      const href = `${baseUrlOf(response)}/diagnostic/status/dependencies`;
      const status = states.every((state) => state.ok) ? 200 : 500;
      sendHal(response, { ...byName(states), _links: { self: { href } } }, status);
    },
  });
  resource(router, '/test/error', {
    GET: () => {
      throw new Error('Nothing is wrong: somebody tries out how errors are reported.');
    },
  });
  return router;
}

interface DependencyState {
  readonly name: string;
  readonly ok: boolean;
  readonly error?: string;
}

function statesOf(dependencies: readonly Dependency[]): Promise<readonly DependencyState[]> {
  return Promise.all(
    dependencies.map(async ({ name, check }) => {
      try {
        await check();
        return { name, ok: true };
      } catch (error) {
        return { name, ok: false, error: error instanceof Error ? error.message : String(error) };
      }
    }),
  );
}

function byName(states: readonly DependencyState[]): Readonly<Record<string, object>> {
  return Object.fromEntries(states.map(({ name, ...state }) => [name, state]));
}
