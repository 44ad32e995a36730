import { type Database, openDatabase } from '@concordat/hub';

/** How much there is; a service has `providers` providers, and new content for each with every fifth version. */
export interface DataSize {
  readonly services: number;
  readonly versions: number;
}

const providers = 4;
const versionsOfContent = 5;
const time = "'2026-01-01T00:00:00.000Z'";
const environments = ['test', 'staging', 'production'];

export const serviceName = (service: number): string => `service-${service}`;
export const versionNumber = (version: number): string => `1.${version}.0`;

/** The `nth` (from 0) provider of a service; both count from 1. */
export function providerOf(service: number, nth: number, { services }: DataSize): number {
  return ((service - 1 + 1 + nth * 7 + ((service - 1) % 3)) % services) + 1;
}

/**
 * Fills an empty database the way years of builds would, as far as the hub reads it for decisions: main and feature branches, tags named like them, twelve or thirteen provider
 * versions that verified each content (one of seventeen without success), everything deployed to three environments every fifth
 * version, a third of the services released too. One transaction, each table by one statement from a row of numbers.
 */
export async function fillDatabase(
  size: DataSize,
  place: { readonly dataDir: string; readonly databaseUrl: string | undefined },
): Promise<object> {
  const db = await openDatabase(place);
  try {
    await db.transaction().execute(async (tx) => {
      for (const statement of statements(size)) await run(tx, statement);
      if (place.databaseUrl !== undefined) {
        for (const table of counted) await run(tx, nextId(table));
      }
    });
    if (place.databaseUrl !== undefined) await run(db, 'analyze');
    return await countAll(db);
  } finally {
    await db.destroy();
  }
}

const counted = [
  'pacticipants',
  'environments',
  'versions',
  'branches',
  'branch_versions',
  'integrations',
  'pact_versions',
  'pact_publications',
  'verifications',
  'deployed_versions',
  'released_versions',
];

/** Ids were given by us; PostgreSQL goes on counting after them. */
function nextId(table: string): string {
  return `select setval(pg_get_serial_sequence('${table}', 'id'), (select max(id) from ${table}))`;
}

/** In all of them `s` is a service, `v` a version, `k` the place of a provider and `e` of a content, all but `s` and `v` from 0. */
function statements({ services, versions }: DataSize): readonly string[] {
  const contents = Math.ceil(versions / versionsOfContent);
  const pairs = services * providers;
  const from = (name: string, first: number, last: number): string =>
    `${name}(${name}) as (select ${first} union all select ${name} + 1 from ${name} where ${name} < ${last})`;
  const s = from('s', 1, services);
  const v = from('v', 1, versions);
  const k = from('k', 0, providers - 1);
  const e = from('e', 0, contents - 1);
  const j = from('j', 0, 12);
  const provider = `((s - 1 + 1 + k * 7 + (s - 1) % 3) % ${services} + 1)`;
  const branch = "(case when v % 7 = 0 then 'feat/x' || v else 'main' end)";
  const branchId = `(case when v % 7 = 0 then ${services} * (v / 7) + s else s end)`;
  const versionId = (version: string, service: string): string =>
    `((${version} - 1) * ${services} + ${service})`;
  const pair = `(k * ${services} + s)`;
  const content = `(e * ${pairs} + ${pair})`;
  const verified = `(case when e * ${versionsOfContent} + 13 > ${versions} then ${versions} - 13 else e * ${versionsOfContent} end + 1 + j)`;
  const lastMain = versions % 7 === 0 ? versions - 1 : versions;
  return [
    ...environments.map((name, index) => environment(name, index + 1)),
    `insert into pacticipants (id, name, main_branch, created_at, updated_at)
     with recursive ${s} select s, 'service-' || s, 'main', ${time}, ${time} from s`,
    `insert into versions (id, pacticipant_id, number, created_at, updated_at)
     with recursive ${s}, ${v} select ${versionId('v', 's')}, s, '1.' || v || '.0', ${time}, ${time} from v cross join s`,
    `insert into branches (id, pacticipant_id, name, head_version_id, created_at)
     with recursive ${s} select s, s, 'main', ${versionId(String(lastMain), 's')}, ${time} from s`,
    `insert into branches (id, pacticipant_id, name, head_version_id, created_at)
     with recursive ${s}, ${v} select ${branchId}, s, ${branch}, ${versionId('v', 's')}, ${time} from v cross join s where v % 7 = 0`,
    `insert into branch_versions (id, branch_id, version_id, auto_created, created_at, updated_at)
     with recursive ${s}, ${v} select ${versionId('v', 's')}, ${branchId}, ${versionId('v', 's')}, 0, ${time}, ${time} from v cross join s`,
    `insert into tags (version_id, pacticipant_id, name, created_at, updated_at)
     with recursive ${s}, ${v} select ${versionId('v', 's')}, s, ${branch}, ${time}, ${time} from v cross join s`,
    `insert into integrations (id, consumer_id, provider_id, created_at, contract_data_updated_at)
     with recursive ${s}, ${k} select ${pair}, s, ${provider}, ${time}, ${time} from k cross join s`,
    `insert into pact_versions (id, consumer_id, provider_id, sha, created_at, content)
     with recursive ${s}, ${k}, ${e} select ${content}, s, ${provider}, ${sha(content)}, ${time}, ${pactText(provider)} from e cross join k cross join s`,
    'insert into described_contents (pact_version_id) select id from pact_versions',
    `insert into pact_publications (id, consumer_version_id, consumer_id, provider_id, pact_version_id, revision_number, is_current, created_at)
     with recursive ${s}, ${v}, ${k} select ((v - 1) * ${pairs} + ${pair}), ${versionId('v', 's')}, s, ${provider}, ((v - 1) / ${versionsOfContent}) * ${pairs} + ${pair}, 1, 1, ${time} from v cross join k cross join s`,
    `insert into verifications (pact_version_id, consumer_id, provider_id, provider_version_id, success, is_wip, is_latest, created_at)
     with recursive ${s}, ${k}, ${e}, ${j} select ${content}, s, ${provider}, ${versionId(verified, provider)}, case when (s + k + e + j) % 17 = 0 then 0 else 1 end, 0, 1, ${time} from e cross join j cross join k cross join s where j < 12 or (s + e) % 2 = 0`,
    ...environments.map((_, index) => deployments(index + 1, { s, v, services, versions })),
    `insert into released_versions (uuid, version_id, pacticipant_id, environment_id, created_at, updated_at)
     with recursive ${s} select 'released-' || s, ${versionId(String(versions - 10), 's')}, s, 3, ${time}, ${time} from s where s % 3 = 0`,
  ];
}

