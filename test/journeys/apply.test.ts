import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ask } from '../acceptance/publishing.ts';
import { startTestHub, type TestHub } from '../acceptance/start-hub.ts';
import { concordatInside, type Ended } from './concordat.ts';

const TOKEN = 'a-secret-that-nobody-guesses-0123456789';
const PASSWORD = 'p4ss"word';
let folder: string;
let hub: TestHub;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'concordat-apply-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

beforeEach(async () => {
  hub = await startTestHub({ env: { CONCORDAT_TOKENS: 'admin=rules' } });
});

afterEach(() => hub.close());

async function apply(yaml: string, ...args: string[]): Promise<Ended> {
  await writeFile(join(folder, 'hub.yaml'), yaml);
  return concordatInside(['apply', 'hub.yaml', ...args], {
    cwd: folder,
    env: {
      PACT_BROKER_BASE_URL: hub.url,
      PACT_BROKER_TOKEN: 'rules',
      CI_TOKEN: TOKEN,
      CI_PASSWORD: PASSWORD,
    },
  });
}

const read = async (path: string) =>
  (
    await ask(hub, `GET ${path}`, {
      headers: { authorization: 'Bearer rules', accept: 'application/hal+json, application/json' },
    })
  ).body;

const yaml = `
environments:
  - name: production
    production: true
    displayName: Production
    contacts: [{ name: ops, details: { email: ops@example.org } }]
  - name: uat
pacticipants:
  - name: shop
    mainBranch: main
    repositoryUrl: https://git.example/shop
    labels: [core, team-a]
webhooks:
  - description: verify the shop
    provider: shop
    events: [contract_requiring_verification_published]
    request:
      url: https://ci.example/build
      headers: { Authorization: 'Bearer \${env:CI_TOKEN}', X-Kind: pact }
      body: { ref: '\${pactbroker.providerVersionBranch}' }
      username: ci
      password: \${env:CI_PASSWORD}
tokens:
  - description: ci
    role: publish
    secret: \${env:CI_TOKEN}
    expiresAt: 2099-01-01
`;

