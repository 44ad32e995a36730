import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { exitCodeOf, type PactVerification, type VerificationRun } from '../verification.ts';
import { htmlReport } from './html-report.ts';
import { junitReport } from './junit-report.ts';
import { markdownReport } from './markdown-report.ts';
import { terminalReport } from './terminal-report.ts';
import { writeReports } from './write-reports.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';

const kept = {
  id: 'abc',
  description: 'an order is read',
  providerStates: ['order 1 exists'],
  transport: 'http',
  traceId,
  success: true,
  seconds: 0.25,
  mismatches: [],
  isTraced: true,
  spans: [],
} as const;

const broken = {
  ...kept,
  description: 'an <order> | is `taken`',
  providerStates: [''],
  success: false,
  mismatches: [
    { attribute: 'body', identifier: '$.total', description: 'Expected "1" & was <script>' },
    { attribute: 'request', identifier: '', description: 'it failed' },
  ],
  spans: [
    {
      depth: 0,
      service: 'shop',
      name: 'POST /orders',
      kind: 'server',
      start: 0,
      duration: 12.34,
      status: '500',
      error: 'boom',
      events: ['exception TypeError: no\ncoin'],
    },
    {
      depth: 1,
      service: 'shop',
      name: 'SELECT ```',
      kind: 'client',
      start: 1.5,
      duration: 3,
      status: undefined,
      error: undefined,
      events: [],
    },
  ],
} as const;

function aPact(pact: Partial<PactVerification> = {}): PactVerification {
  const base = { consumer: 'web', name: 'Pact between web (1) and shop', pending: false };
  return { ...base, interactions: [kept], published: 'yes', ...pact };
}

function aRun(
  pacts: readonly PactVerification[],
  defect?: string,
  processOutput = '',
): VerificationRun {
  const provider = { provider: 'shop', version: '2', branch: 'main', pacts, defect, processOutput };
  return {
    startedAt: '2026-01-02T03:04:05.678Z',
    seconds: 1.23,
    hubUrl: 'http://hub.example',
    providers: [provider],
  };
}

const failing = aRun([aPact({ interactions: [kept, broken] })], undefined, 'shop: <stack trace>');

describe('the exit code', () => {
  test.each([
    { caption: 'all kept', run: aRun([aPact()]), code: 0 },
    { caption: 'nothing to verify', run: aRun([]), code: 0 },
    { caption: 'one broken', run: failing, code: 1 },
    {
      caption: 'one broken, but pending',
      run: aRun([aPact({ pending: true, interactions: [broken] })]),
      code: 0,
    },
    { caption: 'a provider that cannot run', run: aRun([], 'does not start'), code: 2 },
    {
      caption: 'a result that the hub refused',
      run: aRun([aPact({ published: { refused: 'no' } })]),
      code: 2,
    },
    {
      caption: 'one broken and one not published',
      run: aRun([aPact({ interactions: [broken], published: { refused: 'no' } })]),
      code: 1,
    },
  ])('$caption: $code', ({ run, code }) => {
    expect(exitCodeOf(run)).toBe(code);
  });
});

describe('the terminal', () => {
  test('shows each pact, and beside a mismatch what the provider did and wrote', () => {
    const lines = terminalReport(failing)
      .split('\n')
      .map((line) => line.trim());
    expect(lines).toContain('web       shop 2               2  ✕ broken  yes');
    expect(lines).toContain('✕ web → shop: an <order> | is `taken`');
    expect(lines).toContain('body $.total: Expected "1" & was <script>');
    expect(lines).toContain('request: it failed');
    expect(lines).toContain(`what the provider did (trace ${traceId}):`);
    expect(lines).toContain('└ shop server POST /orders 500  (+0.0 ms, 12.3 ms)  ✕ boom');
    expect(lines).toContain('· exception TypeError: no coin');
    expect(lines).toContain(`http://hub.example/ui/traces/${traceId}`);
    expect(terminalReport(failing)).toContain('      └ shop client SELECT ```  (+1.5 ms, 3.0 ms)');
    expect(lines).toContain('shop: <stack trace>');
    expect(lines.at(-1)).toBe('2 interactions of 1 pacts: 1 broken (1.2 s)');
  });

  test('says when no spans came, when a result was not published, and when nothing could run', () => {
    const pact = aPact({
      interactions: [{ ...broken, isTraced: false, spans: [] }],
      published: { refused: 'read only' },
    });
    const text = terminalReport(aRun([pact, aPact({ published: 'not-asked' })], 'port taken'));
    expect(text).toContain('No spans of the provider arrived');
    expect(text).toContain('refused: read only');
    expect(text).toContain('? shop could not be verified: port taken');
    expect(terminalReport(aRun([]))).toBe('0 interactions of 0 pacts: all kept (1.2 s)');
  });
});