function environment(name: string, id: number): string {
  const production = name === 'production' ? 1 : 0;
  return `insert into environments (id, uuid, name, display_name, production, is_preset, created_at, updated_at)
     values (${id}, 'environment-${id}', '${name}', '${name}', ${production}, 0, ${time}, ${time})`;
}

/** Every fifth version was there once; the newest of them still is. */
function deployments(
  id: number,
  data: DataSize & { readonly s: string; readonly v: string },
): string {
  const { s, v, services, versions } = data;
  const current = Math.floor((versions - 1) / 5) * 5 - 5 * (id - 1);
  return `insert into deployed_versions (uuid, version_id, pacticipant_id, environment_id, application_instance, created_at, updated_at, undeployed_at)
     with recursive ${s}, ${v} select 'deployed-${id}-' || v || '-' || s, (v - 1) * ${services} + s, s, ${id}, '', ${time}, ${time}, case when v = ${current} then null else ${time} end from v cross join s where v % 5 = 0 and v <= ${current}`;
}

/** Forty hexadecimal digits that differ. */
function sha(content: string): string {
  return `'c0ffee000000000000000000' || (1000000000000000 + ${content})`;
}

function pactText(provider: string): string {
  const interactions = Array.from({ length: 4 }, (_, index) => ({
    description: `request ${index}`,
    request: { method: 'GET', path: `/things/${index}` },
    response: { status: 200, body: { id: index, name: `thing ${index}` } },
  }));
  const rest = JSON.stringify({
    interactions,
    metadata: { pactSpecification: { version: '3.0.0' } },
  }).slice(1);
  return `'{"consumer":{"name":"service-' || s || '"},"provider":{"name":"service-' || ${provider} || '"},${rest}'`;
}

async function countAll(db: Database): Promise<object> {
  const counts: Record<string, number> = {};
  for (const table of ['pacticipants', 'versions', 'pact_publications', 'verifications']) {
    const [row] = await run(db, `select count(*) as n from ${table}`);
    counts[table] = Number(row?.n);
  }
  return counts;
}

async function run(db: Database, text: string): Promise<readonly { readonly n?: unknown }[]> {
  const compiled = db.selectFrom('versions').select('id').compile();
  const { rows } = await db.executeQuery<{ n?: unknown }>({ ...compiled, sql: text });
  return rows;
}
