import { halTimestamp, pathTo } from '../http/hal.ts';
import type { DashboardRow, DashboardVerification } from './dashboard-store.ts';

export type VerificationStatus = 'never' | 'success' | 'failed' | 'failed_pending';

/** What the broker's dashboard page shows of one pact. */
export function dashboardItem(row: DashboardRow, baseUrl: string): object {
  const { consumer, provider, verification } = row;
  const pair = pathTo('provider', provider, 'consumer', consumer);
  const href = (...segments: readonly string[]) => ({
    self: { href: `${baseUrl}${pathTo(...segments)}` },
  });
  return {
    consumer: {
      name: consumer,
      version: {
        number: row.version,
        branch: row.branch ?? null,
        headBranchNames: row.headBranches,
        _links: href('pacticipants', consumer, 'versions', row.version),
      },
      _links: href('pacticipants', consumer),
    },
    provider: {
      name: provider,
      version: verification === undefined ? null : { number: verification.providerVersion },
      _links: href('pacticipants', provider),
    },
    pact: {
      createdAt: halTimestamp(row.publishedAt),
      _links: { self: { href: `${baseUrl}/pacts${pair}${pathTo('version', row.version)}` } },
    },
    pactTags: row.headTags.map((name) => ({ name, latest: true })),
    latestVerificationResult:
      verification === undefined ? null : result(row, { verification, baseUrl }),
    latestVerificationResultTags: (verification?.tags ?? []).map((name) => ({ name })),
    verificationStatus: statusOf(row),
    webhookStatus: row.webhook?.status ?? 'none',
    latestWebhookExecution:
      row.webhook === undefined ? null : { triggeredAt: halTimestamp(row.webhook.triggeredAt) },
    _links: {
      'pb:webhook-status': {
        title: `Status of webhooks for the pact between ${consumer} and ${provider}`,
        href: `${baseUrl}/pacts${pair}/webhooks/status`,
      },
    },
  };
}

function result(
  { consumer, provider, sha }: DashboardRow,
  {
    verification,
    baseUrl,
  }: { readonly verification: DashboardVerification; readonly baseUrl: string },
): object {
  const content = pathTo('pacts', 'provider', provider, 'consumer', consumer, 'pact-version', sha);
  return {
    success: verification.success,
    verifiedAt: halTimestamp(verification.verifiedAt),
    _links: {
      self: { href: `${baseUrl}${content}/verification-results/${verification.number}` },
    },
  };
}

function statusOf({ verification }: DashboardRow): VerificationStatus {
  if (verification === undefined) return 'never';
  if (verification.success) return 'success';
  return verification.isPendingFailure ? 'failed_pending' : 'failed';
}

const HEADINGS = [
  'CONSUMER_NAME',
  'C_VERSION',
  'C_TAGS',
  'PROVIDER_NAME',
  'P_VERSION',
  'P_TAGS',
  'SUCCESS',
];

/** The same as a table for a terminal. */
export function dashboardText(rows: readonly DashboardRow[]): string {
  const lines = [
    HEADINGS,
    ...rows.map((row) => [
      row.consumer,
      row.version,
      row.headTags.join(', '),
      row.provider,
      row.verification?.providerVersion ?? '',
      (row.verification?.tags ?? []).join(', '),
      statusOf(row),
    ]),
  ];
  const widths = HEADINGS.map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  const [head = '', ...body] = lines.map((line) =>
    line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | '),
  );
  const rule = widths.map((width) => '-'.repeat(width)).join('-|-');
  return `${[head, rule, ...body].join('\n')}\n`;
}