describe('JUnit', () => {
  test('has a suite for a pact and a case for an interaction, with everything escaped', () => {
    const xml = junitReport(failing);
    expect(xml).toContain(
      '<testsuite name="web → shop" tests="2" failures="1" errors="0" skipped="0" time="0.500" timestamp="2026-01-02T03:04:05">',
    );
    expect(xml).toContain(
      '<testcase classname="web → shop" name="an order is read (given order 1 exists)" time="0.250">',
    );
    expect(xml).toContain(`<system-out>trace http://hub.example/ui/traces/${traceId}</system-out>`);
    expect(xml).toContain(
      '<failure message="body $.total: Expected &quot;1&quot; &amp; was &lt;script&gt;; request: it failed">',
    );
    expect(xml).toContain(`What the provider did (trace ${traceId}):`);
    expect(xml).not.toContain('<script>');
  });

  test('a pending failure is skipped, a provider that cannot run is an error, a control character is no XML', () => {
    const interactions = [{ ...broken, description: 'a\u0000b' }];
    const xml = junitReport(aRun([aPact({ pending: true, interactions })], 'no port'));
    expect(xml).toContain('failures="0" errors="0" skipped="1"');
    expect(xml).toContain('<skipped message="pending: ');
    expect(xml).toContain('<error message="no port"/>');
    expect(xml).toContain('name="a\uFFFDb"');
  });

  test('a failure without spans says so', () => {
    const xml = junitReport(
      aRun([aPact({ interactions: [{ ...broken, isTraced: false, spans: [] }] })]),
    );
    expect(xml).toContain('No spans of the provider arrived');
    expect(xml).toContain('<system-out>not traced</system-out>');
  });
});

describe('Markdown', () => {
  test('has a table and each failure, and nothing of a contract is read as markup', () => {
    const text = markdownReport(failing);
    expect(text).toContain('| web | shop 2 | 2 | ✕ broken |');
    expect(text).toContain('### ✕ web → shop: an \\<order\\> \\| is \\`taken\\`');
    expect(text).toContain('- body $.total: Expected "1" & was \\<script\\>');
    const link = `[\`${traceId}\`](<http://hub.example/ui/traces/${traceId}>)`;
    expect(text).toContain(`What the provider did (trace ${link}):`);
    expect(text).toContain(`- ✓ an order is read \\(given order 1 exists\\) (trace ${link})`);
    expect(text).toMatch(/````text\n└ shop server POST \/orders[\s\S]*```\n?[\s\S]*````/);
  });

  test('names what could not be verified, and says when no spans came', () => {
    const pact = aPact({ interactions: [{ ...broken, isTraced: false, spans: [] }] });
    const text = markdownReport(aRun([pact], 'no port'));
    expect(text).toContain('- **shop**: no port');
    expect(text).toContain('No spans of the provider arrived');
    expect(text).toContain('(not traced)');
    expect(markdownReport(aRun([aPact()]))).toContain('**all kept**');
  });
});

describe('HTML', () => {
  test('is one escaped page that loads nothing, with headings, a captioned table and a link to the trace', () => {
    const html = htmlReport(failing);
    expect(html).toContain('<html lang="en">');
    expect(html).toContain('<caption>Pacts</caption>');
    expect(html).toContain('<th scope="col">Consumer</th>');
    expect(html).toContain('<h2>✕ web → shop: an &lt;order&gt; | is `taken`</h2>');
    expect(html).toContain(`<a href="http://hub.example/ui/traces/${traceId}">`);
    expect(html).toContain('shop: &lt;stack trace&gt;');
    expect(html).toContain('└ shop server POST /orders');
    expect(html).not.toMatch(/<script|src=|@import/);
  });

  test('names what could not be verified, and says when no spans came', () => {
    const pact = aPact({ interactions: [{ ...broken, isTraced: false, spans: [] }] });
    const html = htmlReport(aRun([pact], 'no <port>'));
    expect(html).toContain('<pre>no &lt;port&gt;</pre>');
    expect(html).toContain('No spans of the provider arrived');
    expect(html).toContain('s, not traced)</li>');
    expect(htmlReport(aRun([aPact()]))).toContain('<strong>all kept</strong>');
    expect(htmlReport(aRun([aPact()]))).toContain(`/ui/traces/${traceId}">trace</a>)</li>`);
  });
});

test('of a tree of many spans the first are shown', () => {
  const spans = Array.from({ length: 203 }, () => broken.spans[1]);
  const text = terminalReport(aRun([aPact({ interactions: [{ ...broken, spans }] })]));
  expect(text.match(/└ shop client/g)).toHaveLength(200);
  expect(text).toContain('… 3 more spans');
});

describe('report files', () => {
  test('are written where they are asked for, folders included, and nowhere else', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'concordat-reports-'));
    try {
      await writeReports(failing, { junit: 'a/b/junit.xml', markdown: 'report.md' }, folder);
      expect(await readFile(join(folder, 'a/b/junit.xml'), 'utf8')).toBe(junitReport(failing));
      expect(await readFile(join(folder, 'report.md'), 'utf8')).toBe(markdownReport(failing));
      await writeFile(join(folder, 'file'), '');
      const refused = writeReports(failing, { html: 'file/report.html' }, folder);
      await expect(refused).rejects.toThrow(/The report .*file\/report\.html cannot be written/);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
