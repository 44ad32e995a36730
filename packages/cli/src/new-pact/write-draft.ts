import type {
  ObservedCall,
  ObservedEvent,
  ObservedRequest,
  VaryingSegment,
} from './observed-call.ts';

export interface DraftOptions {
  readonly consumer: string;
  readonly provider: string;
  readonly calls: readonly ObservedCall[];
  readonly runner: Runner;
  /** Where the test writes its pact. */
  readonly pactFolder: string;
  /** Of the hub, for links to traces. */
  readonly hubUrl: string;
}

export const runners = ['vitest', 'jest'] as const;
export type Runner = (typeof runners)[number];

const MARK = 'observed, not promised';

const forms: Readonly<
  Record<VaryingSegment, { readonly pattern: string; readonly example: string }>
> = {
  number: { pattern: '\\d+', example: '1' },
  uuid: {
    pattern: '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}',
    example: '6f9619ff-8b86-4d01-b42d-00cf4fc964ff',
  },
  text: { pattern: '[^/]+', example: 'example' },
};

/** A pact-js test, in TypeScript, with one interaction for each observed call. It runs as it is; what it promises is for people to decide. */
export function writeDraft(options: DraftOptions): string {
  const { consumer, provider, calls, runner } = options;
  const lines = [
    ...heading(options),
    ...imports(calls, runner),
    '',
    `const names = { consumer: ${quoted(consumer)}, provider: ${quoted(provider)}, dir: ${quoted(options.pactFolder)} };`,
    '',
    `describe(${quoted(`${consumer} as consumer of ${provider}`)}, () => {`,
    ...calls
      .map((call) => (call.kind === 'http' ? requestTest(call, options) : eventTest(call, options)))
      .flatMap((test, index) => (index === 0 ? test : ['', ...test])),
    '});',
    '',
  ];
  return lines.join('\n');
}

function heading({ consumer, provider }: DraftOptions): readonly string[] {
  return [
    `// Drafted from traffic: what ${oneLine(consumer)} was seen to use of ${oneLine(provider)} and no pact promises.`,
    '// Keep what the consumer needs and describe it: the provider state, the headers and the body that it reads (spans show',
    '// neither), and call your own client instead of fetch. Delete what it does not need, and stop using that.',
  ];
}

function imports(calls: readonly ObservedCall[], runner: Runner): readonly string[] {
  const matchers = [
    ...(calls.some(({ kind }) => kind === 'message') ? ['like'] : []),
    ...(calls.some(isVarying) ? ['regex'] : []),
  ];
  const from = runner === 'vitest' ? 'vitest' : '@jest/globals';
  return [
    `import { ${matchers.length > 0 ? 'MatchersV3, ' : ''}PactV4 } from '@pact-foundation/pact';`,
    `import { describe, expect, test } from '${from}';`,
    ...(matchers.length > 0 ? ['', `const { ${matchers.join(', ')} } = MatchersV3;`] : []),
  ];
}

function isVarying(call: ObservedCall): boolean {
  if (call.kind === 'message') return false;
  return call.parameters.length > 0 || call.path.some((segment) => typeof segment !== 'string');
}

function requestTest(call: ObservedRequest, options: DraftOptions): readonly string[] {
  const { method, status, parameters } = call;
  const title = quoted(`${MARK}: ${call.operation} answers ${status}`);
  const search = parameters.map((name) => `${encodeURIComponent(name)}=1`).join('&');
  const target = `${examplePath(call)}${search === '' ? '' : `?${search}`}`;
  return [
    sighting(call, options),
    `  test(${title}, async () => {`,
    '    await new PactV4(names)',
    '      .addInteraction()',
    `      .uponReceiving(${title})`,
    ...withRequest(call),
    `      .willRespondWith(${status})`,
    '      .executeTest(async (server) => {',
    `        const response = await fetch(server.url + ${quoted(target)}, { method: ${quoted(method)}, redirect: 'manual' });`,
    `        expect(response.status).toBe(${status});`,
    '      });',
    '  });',
  ];
}

function withRequest(call: ObservedRequest): readonly string[] {
  const { method, path, parameters } = call;
  const pattern = path
    .map((segment) =>
      typeof segment === 'string' ? escaped(segment) : forms[segment.varies].pattern,
    )
    .join('/');
  const varies = path.some((segment) => typeof segment !== 'string');
  const example = quoted(examplePath(call));
  const place = varies ? `regex(${quoted(`^/${pattern}$`)}, ${example})` : example;
  if (parameters.length === 0) return [`      .withRequest(${quoted(method)}, ${place})`];
  return [
    `      .withRequest(${quoted(method)}, ${place}, (request) =>`,
    '        request.query({',
    ...parameters.map((name) => `          ${quoted(name)}: regex('.+', '1'),`),
    '        }),',
    '      )',
  ];
}

function examplePath({ path }: ObservedRequest): string {
  const segments = path.map((segment) =>
    typeof segment === 'string' ? segment : forms[segment.varies].example,
  );
  return `/${segments.join('/')}`;
}

function eventTest(call: ObservedEvent, options: DraftOptions): readonly string[] {
  const title = quoted(`${MARK}: ${call.event}`);
  return [
    sighting(call, options),
    `  test(${title}, async () => {`,
    '    await new PactV4(names)',
    '      .addAsynchronousInteraction()',
    `      .expectsToReceive(${title}, (event) =>`,
    '        event',
    '          .withJSONContent(like({}))',
    `          .withMetadata({ routingKey: ${quoted(call.event)} }),`,
    '      )',
    '      .executeTest(async (event) => {',
    '        expect(event.contents).toBeDefined();',
    '      });',
    '  });',
  ];
}

function sighting(call: ObservedCall, { hubUrl }: DraftOptions): string {
  const calls = Math.round(call.calls);
  const trace = call.traceId === undefined ? '' : `, ${hubUrl}/ui/traces/${call.traceId}`;
  const times = `${calls} ${calls === 1 ? 'call' : 'calls'}`;
  return oneLine(`  // ${MARK}: ${times}, last ${call.lastSeen}${trace}`);
}

/** Names come from strangers: what would end a comment or a text must not. */
function oneLine(text: string): string {
  return text.replaceAll(/[\r\n\u2028\u2029]/g, ' ');
}

function quoted(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${inner.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}'`;
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
