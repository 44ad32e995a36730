import { LibsqlDatabase, openSqlite } from '@concordat/hub';
import pg from 'pg';
import { afterEach, expect, test, vi } from 'vitest';
import { aContract, aPact, aPublication, ask } from './publishing.ts';
import {
  createDatabase,
  type OwnDatabase,
  type RelationalDatabase,
  relationalDatabases,
} from './relational-databases.ts';
import { startTestHub, type TestHub } from './start-hub.ts';

// Runs on the PostgreSQL of CONCORDAT_TEST_DATABASE_URL too.

/** Tables that grow with every build; reading one of them whole is slow long before anybody sees it in a test. */
const GROWING = [
  'versions',
  'branches',
  'branch_versions',
  'tags',
  'pact_versions',
  'pact_publications',
  'verifications',
  'verified_interactions',
  'deployed_versions',
  'released_versions',
  'triggered_webhooks',
];

let database: OwnDatabase | undefined;
let hub: TestHub | undefined;

afterEach(async () => {
  await hub?.close();
  await database?.drop();
  hub = undefined;
});

test.each(relationalDatabases)(
  'no statement of publishing, for-verification, can-i-deploy or matrix reads a growing table whole on %s',
  async (kind) => {
    const on = await start(kind);
    await fill(on);
    const issued = watch(kind);
    await askEverything(on);
    expect(issued.length).toBeGreaterThan(20);
    expect(await readWhole(issued)).toEqual([]);
  },
);

test.each(relationalDatabases)('a table that is read whole is seen on %s', async (kind) => {
  await start(kind);
  const text = 'select "t"."name" from "tags" as "t" where "t"."created_at" = \'\'';
  expect(await readWhole([{ text, values: [] }])).toEqual([expect.stringContaining(text)]);
});

async function start(kind: RelationalDatabase): Promise<TestHub> {
  database = await createDatabase(kind);
  const { url } = database;
  hub = await startTestHub(url === undefined ? {} : { flags: { databaseUrl: url } });
  return hub;
}

function readWhole(issued: readonly Issued[]): Promise<readonly string[]> {
  const url = database?.url;
  return url === undefined
    ? wholeOnSqlite(issued, hub?.dataDir ?? '')
    : wholeOnPostgresql(issued, url);
}

interface Issued {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Everything the hub asks its database from now on, each text once. */
function watch(kind: RelationalDatabase): readonly Issued[] {
  const issued: Issued[] = [];
  const note = (text: string, values: readonly unknown[]): void => {
    if (/^(select|insert|update|delete|with)\b/.test(text)) {
      if (!issued.some((one) => one.text === text)) issued.push({ text, values });
    }
  };
  if (kind === 'SQLite') {
    const prepare = LibsqlDatabase.prototype.prepare;
    vi.spyOn(LibsqlDatabase.prototype, 'prepare').mockImplementation(function (
      this: LibsqlDatabase,
      text,
    ) {
      note(
        text,
        [...text.matchAll(/\?/g)].map(() => null),
      );
      return prepare.call(this, text);
    });
    return issued;
  }
  const query = pg.Client.prototype.query as (this: pg.Client, ...parts: unknown[]) => unknown;
  vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (
    this: pg.Client,
    ...parts: unknown[]
  ) {
    const [asked] = parts as readonly Issued[];
    if (asked !== undefined) note(asked.text, asked.values);
    return query.apply(this, parts) as undefined;
  });
  return issued;
}

async function fill(on: TestHub): Promise<void> {
  const made = await ask(on, 'POST /environments', { json: { name: 'live', production: true } });
  for (const number of ['1', '2', '3']) {
    await publish(on, number);
    const deployed = `POST /pacticipants/web/versions/${number}/deployed-versions/environment/${made.body.uuid}`;
    expect((await ask(on, deployed, { json: {} })).status).toBe(201);
  }
  const released = `POST /pacticipants/web/versions/2/released-versions/environment/${made.body.uuid}`;
  expect((await ask(on, released, { json: {} })).status).toBe(201);
  await verify(on, '7', true);
  await verify(on, '8', false);
}

async function publish(on: TestHub, number: string): Promise<void> {
  const content = JSON.stringify(aPact({ metadata: { number } }));
  const published = await ask(on, 'POST /contracts/publish', {
    json: {
      ...aPublication({ pacticipantVersionNumber: number, tags: ['dev'] }),
      contracts: [aContract({}, content)],
    },
  });
  expect(published.status).toBe(200);
}

