// Hot path: every request of the broker's API is looked up here. Express asks one route after the other, and leaves each router that
// knows nothing of a path by way of the event loop; with thirty of them that was most of a small request.
import type { Request, RequestHandler, Response } from 'express';

/** A path whose parts are texts or `:names`, and who answers to it. */
export interface Route {
  readonly path: string;
  readonly handle: (request: Request, response: Response) => Promise<void>;
}

interface KnownRoute extends Route {
  /** What metrics call the route. */
  readonly route: { readonly path: string };
  readonly parts: readonly Part[];
}

type Part = { readonly text: string } | { readonly name: string };

/** Finds who answers to a path: of several that fit the one that was added first. A slash at the end says nothing. */
export class RouteTable {
  readonly #routes = new Map<string, KnownRoute[]>();

  /** `name` is the path that metrics tell the route by. */
  add(route: Route, name: string): void {
    const parts = partsOf(route.path).map(readPart);
    const [first] = parts;
    if (first !== undefined && 'name' in first) {
      throw new Error(`${route.path} starts with a name; it would be tried for every path.`);
    }
    const key = keyOf(parts.length, first?.text);
    const routes = this.#routes.get(key) ?? [];
    this.#routes.set(key, routes);
    routes.push({ ...route, route: { path: name }, parts });
  }

  /** Answers requests it knows the path of, and leaves the others to who comes next. */
  readonly handler: RequestHandler = (request, response, next) => {
    const parts = partsOf(request.path);
    for (const known of this.#routes.get(keyOf(parts.length, parts[0])) ?? []) {
      const params = paramsOf(known.parts, parts);
      if (params === undefined) continue;
      request.params = params;
      request.route = known.route;
      known.handle(request, response).catch(next);
      return;
    }
    next();
  };
}

function partsOf(path: string): readonly string[] {
  const end = path.endsWith('/') ? path.length - 1 : path.length;
  return end <= 0 ? [] : path.slice(1, end).split('/');
}

function readPart(part: string): Part {
  return part.startsWith(':') ? { name: part.slice(1) } : { text: part };
}

function keyOf(count: number, first = ''): string {
  return `${count}/${first}`;
}

function paramsOf(
  wanted: readonly Part[],
  parts: readonly string[],
): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const given = parts[index] ?? '';
    if ('text' in part) {
      if (part.text !== given) return undefined;
    } else {
      if (given === '') return undefined;
      params[part.name] = decodeURIComponent(given);
    }
  }
  return params;
}
