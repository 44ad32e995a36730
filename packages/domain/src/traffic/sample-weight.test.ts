import { expect, test } from 'vitest';
import { callPlaceOf, newCallValues } from './call-attributes.ts';
import { sampleWeight } from './sample-weight.ts';
import type { Attributes } from './span.ts';

function weightOf(traceState: string, attributes: Attributes = {}): number {
  const values = newCallValues();
  for (const [name, value] of Object.entries(attributes)) values[callPlaceOf(name)] = value;
  return sampleWeight(traceState, values);
}

test.each([
  ['', 1],
  ['ot=th:0', 1],
  ['ot=th:8', 2],
  ['ot=th:c', 4],
  ['ot=th:c;rv:12345678901234', 4],
  ['ot=rv:12345678901234;th:8', 2],
  ['vendor=a,ot=th:8', 2],
  ['vendor=a, ot=th:8 ,other=b', 2],
  ['ot=rv:12345678901234', 1],
  ['ot=th:xyz', 1],
  ['vendor=th:8', 1],
])('tracestate %j stands for %d calls', (traceState, weight) => {
  expect(weightOf(traceState)).toBe(weight);
});

test('a threshold that lets nothing pass gives a number all the same', () => {
  expect(weightOf('ot=th:ffffffffffffff')).toBe(2 ** 56);
});

test.each([
  [{ 'sampler.type': 'probabilistic', 'sampler.param': 0.25 }, 4],
  [{ 'sampler.type': 'probabilistic', 'sampler.param': '0.5' }, 2],
  [{ 'sampler.type': 'probabilistic', 'sampler.param': 0 }, 1],
  [{ 'sampler.type': 'probabilistic', 'sampler.param': 2 }, 1],
  [{ 'sampler.type': 'const', 'sampler.param': 1 }, 1],
])("the old Jaeger client's tags %j stand for %d calls", (attributes, weight) => {
  expect(weightOf('', attributes)).toBe(weight);
});
