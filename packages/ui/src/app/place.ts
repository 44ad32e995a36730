import { createContext, useContext } from 'react';
import type { HubClient } from '../data/hub-client.ts';
import type { Command } from './keys.ts';
import { changeQuery, parseRoute, type QueryChanges, type Route, routeHref } from './routes.ts';

/** Where the reader is, and how to go elsewhere. */
export interface Place {
  /** Path of the page, such as `/ui/`, ending in `/`. */
  readonly base: string;
  /** The hub's root, such as `http://hub:9292/`, ending in `/`. */
  readonly hub: string;
  readonly route: Route;
  readonly query: URLSearchParams;
  readonly go: (href: string, how: 'push' | 'replace') => void;
}

/** A view's answer to a key: true when it took the command. */
export type CommandTaker = (command: Command) => boolean;

export interface Surroundings {
  readonly place: Place;
  readonly client: HubClient;
  /** Milliseconds since 1970 for words like `5 min ago`. */
  readonly now: number;
  /** Lets a view take commands until the returned function is called. */
  readonly takeCommands: (taker: CommandTaker) => () => void;
}

export const SurroundingsContext = createContext<Surroundings | undefined>(undefined);

/** What every view is given; only inside the page's shell. */
export function useSurroundings(): Surroundings {
  const surroundings = useContext(SurroundingsContext);
  if (surroundings === undefined) throw new Error('A view was rendered outside the shell');
  return surroundings;
}

/** The place of a full address below the page's base. */
export function placeAt(
  address: { readonly pathname: string; readonly search: string },
  fixed: Pick<Place, 'base' | 'hub' | 'go'>,
): Place {
  const path = address.pathname.startsWith(fixed.base)
    ? address.pathname.slice(fixed.base.length)
    : '';
  return { ...fixed, route: parseRoute(path), query: new URLSearchParams(address.search) };
}

/** The link to a route; the environment is kept, the rest of the query is what is given. */
export function hrefTo(place: Place, route: Route, query: QueryChanges = {}): string {
  const env = place.query.get('env') ?? undefined;
  return routeHref(place.base, route, changeQuery(new URLSearchParams(), { env, ...query }));
}

/** The link to the same view with another query. */
export function hrefWith(place: Place, changes: QueryChanges): string {
  return routeHref(place.base, place.route, changeQuery(place.query, changes));
}

/** Changes the query of the view: typing replaces the address, choosing something makes a step to go back from. */
export function setQuery(
  place: Place,
  changes: QueryChanges,
  how: 'push' | 'replace' = 'replace',
): void {
  place.go(hrefWith(place, changes), how);
}
