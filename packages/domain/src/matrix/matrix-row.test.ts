import { expect, test } from 'vitest';
import {
  inMatrixOrder,
  keepLatest,
  type LatestBy,
  type MatrixRow,
  mostRecent,
} from './matrix-row.ts';

interface Short {
  readonly consumer?: string;
  readonly cv?: number;
  readonly revision?: number;
  readonly provider?: string;
  readonly pv?: number;
  readonly result?: number;
  readonly at?: string;
}

function aRow({
  consumer = 'A',
  cv = 1,
  revision = 1,
  provider = 'B',
  pv,
  result,
  at = '1',
}: Short): MatrixRow {
  return {
    consumer: { id: consumer.charCodeAt(0), name: consumer },
    consumerVersion: { id: cv, number: `c${cv}` },
    provider: { id: provider.charCodeAt(0), name: provider },
    providerVersion: pv === undefined ? undefined : { id: pv, number: `p${pv}` },
    sha: 's',
    revision,
    publishedAt: at,
    verification:
      result === undefined ? undefined : { number: result, success: true, verifiedAt: at },
  };
}

test('rows are ordered by consumer, its newest version, revision, provider, its newest version, newest result', () => {
  const ordered = [
    aRow({ cv: 2, revision: 2 }),
    aRow({ cv: 2, revision: 1, provider: 'B', pv: 9, result: 201 }),
    aRow({ cv: 2, revision: 1, provider: 'B', pv: 9, result: 200 }),
    aRow({ cv: 2, revision: 1, provider: 'B', pv: 8, result: 202 }),
    aRow({ cv: 2, revision: 1, provider: 'B' }),
    aRow({ cv: 2, revision: 1, provider: 'C' }),
    aRow({ cv: 1 }),
    aRow({ consumer: 'Z', cv: 5 }),
  ];
  expect(inMatrixOrder([...ordered].reverse())).toEqual(ordered);
});

test('a row without version or result comes after one with, whichever is first', () => {
  const verified = aRow({ pv: 9, result: 200 });
  const unverified = aRow({});
  expect(inMatrixOrder([verified, unverified])).toEqual([verified, unverified]);
  expect(inMatrixOrder([unverified, verified])).toEqual([verified, unverified]);
  const known = aRow({ pv: 9 });
  expect(inMatrixOrder([known, verified])).toEqual([verified, known]);
  expect(inMatrixOrder([verified, known])).toEqual([verified, known]);
});

test('the most recent rows are those where a result or a publication came last', () => {
  const rows = [
    aRow({ cv: 1, at: '1' }),
    aRow({ cv: 2, at: '3' }),
    aRow({ cv: 3, pv: 1, result: 1, at: '2' }),
  ];
  expect(mostRecent(rows, 2).map(({ consumerVersion }) => consumerVersion.id)).toEqual([2, 3]);
  expect(mostRecent(rows, 3)).toBe(rows);
});

test.each<readonly [LatestBy, readonly string[]]>([
  ['cvpv', ['2/8', '2/9', '1/9', '1/-']],
  ['cvp', ['2/9', '1/9']],
  ['cp', ['2/9']],
])('latest by %s keeps the newest provider version of each group', (latestBy, kept) => {
  const rows = [
    aRow({ cv: 2, pv: 8, result: 1 }),
    aRow({ cv: 2, pv: 9, result: 2 }),
    aRow({ cv: 1, pv: 9, result: 3 }),
    aRow({ cv: 1 }),
  ];
  const left = keepLatest(rows, latestBy);
  expect(left.map((row) => `${row.consumerVersion.id}/${row.providerVersion?.id ?? '-'}`)).toEqual(
    kept,
  );
});

test('an unverified row that comes first stands for its group', () => {
  const rows = [aRow({ cv: 2 }), aRow({ cv: 1, pv: 9, result: 3 })];
  expect(keepLatest(rows, 'cp')).toEqual([rows[0]]);
});
