import { type CallValues, callPlaces } from './call-attributes.ts';

/** 56 bits: the size of the rejection threshold in OpenTelemetry's consistent probability sampling. */
const all = 2 ** 56;

/**
 * How many calls a sampled span stands for: the adjusted count of tracestate `ot=th:…`, else what the old Jaeger
 * client's probabilistic sampler says in its tags, else 1.
 */
export function sampleWeight(traceState: string, values: CallValues): number {
  return traceStateWeight(traceState) ?? jaegerWeight(values) ?? 1;
}

/** What tracestate `ot=th:…` says alone; undefined when it says nothing. */
export function traceStateWeight(traceState: string): number | undefined {
  if (traceState === '') return undefined;
  const threshold = /(?:^|,)\s*ot=(?:[^,]*;)?th:([0-9a-f]{1,14})(?:;|\s*(?:,|$))/.exec(
    traceState,
  )?.[1];
  if (threshold === undefined) return undefined;
  return all / Math.max(1, all - Number.parseInt(threshold.padEnd(14, '0'), 16));
}

function jaegerWeight(values: CallValues): number | undefined {
  if (values[callPlaces['sampler.type']] !== 'probabilistic') return undefined;
  const probability = Number(values[callPlaces['sampler.param']]);
  return probability > 0 && probability <= 1 ? 1 / probability : undefined;
}
