import { compileContract, type Judgement, type Profile } from '@concordat/conformance';
import { describe, expect, test } from 'vitest';
import type { Batch, Side } from './native-agreement/batch.ts';
import {
  formBatch,
  headerBatch,
  jsonBatch,
  multipartBatch,
  queryBatch,
  xmlBatch,
} from './native-agreement/batch-families.ts';
import { exchangeOf, ourMismatches } from './native-agreement/our-verdict.ts';
import { pactOf } from './native-agreement/pact-of-batch.ts';
import { singleBatch } from './native-agreement/single-families.ts';
import { createRandom, type Random } from './random-values.ts';

/** Interactions of each kind; `FUZZ_ROUNDS` and `FUZZ_SEED` as for the native library. */
const rounds = Number(process.env.FUZZ_ROUNDS ?? 6) * 5;
const firstSeed = Number(process.env.FUZZ_SEED ?? 1);

type Family = readonly [name: string, side: Side, make: (random: Random) => Batch];

const FAMILIES: readonly Family[] = (['response', 'request'] as const).flatMap(
  (side): readonly Family[] => [
    ['JSON', side, (random) => jsonBatch(random, side, 1)],
    ['XML', side, (random) => xmlBatch(random, side, 1)],
    ['a form', side, (random) => formBatch(random, side, 1)],
    ['multipart', side, (random) => multipartBatch(random, side, 1)],
    ['headers', side, (random) => headerBatch(random, side, 1)],
    ['a query', 'request', (random) => queryBatch(random, 1)],
    ['one thing', side, (random) => singleBatch(random, side)],
  ],
);

describe('a contract judges whole exchanges, strictly as its parts are compared and live no harder', () => {
  test.each(FAMILIES)('with %s in a %s', (name, side, make) => {
    const random = createRandom(firstSeed * 7919 + name.length + side.length);
    const wrong: string[] = [];
    let kept = 0;
    for (let round = 0; round < rounds; round += 1) {
      const batch = make(random);
      const strict = judge(batch, 'strict').verdict === 'kept';
      kept += strict ? 1 : 0;
      if (strict !== (ourMismatches(batch).length === 0)) {
        wrong.push(`not as its parts, in round ${round}: ${JSON.stringify(batch.cases)}`);
      }
      if (strict && judge(batch, 'live').verdict !== 'kept') {
        wrong.push(`live is harder, in round ${round}: ${JSON.stringify(batch.cases)}`);
      }
    }
    expect(wrong, `with FUZZ_SEED=${firstSeed}`).toEqual([]);
    expect(kept).toBeGreaterThan(0);
  });
});

function judge(batch: Batch, profile: Profile): Judgement {
  return compileContract(pactOf([batch]), profile).judgeHttp(exchangeOf(batch));
}
