/** A route taken apart; places that vary are undefined, however a framework writes them. */
interface Route {
  readonly method: string;
  readonly segments: readonly (string | undefined)[];
}

/** `get /v1/orders/:id/?full=1` and `GET /v1/orders/{id}` are one route; undefined for what is no method and path. */
function routeOf(text: string): Route | undefined {
  const [, method, path] = /^\s*([A-Za-z]+)\s+(?:https?:\/\/[^/\s]+)?(\/\S*)\s*$/.exec(text) ?? [];
  if (method === undefined || path === undefined) return undefined;
  const trimmed = path.replace(/[?#].*$/, '').replace(/(?<=.)\/+$/, '');
  const segments = trimmed.split('/').slice(1);
  return {
    method: method.toUpperCase(),
    segments: segments.map((segment) => (isPlaceholder(segment) ? undefined : segment)),
  };
}

function isPlaceholder(segment: string): boolean {
  return /^(?::\w+.*|\{[^}]+\}|<[^>]+>|\[[^\]]+\]|\*)$/.test(segment);
}

/**
 * The known operations that a route as somebody wrote it stands for: those of equal shape, else those whose variable places take its
 * values, the most literal of them. Empty when none does.
 */
export function findOperations(asked: string, known: readonly string[]): readonly string[] {
  const wanted = routeOf(asked);
  if (wanted === undefined) return [];
  const routes = known.flatMap((operation) => {
    const route = routeOf(operation);
    return route === undefined || route.method !== wanted.method ? [] : [{ operation, route }];
  });
  const shape = shapeOf(wanted);
  const equal = routes.filter(({ route }) => shapeOf(route) === shape);
  if (equal.length > 0) return equal.map(({ operation }) => operation);
  const fitting = routes.filter(({ route }) => takes(route, wanted));
  const most = Math.max(...fitting.map(({ route }) => literals(route)));
  const [closest] = fitting.filter(({ route }) => literals(route) === most);
  return fitting
    .filter(({ route }) => closest !== undefined && shapeOf(route) === shapeOf(closest.route))
    .map(({ operation }) => operation);
}

/** Whether an operation that only the addresses of calls name may be the promised one: what differs varies on either side. */
export function mayBeOperation(seen: string, promised: string): boolean {
  const [one, other] = [routeOf(seen), routeOf(promised)];
  return (
    one !== undefined &&
    other !== undefined &&
    one.method === other.method &&
    one.segments.length === other.segments.length &&
    one.segments.every((segment, at) => {
      const opposite = other.segments[at];
      return segment === undefined || opposite === undefined || segment === opposite;
    })
  );
}

function takes(template: Route, concrete: Route): boolean {
  return (
    template.segments.length === concrete.segments.length &&
    template.segments.every(
      (segment, at) =>
        (segment === undefined && concrete.segments[at] !== '') ||
        (segment !== undefined && segment === concrete.segments[at]),
    )
  );
}

function shapeOf({ method, segments }: Route): string {
  return `${method} /${segments.map((segment) => segment ?? '{}').join('/')}`;
}

function literals({ segments }: Route): number {
  return segments.filter((segment) => segment !== undefined).length;
}

const MOST_NEAR = 5;
const LEAST_LIKENESS = 0.4;

/** Names that somebody who wrote `asked` may have meant, the nearest first; at most five. */
export function nearNames(asked: string, known: readonly string[]): readonly string[] {
  const wanted = pairsOf(asked);
  return known
    .map((name) => ({ name, likeness: likeness(wanted, pairsOf(name)) }))
    .filter((each) => each.likeness >= LEAST_LIKENESS)
    .sort((left, right) => right.likeness - left.likeness)
    .slice(0, MOST_NEAR)
    .map(({ name }) => name);
}

/** Share of the neighbouring letters that two texts have in common (Sørensen and Dice). */
function likeness(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const common = [...one].filter((pair) => other.has(pair)).length;
  return (2 * common) / (one.size + other.size);
}

function pairsOf(text: string): ReadonlySet<string> {
  const plain = ` ${text.toLowerCase()} `;
  return new Set(Array.from({ length: plain.length - 1 }, (_, at) => plain.slice(at, at + 2)));
}
