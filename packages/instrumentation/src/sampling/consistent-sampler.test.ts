import {
  createTraceState,
  ROOT_CONTEXT,
  SamplingDecision,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { describe, expect, test } from 'vitest';
import { ConsistentSampler } from './consistent-sampler.ts';

const low = '0000000000000000000000000000000f';
const high = '000000000000000000ffffffffffffff';
const half = '00000000000000000080000000000000';

function sample(ratio: number, traceId: string, tracestate?: string) {
  const parent = {
    traceId,
    spanId: '00000000000000ab',
    traceFlags: TraceFlags.SAMPLED,
    ...(tracestate === undefined ? {} : { traceState: createTraceState(tracestate) }),
  };
  const context =
    tracestate === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent);
  const { decision, traceState } = new ConsistentSampler(ratio).shouldSample(context, traceId);
  return {
    kept: decision === SamplingDecision.RECORD_AND_SAMPLED,
    state: traceState?.serialize(),
  };
}

describe('a sampler that says its share', () => {
  test.each([
    { ratio: 1, traceId: low, kept: true, state: 'ot=th:0' },
    { ratio: 0.5, traceId: low, kept: false, state: undefined },
    { ratio: 0.5, traceId: half, kept: true, state: 'ot=th:8' },
    { ratio: 0.5, traceId: high, kept: true, state: 'ot=th:8' },
    { ratio: 0.25, traceId: half, kept: false, state: undefined },
    { ratio: 0.1, traceId: high, kept: true, state: 'ot=th:e666' },
    { ratio: 0.001, traceId: high, kept: true, state: 'ot=th:ffbe77' },
    { ratio: 2 ** -56, traceId: high, kept: true, state: 'ot=th:ffffffffffffff' },
    { ratio: 0, traceId: high, kept: false, state: undefined },
  ])('$ratio of trace $traceId: kept $kept, $state', ({ ratio, traceId, kept, state }) => {
    expect(sample(ratio, traceId)).toEqual({ kept, state });
  });

  test.each([
    {
      why: 'the randomness it was given',
      given: 'ot=rv:ffffffffffffff',
      kept: true,
      state: 'ot=rv:ffffffffffffff;th:8',
    },
    { why: 'a smaller share before', given: 'ot=th:c', kept: false, state: '' },
    { why: 'other systems', given: 'vendor=x,ot=th:c', kept: false, state: 'vendor=x' },
    {
      why: 'randomness that is no hex of 14 digits',
      given: 'ot=rv:12',
      kept: false,
      state: 'ot=rv:12',
    },
  ])('keeps to $why', ({ given, kept, state }) => {
    expect(sample(0.5, low, given)).toEqual({ kept, state });
  });

  test('keeps about the share it says', () => {
    const sampler = new ConsistentSampler(0.3);
    const total = 20_000;
    let kept = 0;
    for (let n = 0; n < total; n += 1) {
      // Knuth's multiplicative hash: evenly spread, and the same in every run.
      const spread = ((n * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, '0');
      const { decision } = sampler.shouldSample(ROOT_CONTEXT, `${'0'.repeat(18)}${spread}000000`);
      if (decision === SamplingDecision.RECORD_AND_SAMPLED) kept += 1;
    }
    expect(kept / total).toBeCloseTo(0.3, 2);
    expect(String(sampler)).toBe('ConsistentSampler{0.3}');
  });
});
