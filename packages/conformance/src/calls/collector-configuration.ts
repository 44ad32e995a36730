import type { CollectorRoute, CollectorTest } from './collector-routes.ts';

const PATH = 'span.cache["path"]';
const METHOD = 'span.cache["method"]';
const ROUTE = 'span.attributes["http.route"]';

/**
 * A configuration for the OpenTelemetry Collector (0.120 or newer): a `transform` processor that sets `http.route` where a span of the
 * provider, or of who calls it, has none. Statements stand in the order in which routes are tried, and only the first that fits sets it.
 */
export function collectorConfiguration(
  provider: string,
  routes: readonly CollectorRoute[],
): string {
  const statements = [...PREPARATION, ...routes.flatMap(statementsOf)];
  return [
    '# http.route for spans that lack it, from the contracts of this service:',
    `# ${commented(provider)}`,
    '# Put the processor into the pipeline of traces, before anything that reads routes.',
    'processors:',
    `  ${quoted(`transform/routes-${provider.replaceAll(/[^A-Za-z0-9_.-]/g, '-')}`)}:`,
    '    error_mode: ignore',
    '    trace_statements:',
    '      - conditions:',
    ...conditionsOf(provider).map((condition) => `          - ${quoted(condition)}`),
    '        statements:',
    ...statements.map(lineOf),
    '',
  ].join('\n');
}

/** Spans name their path and method in one of several ways, old ones included. */
const PREPARATION: readonly Line[] = [
  `set(${PATH}, span.attributes["url.path"])`,
  ...['http.target', 'url.full', 'http.url'].map(
    (name) => `set(${PATH}, span.attributes[${literal(name)}]) where ${PATH} == nil`,
  ),
  `replace_pattern(${PATH}, ${literal('^[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*')}, "")`,
  `replace_pattern(${PATH}, ${literal('[?#].*')}, "")`,
  `set(${METHOD}, span.attributes["http.request.method"])`,
  `set(${METHOD}, span.attributes["http.method"]) where ${METHOD} == nil`,
].map((statement) => ({ kind: 'statement', text: statement }));

interface Line {
  readonly kind: 'statement' | 'comment';
  readonly text: string;
}

function conditionsOf(provider: string): readonly string[] {
  const name = literal(provider);
  const peers = ['service.peer.name', 'peer.service', 'server.address'].map(
    (attribute) => `span.attributes[${literal(attribute)}] == ${name}`,
  );
  return [
    `span.kind == SPAN_KIND_SERVER and ${ROUTE} == nil and resource.attributes["service.name"] == ${name}`,
    `span.kind == SPAN_KIND_CLIENT and ${ROUTE} == nil and (${peers.join(' or ')})`,
  ];
}

function statementsOf({ method, route, isGuessed, tests }: CollectorRoute): readonly Line[] {
  if (tests === undefined) {
    const why = 'its pattern is none that a collector has; a route below may be taken for it';
    return [{ kind: 'comment', text: `${method} ${route} is left out: ${why}` }];
  }
  const guess: Line = {
    kind: 'comment',
    text: `${method} ${route} is guessed from an example; a path rule or an OpenAPI document would tell`,
  };
  const statements = tests.map(
    (test): Line => ({
      kind: 'statement',
      text: `set(${ROUTE}, ${literal(route)}) where ${ROUTE} == nil and ${METHOD} == ${literal(method)} and ${conditionOf(test)}`,
    }),
  );
  return isGuessed ? [guess, ...statements] : statements;
}

function conditionOf({ all, none }: CollectorTest): string {
  return [
    ...all.map((patterns) => anyOf(patterns.map(matching))),
    ...none.map((pattern) => `not ${matching(pattern)}`),
  ].join(' and ');
}

function anyOf(conditions: readonly string[]): string {
  return conditions.length === 1 ? conditions.join() : `(${conditions.join(' or ')})`;
}

function matching(pattern: string): string {
  return `IsMatch(${PATH}, ${literal(pattern)})`;
}

/** A text of the transformation language: Go's escapes. A `$` would be replaced when the collector reads its file. */
function literal(text: string): string {
  return `"${[...text].map(escaped).join('')}"`;
}

function escaped(sign: string): string {
  if (sign === '"' || sign === '\\') {
    return `\\${sign}`;
  }
  if (sign !== '$' && sign >= ' ' && sign <= '~') {
    return sign;
  }
  const code = sign.codePointAt(0) ?? 0;
  if (code <= 0x7f) {
    return `\\x${code.toString(16).padStart(2, '0')}`;
  }
  // Half of a pair is no character anywhere else.
  const point = code >= 0xd800 && code <= 0xdfff ? 0xfffd : code;
  return `\\U${point.toString(16).padStart(8, '0')}`;
}

function lineOf({ kind, text }: Line): string {
  return kind === 'comment' ? `          # ${commented(text)}` : `          - ${quoted(text)}`;
}

/** A text of YAML in which nothing but the quote itself means anything. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Comments are one line each and hold nothing that YAML or the collector takes for its own. */
function commented(text: string): string {
  return text.replaceAll(/[^ -#%-~]/g, '?');
}
