import type { Call } from '@concordat/domain';
import { CallCounter, compileInForce, PromiseBook, ProviderContractsInForce } from '@concordat/hub';

const sizes = [200, 5_000];
const rounds = 5;
const callsARound = 15_000;
const batch = 256;
const startMs = Date.UTC(2026, 0, 31, 12);

interface Route {
  readonly method: string;
  /** A path of its own for each number. */
  readonly path: (n: number) => string;
  readonly query?: (n: number) => string;
  readonly status: number;
  readonly interaction: object;
}

/**
 * Microseconds of processor time for judging a call and counting it, against so many interactions of one pact: every id is fresh, one call in
 * twenty is answered as nobody promised, one in twenty goes where nothing is promised. `again`: the same calls a second time.
 */
export async function benchMatching(): Promise<object> {
  return Object.fromEntries(sizes.map((size) => [`interactions${size}`, benchAgainst(size)]));
}

function benchAgainst(size: number): object {
  const routes = Array.from({ length: size }, (_, at) => routeOf(at));
  const book = bookOf(routes);
  const counter = new CallCounter({ windowMs: 0, capacity: 100_000 });
  const fresh: number[] = [];
  const again: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const calls = Array.from({ length: callsARound }, (_, at) =>
      callOf(routes, round * callsARound + at),
    );
    fresh.push(countAll({ counter, book, calls }));
    const few = calls.slice(0, batch * 4);
    const repeated = Array.from({ length: callsARound }, (_, at) => few[at % few.length] as Call);
    again.push(countAll({ counter, book, calls: repeated }));
    counter.take();
  }
  return { freshMicros: median(fresh), againMicros: median(again) };
}

function countAll(parts: {
  readonly counter: CallCounter;
  readonly book: PromiseBook;
  readonly calls: readonly Call[];
}): number {
  const { counter, book, calls } = parts;
  const start = process.cpuUsage();
  for (let at = 0; at < calls.length; at += batch) {
    counter.count(book, calls.slice(at, at + batch), startMs);
    counter.conclude(startMs);
  }
  const { user, system } = process.cpuUsage(start);
  return (user + system) / calls.length;
}

/** Ten shapes of promises for each resource: by pattern, by example alone, with queries, nested, and of other methods. */
function routeOf(at: number): Route {
  const resource = `/v${1 + (at % 3)}/${wordOf(Math.floor(at / 10))}s`;
  const id = `${resource}/[0-9]+`;
  const number = (n: number): string => `${resource}/${100_000 + n}`;
  const shapes: readonly (() => Omit<Route, 'interaction'> & { readonly regex?: string })[] = [
    () => ({ method: 'GET', path: () => resource, status: 200 }),
    () => ({ method: 'GET', path: number, status: 200, regex: id }),
    () => ({ method: 'DELETE', path: number, status: 204, regex: id }),
    () => ({ method: 'PATCH', path: number, status: 200, regex: id }),
    () => ({ method: 'POST', path: () => resource, status: 201 }),
    () => ({ method: 'PUT', path: (n) => `${resource}/k${100_000 + n}`, status: 200 }),
    () => ({ method: 'GET', path: (n) => `${number(n)}/items`, status: 200, regex: `${id}/items` }),
    () => ({
      ...{ method: 'GET', path: (n) => `${number(n)}/items/sku-${n}`, status: 200 },
      regex: `${id}/items/[a-z]+-[0-9]+`,
    }),
    () => ({ method: 'GET', path: (n) => `${resource}/by-owner/${7 + n}`, status: 200 }),
    () => ({
      method: 'GET',
      path: () => `${resource}/latest`,
      query: (n) => `page=${n}`,
      status: 200,
    }),
  ];
  const { regex, ...route } = (shapes[at % shapes.length] ?? shapes[0])?.() ?? missing();
  return { ...route, interaction: interactionOf(route, { at, regex }) };
}

/** Names of resources have no digits. */
function wordOf(number: number): string {
  return [...`resource-${String(number).padStart(4, '0')}`]
    .map((sign) => (sign >= '0' && sign <= '9' ? 'abcdefghij'.charAt(Number(sign)) : sign))
    .join('');
}

function missing(): never {
  throw new Error('Every shape is in the list.');
}

function interactionOf(
  route: Omit<Route, 'interaction'>,
  { at, regex }: { readonly at: number; readonly regex: string | undefined },
): object {
  const rules = {
    ...(regex && { path: { matchers: [{ match: 'regex', regex: `^${regex}$` }] } }),
    ...(route.query && { query: { page: { matchers: [{ match: 'regex', regex: '\\d+' }] } } }),
  };
  const query = route.query === undefined ? {} : { query: { page: ['1'] } };
  return {
    description: `interaction ${at}`,
    request: { method: route.method, path: route.path(at), ...query, matchingRules: rules },
    response: { status: route.status },
  };
}

function bookOf(routes: readonly Route[]): PromiseBook {
  const interactions = routes.map(({ interaction }) => interaction);
  const metadata = { pactSpecification: { version: '3.0.0' } };
  const pact = {
    ...{ consumer: 'web', provider: 'shop', consumerVersion: '1', sha: 'one' },
    content: JSON.stringify({ interactions, metadata }),
    ...{ environments: ['production'], isLatestMain: true, verification: 'success' as const },
  };
  return new PromiseBook({
    pairs: compileInForce([pact], new Map()),
    ...{ recorded: [], environments: ['production'], pacticipants: ['web', 'shop'] },
    providerContracts: new ProviderContractsInForce([]),
  });
}

function callOf(routes: readonly Route[], n: number): Call {
  const { method, path, query, status } =
    routes[(Math.imul(n, 7919) >>> 0) % routes.length] ?? missing();
  const isLost = n % 20 === 7;
  return {
    consumer: { service: 'web', version: '1', virtual: false },
    provider: { service: 'shop', version: '2', virtual: false },
    environment: 'production',
    exchange: {
      ...{ kind: 'http', method, query: query?.(n) ?? '', route: undefined },
      path: isLost ? `/v9/nowhere/${n}` : path(n),
      status: n % 20 === 3 ? 418 : status,
    },
    traceId: n.toString(16).padStart(32, '0'),
    clientSpanId: '1',
    serverSpanId: '2',
    atMicros: startMs * 1000 + n,
    clientDurationMicros: 900,
    serverDurationMicros: 700 + (n % 100),
    ...{ failed: false, weight: 1, inferred: false },
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return Number((sorted[Math.floor(sorted.length / 2)] ?? 0).toFixed(2));
}
