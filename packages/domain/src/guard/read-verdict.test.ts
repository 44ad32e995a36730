import { expect, test } from 'vitest';
import { type CallValues, callPlaceOf, newCallValues } from '../traffic/call-attributes.ts';
import type { AttributeValue } from '../traffic/span.ts';
import { guardAttributes } from './guard-verdict.ts';
import { readVerdict, verdictLimits } from './read-verdict.ts';

type Told = Partial<Record<keyof typeof guardAttributes, AttributeValue>>;

const whole: Told = {
  side: 'provider',
  verdict: 'broken',
  consumer: 'web',
  provider: 'shop',
  operation: 'GET /orders/{id}',
  interaction: 'an order',
  pactSha: 'abc',
  mismatches: ['body type /items/0/id', 'header regex content-type'],
  fields: ['/id', '/items/*/id'],
  fieldsRead: ['/id'],
};

function valuesOf(told: Told): CallValues {
  const values = newCallValues();
  for (const [name, value] of Object.entries(told))
    values[callPlaceOf(guardAttributes[name as keyof Told])] = value;
  return values;
}

const read = (told: Told) => readVerdict(valuesOf(told));

test('a verdict comes back as it was told', () => {
  expect(read(whole)).toEqual({
    ...whole,
    mismatches: [
      { part: 'body', rule: 'type', pointer: '/items/0/id' },
      { part: 'header', rule: 'regex', pointer: 'content-type' },
    ],
  });
});

test('side and verdict are enough; names that are not told are empty', () => {
  expect(read({ side: 'consumer', verdict: 'undecided' })).toEqual({
    ...{ side: 'consumer', verdict: 'undecided', consumer: '', provider: '', operation: '' },
    ...{ interaction: undefined, pactSha: undefined },
    ...{ mismatches: [], fields: [], fieldsRead: undefined },
  });
});

test.each<[string, Told]>([
  ['without a side', { verdict: 'kept' }],
  ['of another side', { ...whole, side: 'broker' }],
  ['with another verdict', { ...whole, verdict: 'fine' }],
  ['whose verdict is no text', { ...whole, verdict: true }],
  ['whose consumer is no text', { ...whole, consumer: 7 }],
  ['whose provider is no text', { ...whole, provider: [] }],
  ['whose operation is no text', { ...whole, operation: null }],
  ['whose interaction is no text', { ...whole, interaction: 1n }],
  ['whose sha is no text', { ...whole, pactSha: {} }],
  ['whose mismatches are no list', { ...whole, mismatches: 'body type /id' }],
  ['whose fields are no list', { ...whole, fields: '/id' }],
  ['whose fields that were read are no list', { ...whole, fieldsRead: '/id' }],
])('a verdict %s is none', (_, told) => {
  expect(read(told)).toBeUndefined();
});

test.each<[AttributeValue, object | undefined]>([
  ['body required ', { part: 'body', rule: 'required', pointer: '' }],
  ['status equality', { part: 'status', rule: 'equality', pointer: '' }],
  ['body type /a field/of\nlines', { part: 'body', rule: 'type', pointer: '/a field/of\nlines' }],
  ['cookie type /id', undefined],
  ['body', undefined],
  ['', undefined],
  [7, undefined],
])('the mismatch %j', (text, mismatch) => {
  expect(read({ ...whole, mismatches: [text] })?.mismatches).toEqual(mismatch ? [mismatch] : []);
});

test('pointers that are none are left out, and each counts once', () => {
  const fields = ['/id', '', 'id', 7, '/id', `/${'x'.repeat(verdictLimits.text)}`];
  expect(read({ ...whole, fields, fieldsRead: fields })).toMatchObject({
    ...{ fields: ['/id', ''], fieldsRead: ['/id', ''] },
  });
});

test('what a verdict may tell is bounded', () => {
  const long = 'x'.repeat(verdictLimits.text + 1);
  const many = Array.from({ length: verdictLimits.fields + 1 }, (_, at) => `/${at}`);
  const verdict = read({
    ...{ ...whole, operation: long, fields: many },
    mismatches: [...many.map((pointer) => `body type ${pointer}`)],
  });
  expect(verdict?.operation).toHaveLength(verdictLimits.text);
  expect(verdict?.fields).toHaveLength(verdictLimits.fields);
  expect(verdict?.mismatches).toHaveLength(verdictLimits.mismatches);
  const [mismatch] = read({ ...whole, mismatches: [`body ${long} ${long}`] })?.mismatches ?? [];
  expect([mismatch?.rule.length, mismatch?.pointer.length]).toEqual([
    verdictLimits.text,
    verdictLimits.text,
  ]);
});
