import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { App } from '../app/app.tsx';
import type { HubClient } from '../data/hub-client.ts';
import { aService, aServiceDetail } from './monitor-samples.ts';
import {
  aDetail,
  aFinding,
  anEdge,
  aSpan,
  aSummary,
  aTrace,
  aTraceId,
  silentClient,
} from './samples.tsx';

const edges = [
  anEdge({ consumer: 'gateway', provider: 'orders' }),
  anEdge({ consumer: 'orders', provider: 'payments', state: 'drift', findings: 1 }),
  anEdge({ consumer: 'mail', provider: 'orders', transport: 'message', environments: ['staging'] }),
];
const spans = [
  aSpan(1),
  aSpan(2, { parent: 1, service: 'bank', failed: true }),
  aSpan(3, { parent: 2 }),
  aSpan(4, { parent: 1 }),
];

/** A client of a hub with a few of everything. */
export function aClient(changes: Partial<HubClient> = {}): HubClient {
  return {
    ...silentClient,
    summary: async () => aSummary,
    edges: async (environment) =>
      edges.filter((edge) => environment === '' || edge.environments.includes(environment)),
    edgesSince: async () => [],
    edge: async (consumer, provider) => aDetail({ consumer, provider }),
    findings: async () => [
      aFinding({ exemplarTraceId: aTraceId }),
      aFinding({ id: 'f2', kind: 'not-seen', consumer: 'orders', provider: 'payments' }),
    ],
    services: async () => ['bank', 'shop'],
    operations: async () => ['GET /orders'],
    traces: async () => [aTrace(spans)],
    trace: async () => aTrace(spans),
    monitored: async () => [aService(), aService({ service: 'mail', rate: 0.1 })],
    monitor: async (service) => aServiceDetail({ service }),
    ...changes,
  };
}

let root: Root | undefined;

const environment: { IS_REACT_ACT_ENVIRONMENT?: boolean } = globalThis as object;

/** Before every test: an empty document. */
export function preparePage(): void {
  environment.IS_REACT_ACT_ENVIRONMENT = true;
  localStorage.clear();
  document.body.innerHTML = '<div id="app"></div>';
}

/** After every test: nothing of the page goes on. */
export async function leavePage(): Promise<void> {
  await act(async () => root?.unmount());
  root = undefined;
  delete environment.IS_REACT_ACT_ENVIRONMENT;
}

/** Opens an address below the page's base. */
export async function open(address: string, client = aClient()): Promise<void> {
  environment.IS_REACT_ACT_ENVIRONMENT = true;
  history.replaceState(null, '', `/ui/${address}`);
  const element = document.getElementById('app');
  if (element === null) throw new Error('No place to render');
  root = createRoot(element);
  await act(async () => root?.render(<App base="/ui/" hub="http://hub/" client={client} />));
}

export const address = () => `${location.pathname}${location.search}`;
export const text = () => document.body.textContent;

/** The first element of a selector whose label or text holds the words. */
export function find(selector: string, words = ''): HTMLElement {
  const found = [...document.querySelectorAll<HTMLElement>(selector)].find((element) =>
    `${element.getAttribute('aria-label') ?? ''} ${element.textContent}`.includes(words),
  );
  if (found === undefined) throw new Error(`No ${selector} with ${words} in ${text()}`);
  return found;
}

/** Clicks what `find` finds. */
export async function click(selector: string, words = ''): Promise<void> {
  await act(async () =>
    find(selector, words).dispatchEvent(
      new MouseEvent('click', { bubbles: true, cancelable: true, button: 0 }),
    ),
  );
}

/** Presses a key on an element, or on the page. */
export async function press(
  key: string,
  target: EventTarget = document.body,
  more: KeyboardEventInit = {},
): Promise<void> {
  await act(async () =>
    target.dispatchEvent(
      new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }),
    ),
  );
}

/** As a reader would: React only notices a value that was set around its own setter. */
export async function enter(label: string, value: string): Promise<void> {
  const field = [
    ...document.querySelectorAll<HTMLInputElement | HTMLSelectElement>('input, select'),
  ].find(
    (candidate) =>
      candidate.getAttribute('aria-label') === label ||
      candidate.closest('label')?.textContent.startsWith(label),
  );
  if (field === undefined) throw new Error(`No field ${label}`);
  const setter = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value')?.set;
  await act(async () => {
    setter?.call(field, value);
    field.dispatchEvent(
      new Event(field instanceof HTMLSelectElement ? 'change' : 'input', { bubbles: true }),
    );
  });
}
