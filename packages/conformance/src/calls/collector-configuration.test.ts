import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { collectorConfiguration } from './collector-configuration.ts';
import { collectorRoutes } from './collector-routes.ts';
import { compilePact } from './compile-pact.ts';
import { RouteResolver } from './route-resolver.ts';

interface Configuration {
  readonly processors: Readonly<
    Record<
      string,
      {
        readonly error_mode: string;
        readonly trace_statements: readonly {
          readonly conditions: readonly string[];
          readonly statements: readonly string[];
        }[];
      }
    >
  >;
}

function statementsOf(provider: string, paths: readonly (readonly [string, string?])[]) {
  const interactions = paths.map(([path, regex]) => ({
    request: {
      ...{ method: 'GET', path },
      ...(regex && { matchingRules: { path: { matchers: [{ match: 'regex', regex }] } } }),
    },
  }));
  const pact = compilePact(JSON.stringify({ interactions }));
  const routes = collectorRoutes(new RouteResolver({ pacts: [pact] }).routes());
  const text = collectorConfiguration(provider, routes);
  const { processors } = parse(text) as Configuration;
  const [name = '', processor] = Object.entries(processors)[0] ?? [];
  const [group] = processor?.trace_statements ?? [];
  const statements = group?.statements ?? [];
  return { text, name, processor, conditions: group?.conditions, routes: statements.slice(8) };
}

describe('the configuration of a collector', () => {
  test('sets the route of spans that lack one, the more specific first', () => {
    const { name, processor, conditions, routes } = statementsOf('orders', [
      ['/v1/orders/42', '^/v1/orders/\\d+$'],
      ['/v1/orders/latest'],
    ]);
    expect([name, processor?.error_mode]).toEqual(['transform/routes-orders', 'ignore']);
    expect(conditions).toEqual([
      'span.kind == SPAN_KIND_SERVER and span.attributes["http.route"] == nil and resource.attributes["service.name"] == "orders"',
      'span.kind == SPAN_KIND_CLIENT and span.attributes["http.route"] == nil and (span.attributes["service.peer.name"] == "orders" or span.attributes["peer.service"] == "orders" or span.attributes["server.address"] == "orders")',
    ]);
    const start =
      'where span.attributes["http.route"] == nil and span.cache["method"] == "GET" and IsMatch(span.cache["path"],';
    expect(routes).toEqual([
      `set(span.attributes["http.route"], "/v1/orders/latest") ${start} "^/v1/orders/latest/?\\\\z")`,
      `set(span.attributes["http.route"], "/v1/orders/{id}") ${start} "^/v1/orders/(?:\\\\d+)/?\\\\z")`,
    ]);
  });

  test('takes the path from whatever a span has', () => {
    const { processor } = statementsOf('orders', []);
    expect(processor?.trace_statements[0]?.statements).toEqual([
      'set(span.cache["path"], span.attributes["url.path"])',
      'set(span.cache["path"], span.attributes["http.target"]) where span.cache["path"] == nil',
      'set(span.cache["path"], span.attributes["url.full"]) where span.cache["path"] == nil',
      'set(span.cache["path"], span.attributes["http.url"]) where span.cache["path"] == nil',
      'replace_pattern(span.cache["path"], "^[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*", "")',
      'replace_pattern(span.cache["path"], "[?#].*", "")',
      'set(span.cache["method"], span.attributes["http.request.method"])',
      'set(span.cache["method"], span.attributes["http.method"]) where span.cache["method"] == nil',
    ]);
  });

  test('holds nothing of a name that YAML, the collector or its language would read as its own', () => {
    const name = 'or"d\\e\'rs: $' + '{env:HOME}\n- x # 👍 \ud800';
    const { text, name: processor, conditions } = statementsOf(name, [["/a'b/$c/ö"]]);
    expect(processor).toMatch(/^transform\/routes-[A-Za-z0-9_.-]+$/);
    expect(conditions?.[0]).toContain(
      '"or\\"d\\\\e\'rs: \\x24{env:HOME}\\x0a- x # \\U0001f44d \\U0000fffd"',
    );
    expect(text).not.toContain('$');
    expect(text).toMatch(/^[ -~\n]*$/);
    expect(text).toContain('"/a\'\'b/\\x24c/\\U000000f6"');
  });

  test('says which routes it guessed, and which it leaves out', () => {
    const { text, routes } = statementsOf('orders', [['/a/7'], ['/b/7', '/b/(?!0)\\d+']]);
    expect(text).toContain('# GET /a/{id} is guessed from an example;');
    expect(text).toContain('# GET /b/{id} is left out:');
    expect(routes).toHaveLength(1);
    expect(routes[0]).toMatch(/ and \(IsMatch\(.* or IsMatch\(.*\)\) and .* and not IsMatch\(/);
  });
});
