import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FindingResource, findingSchema } from '@concordat/api';
import { describe, expect, test } from 'vitest';
import { findContractFile } from './find-contract-file.ts';
import { formatFindings } from './format-findings.ts';
import { readFuture, readPast } from './read-moment.ts';
import { serverEvents } from './server-events.ts';

function aFinding(more: Partial<FindingResource> = {}): FindingResource {
  return {
    ...{ id: 'f1', kind: 'uncovered-call', state: 'open', consumer: 'web', provider: 'shop' },
    ...{ environment: 'production', operation: 'GET /carts/{id}' },
    versions: { consumer: ['1'], provider: ['7'] },
    ...{ firstSeen: '2026-01-01T00:00:00.000Z', lastSeen: '2026-01-02T00:00:00.000Z', count: 3 },
    ...{ exemplarTraceId: 'abc', exemplarTraceIds: ['abc'], statuses: [], mismatches: [] },
    evidence: { window: 60, calls: 3, sampleRate: 1 },
    sentence: 'web calls GET /carts/{id} of shop, which none of its pacts promises.',
    ...{ openedAt: '2026-01-01T00:00:01.000Z', resolvedAt: null, resolution: null },
    acknowledgement: null,
    ...more,
  };
}

const acknowledged = aFinding({
  id: 'f2',
  state: 'acknowledged',
  ...{ kind: 'unrecorded-version', consumer: null, operation: null, count: 0 },
  acknowledgement: {
    ...{ by: 'ada', reason: 'rolls out', at: '2026-01-02T00:00:00.000Z', until: null },
  },
});

describe('as SARIF', () => {
  const all = findingSchema.shape.kind.options.map((kind) => aFinding({ kind, id: kind }));
  const file = 'contracts/pacts/web app-shop.json';
  const sarif = JSON.parse(
    formatFindings([...all, acknowledged], 'sarif', ({ consumer }) =>
      consumer === null ? undefined : file,
    ),
  );
  const [run] = sarif.runs;

  test('it says what it is', () => {
    expect(Object.keys(sarif)).toEqual(['$schema', 'version', 'runs']);
    expect(sarif).toMatchObject({ version: '2.1.0', $schema: expect.stringMatching(/sarif/) });
    expect(run.tool.driver.name).toBe('Concordat');
    expect(run.columnKind).toBe('utf16CodeUnits');
  });

  test('every kind is a rule of its own, with words that help', () => {
    const { rules } = run.tool.driver;
    const kinds = findingSchema.shape.kind.options;
    expect(rules.map(({ id }: { id: string }) => id).sort()).toEqual([...kinds].sort());
    expect(new Set(rules.map(({ name }: { name: string }) => name)).size).toBe(kinds.length);
    for (const rule of rules) {
      expect(rule.name).toMatch(/^([A-Z][a-z]+)+$/);
      expect(rule.help.text).toContain(rule.shortDescription.text);
      expect(rule.help.markdown.length).toBeGreaterThan(rule.shortDescription.text.length);
      expect(['error', 'warning', 'note']).toContain(rule.defaultConfiguration.level);
    }
  });

  test('every result has what the standard and code scanning ask for', () => {
    expect(run.results).toHaveLength(all.length + 1);
    for (const result of run.results) {
      const rule = run.tool.driver.rules[result.ruleIndex];
      expect(rule).toMatchObject({
        id: result.ruleId,
        defaultConfiguration: { level: result.level },
      });
      expect(result.message.text).not.toBe('');
      expect(Object.values(result.partialFingerprints)).toHaveLength(1);
      expect(result.occurrenceCount ?? 1).toBeGreaterThanOrEqual(1);
      const [{ logicalLocations }] = result.locations;
      expect(logicalLocations[0].name).not.toBe('');
    }
  });

  test('a finding stands in its contract, and a let one is suppressed', () => {
    const at = (id: string) =>
      run.results.find(
        (result: { partialFingerprints: Record<string, string> }) =>
          Object.values(result.partialFingerprints)[0] === id,
      );
    expect(at('uncovered-call')).toMatchObject({
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'contracts/pacts/web%20app-shop.json' },
            region: { startLine: 1 },
          },
          logicalLocations: [
            {
              fullyQualifiedName: 'web/shop/GET /carts/{id}',
              ...{ kind: 'function', name: 'GET /carts/{id}' },
            },
          ],
        },
      ],
      occurrenceCount: 3,
    });
    expect(at('uncovered-call').suppressions).toBeUndefined();
    expect(at('f2')).toMatchObject({
      suppressions: [{ kind: 'external', status: 'accepted', justification: 'rolls out' }],
      locations: [{ logicalLocations: [{ name: 'shop', kind: 'module' }] }],
    });
    expect(at('f2').locations[0].physicalLocation).toBeUndefined();
  });
});

