import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anInteraction, aPact, ask } from './publishing.ts';
import { relationalDatabases, startHubOn } from './relational-databases.ts';
import type { TestHub } from './start-hub.ts';

const PAIR = '/pacts/provider/shop/consumer/web';

/** On SQLite, and on the PostgreSQL of CONCORDAT_TEST_DATABASE_URL when there is one. */
describe.each(relationalDatabases)('on %s', (database) => {
  let hub: TestHub;
  const shas: Record<string, string> = {};
  const read = (path: string, accept = 'text/plain') =>
    ask(hub, `GET ${PAIR}${path}`, { headers: { accept } });

  /** Version 2 is as 1; 3 answers with another status; 4 does so by another specification. */
  beforeAll(async () => {
    hub = await startHubOn(database);
    for (const [version, status, specification] of [
      ['1', 200, '3.0.0'],
      ['2', 200, '3.0.0'],
      ['3', 201, '3.0.0'],
      ['4', 201, '4.0'],
    ] as const) {
      const interactions = [anInteraction({ response: { status } })];
      const metadata = { pactSpecification: { version: specification } };
      const json = aPact({ interactions, metadata });
      const { body } = await ask(hub, `PUT ${PAIR}/version/${version}`, { json });
      shas[version] = body._links['pb:pact-version'].name;
    }
  });

  afterAll(() => hub.close());

  test('it says what changed, when, and where both pacts are', async () => {
    const { text, headers } = await read('/version/3/diff/version/1');
    expect(headers.get('content-type')).toBe('text/plain;charset=utf-8');
    const [title, , when, , ...rest] = text.split('\n');
    expect(title).toBe('# Diff between versions 1 and 3 of the pact between web and shop');
    expect(when).toMatch(
      /^The following changes were made less than a minute ago \(\w{3} \d\d \w{3} \d{4}, \d{1,2}:\d\d[ap]m \+00:00\)$/,
    );
    expect(rest.join('\n')).toBe(
      [
        '         "path": "/things/1"',
        '       },',
        '       "response": {',
        '-        "status": 200',
        '+        "status": 201',
        '       }',
        '     }',
        '   ]',
        '',
        '## Links',
        '',
        'pact-version:',
        '  title: Pact',
        '  name: Pact between web (3) and shop',
        `  href: ${hub.url}${PAIR}/version/3`,
        'comparison-pact-version:',
        '  title: Pact',
        '  name: Pact between web (1) and shop',
        `  href: ${hub.url}${PAIR}/version/1`,
        '',
      ].join('\n'),
    );
  });

  test.each([
    ['/version/3/diff/version/2', '# Diff between versions 2 and 3'],
    ['/version/2/diff/version/3', '# Diff between versions 2 and 3'],
    ['/version/3/diff/previous-distinct', '# Diff between versions 2 and 3'],
    ['/version/4/diff/version/3', '-      "version": "3.0.0"'],
    ['/version/2/diff/version/1', 'There is no difference between versions 1 and 2'],
    ['/version/2/diff/version/1?raw', 'There is no difference between versions 1 and 2'],
    ['/version/3/diff/version/1?raw', '-      "_id": '],
    [
      '/version/2/diff/previous-distinct',
      'No previous distinct version was found for Pact between web (2) and shop',
    ],
  ])('%s says %j', async (path, expected) => {
    const { status, text } = await read(path, '*/*');
    expect([status, text]).toEqual([200, expect.stringContaining(expected)]);
  });

  test('contents are compared by their shas', async () => {
    const { text } = await read(`/pact-version/${shas['3']}/diff/pact-version/${shas['1']}`);
    expect(text).toContain('# Diff between versions 2 and 3');
  });

  test.each([
    ['/version/3/diff/version/9', 404],
    ['/version/9/diff/version/3', 404],
    ['/version/9/diff/previous-distinct', 404],
    ['/pact-version/none/diff/pact-version/none', 404],
    ['/version/9/previous-distinct', 404],
    ['/version/1/previous-distinct', 404],
  ])('%s is %i', async (path, status) => {
    expect((await read(path, '*/*')).status).toBe(status);
  });

  test('HAL JSON is not to be had', async () => {
    expect((await read('/version/3/diff/version/1', 'application/hal+json')).status).toBe(406);
  });

  test('the pact before that differs', async () => {
    const { status, body } = await read('/version/3/previous-distinct', 'application/hal+json');
    expect([status, body._links['pb:consumer-version'].name]).toEqual([200, '2']);
  });
});
