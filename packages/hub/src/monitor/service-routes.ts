import type { ServiceDetail, Services } from '@concordat/api';
import type { Request, Response, Router } from 'express';
import { createRouter } from '../http/app.ts';
import { HubError } from '../http/hub-error.ts';
import {
  knownParameters,
  pageParameters,
  textParameter,
  timeParameter,
} from '../http/read-parameters.ts';
import { parameter, resource } from '../http/resource.ts';
import { sendJson } from '../http/send.ts';
import type { Monitor } from './monitor.ts';
import { operationResources } from './operation-resource.ts';
import { serviceResources } from './service-resource.ts';

const MINUTE_MS = 60_000;
const DEFAULT_MINUTES = 60;
const MOST_POINTS = 120;
/** The databases' whole numbers end a little later. */
const LAST_MINUTE = 2_000_000_000;

/** `/insights/services`: rate, errors and duration of every service, and of the operations of one. */
export function serviceRoutes(monitor: Monitor): Router {
  const router = createRouter();
  const provides = ['application/json'];
  resource(router, '/insights/services', {
    provides,
    GET: (request, response) => listServices(monitor, request, response),
  });
  resource(router, '/insights/services/:service', {
    provides,
    GET: (request, response) => readService(monitor, request, response),
  });
  return router;
}

async function listServices(monitor: Monitor, request: Request, response: Response): Promise<void> {
  knownParameters(request, ['environment', 'since', 'until', 'page', 'size']);
  const page = pageParameters(request);
  const window = readWindow(request, monitor.now());
  const asked = { ...window.minutes, environment: textParameter(request, 'environment') };
  const services = serviceResources(
    await monitor.services(asked),
    await monitor.operationCounts(asked),
    window.seconds,
  );
  const body: Services = {
    since: window.since,
    until: window.until,
    services: services.slice((page.number - 1) * page.size, page.number * page.size),
    page: {
      number: page.number,
      size: page.size,
      totalElements: services.length,
      totalPages: Math.ceil(services.length / page.size),
    },
  };
  sendJson(response, body);
}

async function readService(monitor: Monitor, request: Request, response: Response): Promise<void> {
  knownParameters(request, ['environment', 'since', 'until']);
  const service = parameter(request, 'service');
  const environment = textParameter(request, 'environment');
  const { minutes, seconds, since, until } = readWindow(request, monitor.now());
  const environments = await monitor.environments(service);
  if (environments.length === 0) {
    throw new HubError('NOT_FOUND', `No span of a service "${service}" has been seen.`);
  }
  const step = Math.ceil((minutes.until - minutes.since + 1) / MOST_POINTS);
  const counted = await monitor.operations({
    ...{ ...minutes, environment, step },
    services: [service],
    byOperation: true,
  });
  const body: ServiceDetail = {
    ...{ service, since, until },
    environment: environment ?? null,
    environments: environments.filter((name) => name !== ''),
    step: step * 60,
    operations: operationResources(counted, seconds),
  };
  sendJson(response, body);
}

interface Window {
  readonly minutes: { readonly since: number; readonly until: number };
  /** Of it, what has passed. */
  readonly seconds: number;
  readonly since: string;
  readonly until: string;
}

/** Whole minutes; the last hour when not given. */
function readWindow(request: Request, now: Date): Window {
  const end = timeParameter(request, 'until') ?? now;
  const until = Math.min(LAST_MINUTE, Math.ceil((end.getTime() + 1) / MINUTE_MS));
  const start = timeParameter(request, 'since');
  const since =
    start === undefined ? until - DEFAULT_MINUTES : Math.floor(start.getTime() / MINUTE_MS);
  if (since >= until) {
    throw new HubError('INVALID_PARAMETER', 'since must be before until.');
  }
  const passed = Math.min(until * MINUTE_MS, now.getTime()) - since * MINUTE_MS;
  return {
    minutes: { since, until: until - 1 },
    seconds: Math.max(1, passed / 1000),
    since: new Date(since * MINUTE_MS).toISOString(),
    until: new Date(until * MINUTE_MS).toISOString(),
  };
}