describe('concordat apply', () => {
  test('brings a hub to what a file says, and then has nothing to do', async () => {
    const plan = await apply(yaml, '--dry-run');
    expect(plan.stdout).toContain('+ environment production\n');
    expect(plan.stdout).toContain('    repositoryUrl: "https://git.example/shop"\n');
    expect(plan.stdout).toContain('5 to create, 0 to update, 0 to delete, 0 unchanged.');
    expect(plan.code).toBe(1);
    expect((await read('/environments'))._embedded.environments).toEqual([]);

    const applied = await apply(yaml);
    expect(applied.stderr).toBe('');
    expect(applied.stdout).toContain('✓ The hub is as the file says.');
    expect(applied.code).toBe(0);
    for (const { stdout } of [plan, applied]) {
      expect(stdout).not.toContain(TOKEN);
      expect(stdout).not.toContain('p4ss');
    }
    expect(await read('/pacticipants/shop')).toMatchObject({
      mainBranch: 'main',
      _embedded: { labels: [{ name: 'core' }, { name: 'team-a' }] },
    });
    const { _links } = await read('/webhooks');
    const [{ href }] = _links['pb:webhooks'];
    expect(await read(href.slice(hub.url.length))).toMatchObject({
      provider: { name: 'shop' },
      request: { method: 'POST', username: 'ci', password: '**********' },
      events: [{ name: 'contract_requiring_verification_published' }],
    });
    const publishing = await ask(hub, 'PUT /pacticipants/shop/versions/1/tags/a', {
      json: {},
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    expect(publishing.status).toBe(201);

    const again = await apply(yaml, '--dry-run');
    expect(again.stdout).toContain('0 to create, 0 to update, 0 to delete, 5 unchanged.');
    expect(again.stdout).toContain(
      '    request.password, request.headers.authorization: written again\n',
    );
    expect(again.code).toBe(0);
    expect((await apply(yaml)).code).toBe(0);
    expect((await read('/webhooks'))._links['pb:webhooks']).toHaveLength(1);
  });

  test('shows what differs as a diff, and takes away only what it is asked to', async () => {
    await apply(yaml);
    const changed = `
environments: [{ name: production, production: true, displayName: Live }]
pacticipants: [{ name: shop, mainBranch: trunk, repositoryUrl: null, labels: [core, new] }]
webhooks:
  - description: verify the shop
    consumer: { label: core }
    enabled: false
    request: { url: https://ci.example/other }
tokens: [{ description: ci, role: read }]
`;
    const plan = await apply(changed, '--dry-run', '--prune');
    expect(plan.stdout).toBe(
      `~ environment production
    displayName: "Production" → "Live"
- environment uat
~ pacticipant shop
    mainBranch: "main" → "trunk"
    repositoryUrl: "https://git.example/shop" → nothing
    labels: ["core","team-a"] → ["core","new"]
~ webhook verify the shop
    enabled: true → false
    provider: {"name":"shop"} → nothing
    events: ["contract_requiring_verification_published"] → ["contract_content_changed"]
    request.url: "https://ci.example/build" → "https://ci.example/other"
    request.body: {"ref":"\${pactbroker.providerVersionBranch}"} → nothing
    request.username: "ci" → nothing
    request.password: "**********" → nothing
    request.headers.authorization: "**********" → nothing
    request.headers.x-kind: "pact" → nothing
    consumer: nothing → {"label":"core"}
~ token ci
    role: "publish" → "read"
    expiresAt: "2099-01-01T00:00:00.000Z" → nothing
0 to create, 4 to update, 1 to delete, 0 unchanged.
`,
    );
    expect((await apply(changed)).stdout).not.toContain('- environment');
    expect((await read('/environments'))._embedded.environments).toHaveLength(2);
    const pruned = await apply('tokens: []\nenvironments: [{ name: uat }]\n', '--prune');
    expect(pruned.stdout).toContain('- token ci\n');
    expect(pruned.stdout).toContain('- environment production\n');
    expect((await read('/tokens')).tokens).toEqual([]);
    expect((await read('/pacticipants/shop')).mainBranch).toBe('trunk');
    expect((await read('/webhooks'))._links['pb:webhooks']).toHaveLength(1);
    expect((await apply('webhooks: []\n', '--prune')).stdout).toContain(
      '- webhook verify the shop',
    );
    expect((await read('/webhooks'))._links['pb:webhooks']).toHaveLength(0);
  });

  test('shows the secret of a token that the hub made, once', async () => {
    const file = 'tokens: [{ description: made, role: admin }]\n';
    const made = await apply(file, '--json');
    const { tokens, changes } = JSON.parse(made.stdout);
    expect(changes).toEqual([
      { action: 'create', kind: 'token', name: 'made', details: ['role: "admin"'] },
    ]);
    expect(tokens).toEqual([{ name: 'made', secret: expect.stringMatching(/^concordat_/) }]);
    expect(JSON.parse((await apply(file, '--json')).stdout).tokens).toEqual([]);
    const other = await apply('tokens: [{ description: other, role: read }]\n');
    expect(other.stdout).toMatch(/token 'other', not shown again: concordat_\S+\n/);
  });

  test('reports every defect with its line, and changes nothing', async () => {
    const ended = await apply(`environments:
  - name: has space
    colour: red
  - production: maybe
pacticipants:
  - name: a
  - name: a
webhooks:
  - description: w
    request: { url: 'x', password: '\${env:NOT_SET}' }
tokens:
  - { description: t, role: owner }
extra: 1
`);
    expect(ended.stderr.split('\n').slice(1, -1)).toEqual([
      expect.stringMatching(/^ {2}hub\.yaml:2: environments\[0\]\.name: must not contain spaces$/),
      expect.stringMatching(/^ {2}hub\.yaml:3: environments\[0\]\.colour is not known here$/),
      expect.stringMatching(/^ {2}hub\.yaml:4: environments\[1\]\.name: /),
      expect.stringMatching(/^ {2}hub\.yaml:4: environments\[1\]\.production: /),
      expect.stringMatching(/^ {2}hub\.yaml:10: the variable NOT_SET is not set$/),
      expect.stringMatching(/^ {2}hub\.yaml:12: tokens\[0\]\.role: /),
      expect.stringMatching(/^ {2}hub\.yaml:13: extra is not known here$/),
    ]);
    expect(ended.code).toBe(2);
    expect((await read('/pacticipants'))._embedded.pacticipants).toEqual([]);
    const twice = await apply('pacticipants:\n  - name: a\n  - name: a\n');
    expect(twice.stderr).toContain("hub.yaml:3: pacticipants[1]: 'a' stands here twice");
    expect((await apply('environments: [\n')).stderr).toMatch(/hub\.yaml:\d: /);
    expect((await apply('- a list\n')).stderr).toContain('hub.yaml:1: the file: ');
    const missing = await concordatInside(['apply', 'none.yaml'], { cwd: folder });
    expect(missing.stderr).toContain('none.yaml cannot be read.');
  });

  test('says how far it came when the hub refuses, and goes on the next time', async () => {
    const file = (provider: string) => `
pacticipants: [{ name: shop }]
webhooks:
  - { description: w, provider: ${provider}, request: { url: 'https://\${env:CI_TOKEN}.example/' } }
`;
    const failed = await apply(file('nobody'));
    expect(failed.stderr).toContain("webhook 'w': the hub answered 400: provider.name: does not");
    expect(failed.stderr).toContain('1 of 2 are done');
    expect(failed.stdout + failed.stderr).not.toContain(TOKEN);
    expect(failed.code).toBe(2);
    expect((await apply(file('shop'))).code).toBe(0);
    const headers = { authorization: 'Bearer rules' };
    const json = { description: 'w', request: { method: 'POST', url: 'https://b.example' } };
    await ask(hub, 'PUT /webhooks/aaaabbbbccccdddd2222', { json, headers });
    const ambiguous = await apply(file('shop'));
    expect(ambiguous.stderr).toContain("The hub has 2 webhooks described as 'w': give the uuid");
  });
});