describe('as text and Markdown', () => {
  const none = () => undefined;

  test('each says whom it is about and who lets it be', () => {
    const resolved = aFinding({ state: 'resolved', exemplarTraceId: null });
    const until = '2026-12-31T23:59:59.999Z';
    const later = {
      ...acknowledged,
      acknowledgement: { by: 'ada', reason: 'rolls out', at: '', until },
    };
    expect(
      formatFindings([aFinding(), acknowledged, later, resolved], 'text', none).split('\n'),
    ).toEqual([
      '▲ uncovered-call  web → shop  GET /carts/{id}  trace abc  id f1',
      '    web calls GET /carts/{id} of shop, which none of its pacts promises.',
      '○ unrecorded-version  shop  trace abc  id f2',
      '    web calls GET /carts/{id} of shop, which none of its pacts promises.',
      '    acknowledged by ada: rolls out',
      '○ unrecorded-version  shop  trace abc  id f2',
      '    web calls GET /carts/{id} of shop, which none of its pacts promises.',
      '    acknowledged by ada until 2026-12-31T23:59:59.999Z: rolls out',
      '✓ uncovered-call  web → shop  GET /carts/{id}  id f1',
      '    web calls GET /carts/{id} of shop, which none of its pacts promises.',
    ]);
    expect(JSON.parse(formatFindings([aFinding()], 'json', none)).findings).toHaveLength(1);
  });

  test('names from traffic are no markup', () => {
    const hostile = aFinding({ consumer: '<img>|x', sentence: '[a](b) <i>' });
    const text = formatFindings([hostile], 'markdown', none);
    expect(text).toContain('| uncovered-call | open | \\<img\\>\\|x → shop |');
    expect(text).toContain('\\[a\\](b) \\<i\\>');
    expect(formatFindings([acknowledged], 'markdown', none)).toContain('| shop |  | production |');
  });

  test.each(['text', 'markdown'] as const)('none is said as %s', (format) => {
    expect(formatFindings([], format, none)).toContain('No findings');
  });
});

describe('the file of a finding', () => {
  test('is its pact, else a document of its provider, and nothing outside', () => {
    const root = mkdtempSync(join(tmpdir(), 'concordat-sarif-'));
    try {
      for (const folder of ['pacts', 'asyncapi', 'openapi'])
        mkdirSync(join(root, 'contracts', folder), { recursive: true });
      for (const file of ['pacts/web-shop.json', 'asyncapi/shop.yaml', 'openapi/mail.json'])
        writeFileSync(join(root, 'contracts', file), '{}');
      const fileOf = (consumer: string | null, provider: string, pacts = 'contracts/pacts/') =>
        findContractFile({ root, pacts }, { consumer, provider });
      expect(fileOf('web', 'shop')).toBe('contracts/pacts/web-shop.json');
      expect(fileOf('app', 'shop')).toBe('contracts/asyncapi/shop.yaml');
      expect(fileOf(null, 'mail')).toBe('contracts/openapi/mail.json');
      expect(fileOf('web', 'bank')).toBeUndefined();
      expect(fileOf('../pacts/web', 'shop')).toBe('contracts/asyncapi/shop.yaml');
      expect(fileOf('web', 'shop', 'contracts/asyncapi/../pacts')).toBeUndefined();
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});

describe('a moment', () => {
  const now = new Date('2026-06-15T12:00:00.000Z');
  test.each([
    ['24h', '2026-06-14T12:00:00.000Z', '2026-06-16T12:00:00.000Z'],
    ['30m', '2026-06-15T11:30:00.000Z', '2026-06-15T12:30:00.000Z'],
    ['2w', '2026-06-01T12:00:00.000Z', '2026-06-29T12:00:00.000Z'],
    ['2026-12-31', '2026-12-31T00:00:00.000Z', '2026-12-31T23:59:59.999Z'],
    ['2026-01-01T08:00:00+01:00', '2026-01-01T07:00:00.000Z', '2026-01-01T07:00:00.000Z'],
    ['soon', undefined, undefined],
    ['7', undefined, undefined],
    ['2026-99-01', undefined, undefined],
  ])('%s is before or to come', (...[text, past, future]) => {
    expect(readPast(text, now)?.toISOString()).toBe(past);
    expect(readFuture(text, now)?.toISOString()).toBe(future);
  });
});

test('events of a stream are read however they are cut', async () => {
  const text =
    'retry: 3000\r\nid: 1\r\nevent: ready\r\ndata: {}\r\n\r\n: beat\n\nid: 2\nevent: finding\ndata: {"ü":\ndata: 1}\n\nid:3\ndata:x\n\nnoise\n\nevent: lost';
  const bytes = new TextEncoder().encode(text);
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
  }
  const read = [];
  for await (const event of serverEvents(pieces())) read.push(event);
  expect(read).toEqual([
    { id: '1', event: 'ready', data: '{}' },
    { id: '2', event: 'finding', data: '{"ü":\n1}' },
    { id: '3', event: 'message', data: 'x' },
  ]);
});
