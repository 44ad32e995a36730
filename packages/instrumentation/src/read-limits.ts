import type { Batching, Sampling } from './config.ts';

type Complain = (complaint: string) => unknown;

const defaultDelayMillis = 500;

interface BatchingText {
  readonly delay: string | undefined;
  readonly queue: string | undefined;
  readonly batch: string | undefined;
  readonly timeout: string | undefined;
}

/** OTEL_BSP_*: whole numbers above 0. */
export function readBatching(text: BatchingText, complain: Complain): Batching {
  const read = (name: string, value: string | undefined): number | undefined => {
    if (!value) return undefined;
    const number = Number(value);
    if (Number.isSafeInteger(number) && number > 0) return number;
    complain(`${name} is '${value}'; use a whole number above 0 (the default is used now)`);
    return undefined;
  };
  return {
    scheduledDelayMillis: read('OTEL_BSP_SCHEDULE_DELAY', text.delay) ?? defaultDelayMillis,
    maxQueueSize: read('OTEL_BSP_MAX_QUEUE_SIZE', text.queue),
    maxExportBatchSize: read('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', text.batch),
    exportTimeoutMillis: read('OTEL_BSP_EXPORT_TIMEOUT', text.timeout),
  };
}

/** The ratio samplers of OTEL_TRACES_SAMPLER; undefined for all others, which sdk-node makes itself. */
export function readSampling(
  sampler: string | undefined,
  argument: string | undefined,
  complain: Complain,
): Sampling | undefined {
  if (sampler !== 'traceidratio' && sampler !== 'parentbased_traceidratio') return undefined;
  return { ratio: readRatio(argument, complain), parentBased: sampler !== 'traceidratio' };
}

function readRatio(value: string | undefined, complain: Complain): number {
  const ratio = value ? Number(value) : Number.NaN;
  if (ratio >= 0 && ratio <= 1) return ratio;
  complain(
    `OTEL_TRACES_SAMPLER_ARG is '${value ?? ''}'; use a number from 0 to 1 (every trace is kept now)`,
  );
  return 1;
}
