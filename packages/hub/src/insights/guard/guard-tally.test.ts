import { type Call, type GuardVerdict, overflowName } from '@concordat/domain';
import { expect, test } from 'vitest';
import { FieldTally } from './field-tally.ts';
import { GuardTally } from './guard-tally.ts';

const day = 86_400_000_000;
const now = 20_000 * day + 60_000_000;

function aVerdict(more: Partial<GuardVerdict> = {}): GuardVerdict {
  return {
    ...{ side: 'provider', verdict: 'kept', consumer: 'web', provider: 'shop' },
    ...{ operation: 'GET /', interaction: undefined, pactSha: undefined },
    ...{ mismatches: [], fields: [], fieldsRead: undefined },
    ...more,
  };
}

function aCall(guard: readonly GuardVerdict[], more: Partial<Call> = {}): Call {
  return {
    consumer: { service: 'web', version: 'w1', virtual: false },
    provider: { service: 'shop', version: 's1', virtual: false },
    environment: 'production',
    exchange: { kind: 'message', system: '', destination: '', event: undefined },
    ...{ traceId: 'a', clientSpanId: undefined, serverSpanId: undefined, atMicros: now },
    ...{ clientDurationMicros: undefined, serverDurationMicros: undefined },
    ...{ failed: false, weight: 100, inferred: false, guard },
    ...more,
  };
}

function tallied(...calls: readonly Call[]) {
  const tally = new GuardTally();
  for (const call of calls) tally.add(call, now);
  return { counts: tally.takeCounts(), mismatches: tally.takeMismatches(), tally };
}

test('each verdict counts once in its minute and once for all time, whatever the sample rate', () => {
  const { counts, tally } = tallied(
    aCall([aVerdict(), aVerdict({ verdict: 'broken' })], { traceId: 'b' }),
    aCall([aVerdict({ verdict: 'uncovered' })]),
    aCall([aVerdict({ verdict: 'undecided' })]),
    aCall([]),
  );
  const sums = { kept: 1, broken: 1, uncovered: 1, undecided: 1, last_broken: now };
  expect(counts).toEqual([
    expect.objectContaining({ ...sums, bucket: 0, exemplar_trace_id: 'b' }),
    expect.objectContaining({ ...sums, bucket: now / 60_000_000 }),
  ]);
  expect(tally.isEmpty).toBe(true);
});

test('a clock that runs ahead does not count in the future', () => {
  const { counts } = tallied(aCall([aVerdict()], { atMicros: now + day }));
  expect(counts.map(({ bucket }) => bucket)).toEqual([0, now / 60_000_000]);
});

test('places of arrays are one place, headers stay as they are, and the latest trace stands for all', () => {
  const mismatches = [
    { part: 'body', rule: 'type', pointer: '/items/0/sku' },
    { part: 'body', rule: 'type', pointer: '/items/12/sku' },
    { part: 'header', rule: 'regex', pointer: 'x/1/a' },
  ] as const;
  const verdict = aVerdict({ verdict: 'broken', mismatches });
  const { mismatches: rows } = tallied(
    aCall([verdict], { traceId: 'late' }),
    aCall([verdict], { traceId: 'early', atMicros: now - 1 }),
  );
  const totals = rows.filter(({ bucket }) => bucket === 0);
  expect(totals.map((row) => [row.pointer, row.times, row.exemplar_trace_id])).toEqual([
    ['/items/*/sku', 2, 'late'],
    ['x/1/a', 2, 'late'],
  ]);
});

test('operations and places beyond the bounds count as others', () => {
  const tally = new GuardTally({ operations: 2, mismatches: 2 });
  for (const at of [0, 1, 2, 3]) tally.add(aCall([aVerdict({ operation: `GET /${at}` })]), now);
  const others = tally.takeCounts().filter(({ operation }) => operation === overflowName);
  expect(others.map(({ kept }) => kept)).toEqual([2, 2]);
  for (const at of [0, 1, 2, 3]) {
    const mismatches = [{ part: 'body', rule: 'type', pointer: `/x${at}` }] as const;
    tally.add(aCall([aVerdict({ operation: 'GET /0', verdict: 'broken', mismatches })]), now);
  }
  const places = tally.takeMismatches().filter(({ rule }) => rule === overflowName);
  expect(places.map(({ times }) => times)).toEqual([2, 2]);
});

function fieldsOf(...calls: readonly Call[]) {
  const tally = new FieldTally();
  for (const call of calls) tally.add(call, now);
  return tally.take().filter(({ day: bucket }) => bucket === 0);
}

test('fields count where they were there, were watched and were read', () => {
  const rows = fieldsOf(
    aCall([aVerdict({ fields: ['', '/id', '/note'], fieldsRead: ['/id'] })]),
    aCall([aVerdict({ fields: ['/id'] })], { atMicros: now - 5, traceId: 'earlier' }),
    aCall([aVerdict()]),
  );
  expect(rows.map((row) => [row.pointer, row.present, row.watched, row.times_read])).toEqual([
    ['', 2, 1, 0],
    ['/id', 2, 1, 1],
    ['/note', 1, 1, 0],
  ]);
  expect(rows[0]).toMatchObject({ first_seen: now - 5, last_seen: now, exemplar_trace_id: 'a' });
});

test('the version is only known of the consumer that the verdict names', () => {
  const rows = fieldsOf(
    aCall([aVerdict({ fields: ['/id'] })]),
    aCall([aVerdict({ consumer: 'app', fields: ['/id'] })]),
  );
  expect(rows.map((row) => [row.consumer, row.consumer_version])).toEqual([
    ['web', 'w1'],
    ['web', 'w1'],
    ['app', ''],
    ['app', ''],
  ]);
});

test('of an operation 500 fields are told apart, the others are one, and told apart they stay', () => {
  const tally = new FieldTally();
  const many = Array.from({ length: 600 }, (_, at) => `/f${at}`);
  tally.add(aCall([aVerdict({ fields: many })]), now);
  const first = tally.take().filter(({ day: bucket }) => bucket === 0);
  expect(first).toHaveLength(502);
  expect(first.find(({ pointer }) => pointer === overflowName)?.present).toBe(1);
  tally.add(aCall([aVerdict({ fields: ['/f0', '/f599'] })]), now);
  expect(tally.take().map(({ pointer }) => pointer)).toContain('/f0');
});
