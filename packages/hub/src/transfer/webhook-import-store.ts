import type { TransferRecordOf } from '@concordat/api';
import { differences } from './differences.ts';
import type { ImportScope, Numbered } from './import-scope.ts';
import { idOfPacticipant } from './version-import-store.ts';

type WebhookItem = Numbered<TransferRecordOf<'webhook'>>;
type Headers = Readonly<Record<string, string>>;

/** Writes a webhook, known by its uuid. Secrets that the file leaves out stay as the hub has them. */
export async function importWebhook(scope: ImportScope, item: WebhookItem): Promise<void> {
  const { record } = item;
  const sides = [record.consumer, record.provider].filter((name) => name !== undefined);
  await scope.known.findPacticipants(sides);
  const existing = await scope.tx
    .selectFrom('webhooks')
    .selectAll()
    .where('uuid', '=', record.uuid)
    .executeTakeFirst();
  const columns = {
    ...openColumns(scope, item),
    ...secretColumns(record, existing),
  };
  noteMissingSecrets(scope, record, columns);
  const times = { created_at: record.createdAt, updated_at: record.updatedAt };
  if (existing === undefined) {
    await scope.tx
      .insertInto('webhooks')
      .values({ uuid: record.uuid, ...columns, ...times })
      .execute();
    scope.count('webhook', 'created');
    return;
  }
  const differing = differences(existing, columns);
  if (differing === '') {
    scope.count('webhook', 'unchanged');
  } else if (scope.overwrites(item, `webhook ${record.uuid} has another ${differing}`)) {
    await scope.tx
      .updateTable('webhooks')
      .set({ ...columns, ...times })
      .where('id', '=', existing.id)
      .execute();
  }
}

/** What the file leaves out and the hub does not have has to be entered again. */
function noteMissingSecrets(
  scope: ImportScope,
  record: WebhookItem['record'],
  columns: ReturnType<typeof secretColumns>,
): void {
  const headers = JSON.parse(columns.headers) as Headers;
  const redacted = record.redacted.filter((name) => {
    if (name === 'password') return columns.password === null;
    if (name === 'signingSecret') return columns.signing_secret === null;
    return headers[name.slice('headers.'.length)] === undefined;
  });
  if (redacted.length === 0) return;
  const description = record.description ?? `${record.method} ${record.url}`;
  scope.webhooksWithoutSecrets.push({ uuid: record.uuid, description, redacted });
}

function openColumns(scope: ImportScope, item: WebhookItem) {
  const { record } = item;
  const idOf = (name: string | undefined): number | null =>
    name === undefined ? null : idOfPacticipant(scope, item, name);
  return {
    description: record.description ?? null,
    consumer_id: idOf(record.consumer),
    consumer_label: record.consumerLabel ?? null,
    provider_id: idOf(record.provider),
    provider_label: record.providerLabel ?? null,
    consumer_branches: JSON.stringify(record.consumerBranches),
    consumer_tags: JSON.stringify(record.consumerTags),
    enabled: record.enabled ? 1 : 0,
    events: JSON.stringify(record.events),
    method: record.method,
    url: record.url,
    body: record.body ?? null,
    username: record.username ?? null,
  };
}

function secretColumns(
  record: WebhookItem['record'],
  existing:
    | { readonly headers: string; password: string | null; signing_secret: string | null }
    | undefined,
) {
  const kept = existing === undefined ? {} : (JSON.parse(existing.headers) as Headers);
  const hidden = record.redacted.flatMap((name) =>
    name.startsWith('headers.') ? name.slice('headers.'.length) : [],
  );
  const headers = Object.fromEntries([
    ...Object.entries(kept).filter(([name]) => hidden.includes(name)),
    ...Object.entries(record.headers),
  ]);
  const hasAll = sameHeaders(kept, headers);
  return {
    headers: hasAll && existing !== undefined ? existing.headers : JSON.stringify(headers),
    password: record.redacted.includes('password')
      ? (existing?.password ?? null)
      : (record.password ?? null),
    signing_secret: record.redacted.includes('signingSecret')
      ? (existing?.signing_secret ?? null)
      : (record.signingSecret ?? null),
  };
}

/** Whatever their order. */
function sameHeaders(left: Headers, right: Headers): boolean {
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length && names.every((name) => left[name] === right[name])
  );
}
