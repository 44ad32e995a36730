// Runs on the PostgreSQL of CONCORDAT_TEST_DATABASE_URL too.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  documentDefectSchema,
  providerContractSchema,
  providerContractsSchema,
} from '@concordat/api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { relationalDatabases, startHubOn } from './relational-databases.ts';
import type { TestHub } from './start-hub.ts';

const contracts = join(import.meta.dirname, '../../contracts');

describe.each(relationalDatabases)('provider contracts on %s', (database) => {
  let hub: TestHub;

  beforeAll(async () => {
    hub = await startHubOn(database);
  });

  afterAll(() => hub.close());

  const url = (path: string): string => `${hub.url}/contracts/provider${path}`;

  function put(path: string, body: string | Uint8Array, type = 'application/yaml') {
    return fetch(url(path), { method: 'PUT', body, headers: { 'content-type': type } });
  }

  function openapi(title: string): string {
    return `# kept as sent: ä\r\nopenapi: 3.1.0\ninfo: {title: ${title}, version: "7"}\npaths:\n  /a/{id}: {parameters: [{name: id, in: path}], get: {}}\n`;
  }

  const asyncapi =
    '{"asyncapi":"3.0.0","info":{"title":"E","version":"1.0e1"},"channels":{"c":{"address":"order.placed"}},' +
    '"operations":{"o":{"action":"send","channel":{"$ref":"#/channels/c"}}}}';

  test('a new document is 201 with its place, the same bytes again are 200', async () => {
    const first = await put('/new/version/1?branch=main', openapi('New'));
    expect(first.status).toBe(201);
    expect(first.headers.get('location')).toBe(url('/new/version/1?specification=openapi'));
    const body = await first.json();
    expect(body).toMatchObject({
      provider: 'new',
      version: '1',
      specification: 'openapi',
      specificationVersion: '3.1.0',
      title: 'New',
      documentVersion: '7',
      contentType: 'application/yaml',
      operations: 1,
      operationKeys: ['GET /a/{id}'],
      externalReferences: [],
    });
    const again = await put('/new/version/1?branch=main', openapi('New'));
    expect(again.status).toBe(200);
    expect(await again.json()).toEqual(body);
  });

  test('publishing makes the pacticipant, its version and its branch', async () => {
    await put('/fresh/version/9?branch=feat%2Fx', openapi('Fresh'));
    const accept = { headers: { accept: 'application/hal+json' } };
    const version = await fetch(`${hub.url}/pacticipants/fresh/versions/9`, accept);
    expect(version.status).toBe(200);
    const inBranch = `${hub.url}/pacticipants/fresh/branches/feat%2Fx/versions/9`;
    expect((await fetch(inBranch, accept)).status).toBe(200);
  });

  test('a document is answered byte for byte with its content type and ETag', async () => {
    const type = 'application/vnd.oai.openapi+yaml;version=3.1';
    const sent = Buffer.from(`\uFEFF${openapi('Bytes')}`);
    expect((await put('/bytes/version/1', sent, type)).status).toBe(201);
    const answer = await fetch(url('/bytes/version/1'));
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(sent);
    expect(answer.headers.get('content-type')).toBe(type);
    const etag = `"${createHash('sha256').update(sent).digest('hex')}"`;
    expect(answer.headers.get('etag')).toBe(etag);
    const known = await fetch(url('/bytes/version/1'), { headers: { 'if-none-match': etag } });
    expect([known.status, await known.text()]).toEqual([304, '']);
  });

  test('other content for the same version and specification is a 409, and the first stays', async () => {
    await put('/conflict/version/1', openapi('First'));
    const other = await put('/conflict/version/1', openapi('Second'));
    expect(other.status).toBe(409);
    expect(other.headers.get('content-type')).toContain('application/problem+json');
    expect(await other.json()).toMatchObject({
      title: 'Conflict',
      detail: expect.stringContaining('publish the changed document under a new version'),
    });
    expect(await (await fetch(url('/conflict/version/1'))).text()).toBe(openapi('First'));
    expect((await put('/conflict/version/2', openapi('Second'))).status).toBe(201);
  });

  test('of two contents published side by side exactly one is taken', async () => {
    const answers = await Promise.all(
      ['A', 'B', 'C', 'D'].map((title) => put('/race/version/1', openapi(title))),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
  });

  test('the same content is kept once for all versions that publish it', async () => {
    const first = await put('/same/version/1', openapi('Same'));
    const second = await put('/same/version/2', openapi('Same'), 'text/yaml');
    expect([first.status, second.status]).toEqual([201, 201]);
    const answer = await fetch(url('/same/version/2'));
    expect([answer.headers.get('content-type'), await answer.text()]).toEqual([
      'text/yaml',
      openapi('Same'),
    ]);
  });

  test('one version may have a document of each specification, chosen by query or Accept', async () => {
    await put('/both/version/1', openapi('Routes'));
    expect((await put('/both/version/1', asyncapi, 'application/json')).status).toBe(201);
    const undecided = await fetch(url('/both/version/1'));
    expect(undecided.status).toBe(300);
    const { contracts: choices } = choicesSchema.parse(await undecided.json());
    expect(choices.map((one) => one.specification)).toEqual(['openapi', 'asyncapi']);
    const [, events] = choices;
    expect(await (await fetch(events?._links.document.href ?? '')).text()).toBe(asyncapi);
    const accept = 'application/vnd.aai.asyncapi+json, */*;q=0.1';
    const chosen = await fetch(url('/both/version/1'), { headers: { accept } });
    expect(await chosen.text()).toBe(asyncapi);
  });

  test('a provider is listed newest first and paged, all providers with their newest documents', async () => {
    for (const version of ['1', '2', '3'])
      await put(`/listed/version/${version}`, openapi('Listed'));
    const second = await fetch(url('/listed?pageNumber=2&pageSize=2'));
    expect(await second.json()).toMatchObject({
      contracts: [{ version: '1', title: 'Listed', operations: 1 }],
      page: { number: 2, size: 2, totalElements: 3, totalPages: 2 },
    });
    const all = providerContractsSchema.parse(await (await fetch(url(''))).json());
    const own = all.contracts.filter((one) => one.provider === 'listed');
    expect(own).toMatchObject([{ version: '3', specification: 'openapi' }]);
  });

  test('a refused document leaves no trace, not even its version', async () => {
    const broken = 'openapi: 3.0.0\ninfo:\n  title: 5\npaths:\n  /a/{id}:\n    get: {}\n';
    const refused = await put('/nobody/version/1', broken);
    expect(refused.status).toBe(400);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(await refused.json()).toMatchObject({
      type: expect.stringMatching(/\/problems\/invalid-document$/),
      status: 400,
      detail: 'The document has 4 defects; nothing was stored.',
      errors: [
        { pointer: '/info/version', line: 2, column: 1 },
        { pointer: '/info/title', line: 3, column: 3 },
        { pointer: '/paths/~1a~1{id}/get', line: 6, column: 5 },
        { pointer: '/paths/~1a~1{id}/get', line: 6, column: 5 },
      ],
    });
    const accept = { headers: { accept: 'application/hal+json' } };
    expect((await fetch(`${hub.url}/pacticipants/nobody`, accept)).status).toBe(404);
  });

  test.each([
    ['a body that is no document type', 'text/plain', 'x', 415],
    ['no content type', '', 'x', 415],
    ['an empty body', 'application/json', '', 400],
    ['broken YAML', 'text/yaml', 'a: [', 400],
    ['bytes that are not UTF-8', 'text/yaml', Uint8Array.of(0xff, 0xfe), 400],
    ['ten mebibytes and one byte', 'text/yaml', `#${' '.repeat(10 * 1024 * 1024)}`, 413],
    ['YAML nested beyond reading', 'text/yaml', '['.repeat(50_000), 400],
  ])('%s is refused with a clear status', async (...[, type, body, status]) => {
    const answer = await put('/bad/version/1', body, type);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await problemOf(answer)).toMatchObject({ status, detail: expect.stringMatching(/./) });
    expect((await fetch(`${hub.url}/live`)).status).toBe(200);
  });

  test.each([
    ['an unknown provider', '/unknown/version/1', 404],
    ['a list of an unknown provider', '/unknown', 404],
    ['a specification that does not exist', '/new/version/1?specification=wsdl', 400],
    ['a specification the version has not', '/new/version/1?specification=asyncapi', 404],
    ['a page that makes no sense', '/new?pageNumber=0', 400],
    ['a parameter that stands twice', '/new?pageSize[]=1&pageSize[]=2', 400],
  ])('%s is refused with a clear status', async (_, path, status) => {
    const answer = await fetch(url(path));
    expect([answer.status, (await problemOf(answer)).status]).toEqual([status, status]);
  });

  test.each(['openapi', 'asyncapi'])(
    "the shop's orders publish their %s document",
    async (kind) => {
      const document = readFileSync(join(contracts, kind, 'orders.yaml'));
      const answer = await put('/orders/version/2.3.0?branch=main', document);
      expect(answer.status).toBe(201);
      expect(providerContractSchema.parse(await answer.json()).operationKeys).not.toEqual([]);
    },
  );
});

const choicesSchema = z.object({ contracts: z.array(providerContractSchema) });

const problemSchema = z.object({
  status: z.number(),
  title: z.string(),
  detail: z.string(),
  errors: z.array(documentDefectSchema).optional(),
});

async function problemOf(answer: Response): Promise<z.infer<typeof problemSchema>> {
  return problemSchema.parse(await answer.json());
}