async function verify(on: TestHub, version: string, success: boolean): Promise<void> {
  const pact = await ask(on, 'GET /pacts/provider/shop/consumer/web/latest');
  const results = new URL(pact.body._links['pb:publish-verification-results'].href).pathname;
  const json = { success, providerApplicationVersion: version };
  expect((await ask(on, `POST ${results}`, { json })).status).toBe(201);
}

/** The four requests that builds wait for, in the ways clients ask them. */
async function askEverything(on: TestHub): Promise<void> {
  await publish(on, '4');
  await publish(on, '4');
  const requests = [
    {
      providerVersionBranch: 'main',
      consumerVersionSelectors: [
        { mainBranch: true },
        { deployedOrReleased: true },
        { matchingBranch: true },
      ],
    },
    {
      providerVersionTags: ['dev'],
      consumerVersionSelectors: [
        { tag: 'dev', latest: true },
        { branch: 'main' },
        { latest: true },
      ],
    },
    { providerVersionBranch: 'main', consumerVersionSelectors: [] },
    { consumerVersionSelectors: [{ mainBranch: true }] },
  ];
  for (const request of requests) {
    const answer = await ask(on, 'POST /pacts/provider/shop/for-verification', {
      json: { ...request, includePendingStatus: true, includeWipPactsSince: '2020-01-01' },
    });
    expect(answer.text).toContain('"href"');
    expect(answer.status).toBe(200);
  }
  const questions = [
    '/can-i-deploy?pacticipant=web&version=3&environment=live',
    '/can-i-deploy?pacticipant=shop&version=7&environment=live',
    '/can-i-deploy?pacticipant=web&version=3&to=dev',
    '/matrix?q[][pacticipant]=web&q[][pacticipant]=shop&latestby=cvpv',
    '/matrix?q[][pacticipant]=web&q[][version]=3&q[][pacticipant]=shop&q[][version]=8&latestby=cvpv',
    '/matrix?q[][pacticipant]=web&q[][branch]=main&q[][latest]=true&mainBranch=true&latest=true&latestby=cvp',
    '/matrix?q[][pacticipant]=web&q[][version]=3&environment=live&latestby=cvpv',
  ];
  for (const question of questions) expect((await ask(on, `GET ${question}`)).status).toBe(200);
}

async function wholeOnSqlite(
  issued: readonly Issued[],
  dataDir: string,
): Promise<readonly string[]> {
  const db = openSqlite(dataDir);
  try {
    const found: string[] = [];
    for (const { text, values } of issued) {
      const { rows } = await db.executeQuery<{ detail: string }>({
        ...db.selectFrom('versions').select('id').compile(),
        sql: `explain query plan ${text}`,
        parameters: values,
      });
      for (const { detail } of rows)
        if (scansGrowing(detail, text)) found.push(`${detail}: ${text}`);
    }
    return found;
  } finally {
    await db.destroy();
  }
}

/** `SCAN pp`, also of a whole index, and an index made for one query; what is read goes by its name in the query. */
function scansGrowing(detail: string, text: string): boolean {
  const scanned = /^(?:SCAN (\w+)|SEARCH (\w+) USING AUTOMATIC)/.exec(detail)?.slice(1).join('');
  if (scanned === undefined) return false;
  const table = new RegExp(`"(\\w+)" as "${scanned}"`).exec(text)?.[1] ?? scanned;
  return GROWING.includes(table);
}

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Plans?: readonly PlanNode[];
}

/** With so few rows PostgreSQL reads tables whole unless it is told to avoid that where it can. */
async function wholeOnPostgresql(
  issued: readonly Issued[],
  connectionString: string,
): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query('set enable_seqscan = off');
    const found: string[] = [];
    for (const { text, values } of issued) {
      const { rows } = await client.query(`explain (format json) ${text}`, [...values]);
      const nodes = flat(rows[0]['QUERY PLAN'][0].Plan);
      for (const node of nodes.filter(readsWhole)) {
        found.push(`${node['Node Type']} on ${node['Relation Name']}: ${text}`);
      }
    }
    return found;
  } finally {
    await client.end();
  }
}

function flat(node: PlanNode): readonly PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(flat)];
}

function readsWhole(node: PlanNode): boolean {
  if (!GROWING.includes(node['Relation Name'] ?? '')) return false;
  if (node['Node Type'] === 'Seq Scan') return true;
  return node['Node Type'].startsWith('Index') && node['Index Cond'] === undefined;
}
