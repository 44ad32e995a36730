import { type Batch, caseOf, rulesOf } from './batch.ts';
import type { NativeLibrary, NativeVerdict } from './native-library.ts';
import { ourMismatches } from './our-verdict.ts';
import { answerOf, pactOf, requestOf } from './pact-of-batch.ts';

/** One small comparison about which the two engines differ. */
export interface Disagreement {
  readonly batch: Batch;
  readonly id: string;
  /** What each found; empty: it agrees with what came. */
  readonly native: readonly string[];
  readonly ours: readonly string[];
}

type Found = ReadonlyMap<string, readonly string[]>;

/** Lets both engines judge and returns where only one of them found something. All batches are of one side. */
export async function disagreements(
  library: NativeLibrary,
  batches: readonly Batch[],
): Promise<readonly Disagreement[]> {
  const verdicts = await nativeVerdicts(library, batches);
  return batches.flatMap((batch, index) => {
    const native = nativeFound(verdicts.get(index));
    const ours = ourFound(batch);
    const ids = new Set([...native.keys(), ...ours.keys()]);
    return [...ids]
      .filter((id) => native.has(id) !== ours.has(id))
      .map((id) => ({ batch, id, native: native.get(id) ?? [], ours: ours.get(id) ?? [] }));
  });
}

async function nativeVerdicts(
  library: NativeLibrary,
  batches: readonly Batch[],
): Promise<ReadonlyMap<number, NativeVerdict>> {
  const side = batches[0]?.side;
  const verdicts =
    side === 'request'
      ? await library.judge({ kind: 'requests', requests: batches.map(requestOf) })
      : await library.judge({
          kind: 'verify',
          pact: pactOf(batches),
          answers: batches.map((batch, index) => [
            side === 'message' ? `b${index}` : `/b${index}`,
            answerOf(batch),
          ]),
        });
  return new Map(verdicts.map((verdict) => [Number(verdict.name.replace('b', '')), verdict]));
}

function nativeFound(verdict: NativeVerdict | undefined): Found {
  const found = new Map<string, readonly string[]>();
  for (const { type, path, key, parameter, mismatch } of verdict?.mismatches ?? []) {
    const words = mismatch?.replace(/Stack backtrace[\s\S]*/, '');
    add(
      found,
      caseOf(path, key, parameter, words),
      `${type} ${path ?? key ?? parameter}: ${words}`,
    );
  }
  if (verdict?.error !== undefined) {
    add(found, '*', verdict.error);
  }
  return found;
}

function ourFound(batch: Batch): Found {
  const found = new Map<string, readonly string[]>();
  for (const { path, text } of ourMismatches(batch)) {
    add(found, caseOf(path, text), `${path}: ${text}`);
  }
  return found;
}

function add(found: Map<string, readonly string[]>, id: string, text: string): void {
  found.set(id, [...(found.get(id) ?? []), text]);
}

/** Everything that is needed to repeat it by hand. */
export function describeDisagreement({ batch, id, native, ours }: Disagreement): string {
  const one = batch.cases.find((candidate) => candidate.id === id);
  const { promised, actual } = batch;
  return [
    `${batch.family} in a ${batch.side}, case ${id}`,
    `promised ${one?.expected ?? JSON.stringify(promised)}`,
    `came     ${one?.actual ?? JSON.stringify(actual)}`,
    `rules    ${JSON.stringify(one?.rules ?? rulesOf(batch))}`,
    `native   ${native.join('\n         ') || 'the same'}`,
    `ours     ${ours.join('\n         ') || 'the same'}`,
  ].join('\n');
}
