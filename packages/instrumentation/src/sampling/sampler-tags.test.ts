import { createTraceState } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/sdk-trace-base';
import { expect, test } from 'vitest';
import { samplerTags } from './sampler-tags.ts';

test.each([
  { state: 'ot=th:8', share: 0.5 },
  { state: 'ot=rv:ffffffffffffff;th:c', share: 0.25 },
  { state: 'ot=th:0', share: 1 },
  { state: 'ot=rv:ffffffffffffff', share: undefined },
  { state: 'ot=th:x', share: undefined },
  { state: undefined, share: undefined },
])('the share of $state is $share', async ({ state, share }) => {
  const tags: Record<string, unknown> = {};
  const span = {
    spanContext: () => ({ traceState: state === undefined ? undefined : createTraceState(state) }),
    setAttributes: (added: object) => Object.assign(tags, added),
  };
  samplerTags.onStart(span as unknown as Span, undefined as never);
  samplerTags.onEnd(span as never);
  await Promise.all([samplerTags.forceFlush(), samplerTags.shutdown()]);
  expect(tags).toEqual(
    share === undefined ? {} : { 'sampler.type': 'probabilistic', 'sampler.param': share },
  );
});
