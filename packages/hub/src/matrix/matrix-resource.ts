import { describeReason, type JudgedRow, noticeType } from '@concordat/domain';
import { halTimestamp, pathTo } from '../http/hal.ts';
import type { MatrixAnswer } from './answer-question.ts';
import { type EnvironmentRow, NO_DETAILS, type VersionDetails } from './version-details-store.ts';

/** What is needed to show an answer. */
export interface MatrixView {
  readonly answer: MatrixAnswer;
  readonly details: ReadonlyMap<number, VersionDetails>;
  readonly baseUrl: string;
  readonly environmentSummary: (row: EnvironmentRow, baseUrl: string) => object;
}

/** The matrix as JSON; unlike in other resources what is not known is null. */
export function matrixResource(view: MatrixView): object {
  const { verdict, rows, hasIgnored } = view.answer;
  const reasons = verdict.reasons.map((reason) => ({
    type: noticeType(reason),
    text: describeReason(reason),
  }));
  const shown = versionCache(view);
  return {
    summary: {
      deployable: verdict.deployable,
      reason: reasons.map(({ text }) => text).join('\n'),
      success: verdict.success,
      failed: verdict.failed,
      unknown: verdict.unknown,
      ...(hasIgnored ? { ignored: verdict.ignored } : {}),
    },
    notices: reasons,
    matrix: rows.map((row) => rowResource(row, view, shown)),
  };
}

/** One aligned line a row, then the verdict. */
export function matrixText({ verdict, rows }: MatrixAnswer): string {
  const header = [
    'CONSUMER',
    'C_VERSION',
    'REVISION',
    'PROVIDER',
    'P_VERSION',
    'NUMBER',
    'SUCCESS',
  ];
  const lines = rows.map((row) => [
    row.consumer.name,
    row.consumerVersion.number,
    String(row.revision),
    row.provider.name,
    row.providerVersion?.number ?? '',
    String(row.verification?.number ?? ''),
    String(row.verification?.success ?? ''),
  ]);
  const widths = header.map((title, column) =>
    Math.max(title.length, ...lines.map((line) => line[column]?.length ?? 0)),
  );
  const table = [
    aligned(header, widths),
    widths.map((width, column) => '-'.repeat(column === 0 ? width + 1 : width + 2)).join('|'),
    ...lines.map((line) => aligned(line, widths)),
  ];
  const deployable = verdict.deployable ?? 'nil';
  const reason = verdict.reasons.map(describeReason).join('\n');
  return `${table.join('\n')}\n\nDeployable: ${deployable}\nReason: ${reason}\n`;
}

function aligned(cells: readonly string[], widths: readonly number[]): string {
  return cells
    .map((cell, column) => cell.padEnd(widths[column] ?? 0))
    .join(' | ')
    .trimEnd();
}

function rowResource(
  row: JudgedRow,
  { baseUrl }: MatrixView,
  shown: (pacticipant: string, version: JudgedRow['consumerVersion']) => object,
): object {
  const pair = `${baseUrl}${pathTo('pacts', 'provider', row.provider.name, 'consumer', row.consumer.name)}`;
  const number = row.consumerVersion.number;
  return {
    consumer: {
      name: row.consumer.name,
      version: shown(row.consumer.name, row.consumerVersion),
      _links: { self: { href: `${baseUrl}${pathTo('pacticipants', row.consumer.name)}` } },
    },
    provider: {
      name: row.provider.name,
      version:
        row.providerVersion === undefined ? null : shown(row.provider.name, row.providerVersion),
      _links: { self: { href: `${baseUrl}${pathTo('pacticipants', row.provider.name)}` } },
    },
    pact: {
      createdAt: halTimestamp(row.publishedAt),
      _links: { self: { href: `${pair}${pathTo('version', number)}` } },
    },
    verificationResult: verificationResource(row, pair),
    ...(row.isIgnored ? { ignored: true } : {}),
  };
}

function verificationResource(row: JudgedRow, pair: string): object | null {
  const { verification, sha, consumerVersion } = row;
  if (verification === undefined) return null;
  const query = `cvn=${encodeURIComponent(consumerVersion.number)}`;
  const metadata = Buffer.from(query, 'utf8').toString('base64url');
  return {
    success: verification.success,
    verifiedAt: halTimestamp(verification.verifiedAt),
    _links: {
      self: {
        href: `${pair}/pact-version/${sha}/metadata/${metadata}/verification-results/${verification.number}`,
      },
    },
  };
}

/** A version stands in many rows; it is described once. */
function versionCache({ details, baseUrl, environmentSummary }: MatrixView) {
  const cache = new Map<number, object>();
  return (pacticipant: string, version: JudgedRow['consumerVersion']): object => {
    const known = cache.get(version.id);
    if (known !== undefined) return known;
    const { branches, tags, environments } = details.get(version.id) ?? NO_DETAILS;
    const owner = `${baseUrl}${pathTo('pacticipants', pacticipant)}`;
    const self = `${owner}${pathTo('versions', version.number)}`;
    const branchVersions = branches.map(({ name, isLatest }) => ({
      name,
      latest: isLatest,
      _links: {
        self: {
          title: 'Branch version',
          name,
          href: `${owner}${pathTo('branches', name, 'versions', version.number)}`,
        },
      },
    }));
    const resource = {
      number: version.number,
      branch: branches.at(-1)?.name ?? null,
      branches: branchVersions,
      branchVersions,
      environments: environments.map((row) => environmentSummary(row, baseUrl)),
      _links: { self: { href: self } },
      tags: tags.map(({ name, isLatest }) => ({
        name,
        latest: isLatest,
        _links: { self: { href: `${self}${pathTo('tags', name)}` } },
      })),
    };
    cache.set(version.id, resource);
    return resource;
  };
}
