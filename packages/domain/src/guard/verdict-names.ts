import type { GuardVerdict } from './guard-verdict.ts';

interface Named {
  readonly service: string;
}

/** A verdict that names a side keeps that name; the other is named by who took part. */
export function withNames(verdict: GuardVerdict, consumer: Named, provider: Named): GuardVerdict {
  if (verdict.consumer !== '' && verdict.provider !== '') return verdict;
  return {
    ...verdict,
    consumer: verdict.consumer || consumer.service,
    provider: verdict.provider || provider.service,
  };
}
