import type { TransferRecordOf } from '@concordat/api';
import { REDACTED, redactHeaders } from '@concordat/domain';
import { given } from './export-record.ts';
import type { ExportStore } from './export-store.ts';

type Row = Awaited<ReturnType<ExportStore['webhooks']>>[number];

/** A webhook; without secrets what carries credentials is left out and named in `redacted`. */
export function webhookRecord(
  row: Row,
  context: { readonly named: (pacticipantId: number) => string; readonly withSecrets: boolean },
): TransferRecordOf<'webhook'> {
  const { named, withSecrets } = context;
  const headers = JSON.parse(row.headers) as Readonly<Record<string, string>>;
  const secrets = secretsOf(row, headers);
  return {
    type: 'webhook',
    uuid: row.uuid,
    ...given('description', row.description),
    ...given('consumer', row.consumer_id === null ? null : named(row.consumer_id)),
    ...given('consumerLabel', row.consumer_label),
    ...given('provider', row.provider_id === null ? null : named(row.provider_id)),
    ...given('providerLabel', row.provider_label),
    consumerBranches: JSON.parse(row.consumer_branches) as string[],
    consumerTags: JSON.parse(row.consumer_tags) as string[],
    enabled: row.enabled === 1,
    events: JSON.parse(row.events) as string[],
    method: row.method,
    url: row.url,
    headers: withSecrets ? headers : openHeaders(headers),
    ...given('body', row.body),
    ...given('username', row.username),
    ...(withSecrets ? given('password', row.password) : {}),
    ...(withSecrets ? given('signingSecret', row.signing_secret) : {}),
    redacted: withSecrets ? [] : secrets,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function secretsOf(row: Row, headers: Readonly<Record<string, string>>): string[] {
  const hidden = Object.entries(redactHeaders(headers)).filter(([, value]) => value === REDACTED);
  return [
    ...(row.password === null ? [] : ['password']),
    ...(row.signing_secret === null ? [] : ['signingSecret']),
    ...hidden.map(([name]) => `headers.${name}`),
  ];
}

function openHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(redactHeaders(headers)).filter(([, value]) => value !== REDACTED),
  );
}
