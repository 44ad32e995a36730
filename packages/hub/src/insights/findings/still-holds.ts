import { brokenPromises, type Call, isUndeclaredEvent, judgeCall } from '@concordat/domain';
import type { FindingRecord } from '../finding-store.ts';
import type { CallVerdict, PromiseBook } from '../promise-book.ts';

/**
 * A finding that a call showed holds while it would be found again: by a consumer version that showed it and is still recorded as
 * running, else by a version with the pacts that now speak for the environment. What no call showed is judged elsewhere.
 */
export function stillHolds(finding: FindingRecord, book: PromiseBook): boolean {
  if (finding.exemplarCall === '') return true;
  const call = JSON.parse(finding.exemplarCall) as Call;
  if (finding.kind === 'undeclared-event') return isUndeclaredNow(call, book);
  const running = runningVersions(finding, book);
  if (finding.kind === 'broken-promise') return isBrokenNow(finding, { call, running, book });
  if (running.length === 0) return isFinding(call, book.judgeForEnvironment(call));
  return running.some((version) => {
    const again = { ...call, consumer: { ...call.consumer, version } };
    return isFinding(again, book.judge(again));
  });
}

function isFinding(call: Call, { facts }: CallVerdict): boolean {
  return judgeCall(call, facts) !== undefined;
}

/** By the documents that speak for the environment now: the version that sent it may be gone. */
function isUndeclaredNow(call: Call, book: PromiseBook): boolean {
  const { service, version, virtual } = call.provider;
  const { environment } = call;
  const isRunning =
    version !== undefined &&
    environment !== undefined &&
    book.isRecorded({ pacticipant: service, version, environment });
  const again = isRunning ? call : { ...call, provider: { service, virtual, version: undefined } };
  const { declared } = book.judge(again);
  return declared !== undefined && isUndeclaredEvent(again, declared.declaration);
}

function runningVersions(finding: FindingRecord, book: PromiseBook): readonly string[] {
  const { consumer, environment, details } = finding;
  return details
    .filter(({ name }) => name === 'consumer-version')
    .map(({ value }) => value)
    .filter((version) => book.isRecorded({ pacticipant: consumer, version, environment }));
}

/** Bodies are not kept, so nothing can be judged again: it holds while the content that it was judged by speaks for somebody. */
function isBrokenNow(
  { consumer, provider, environment, operation }: FindingRecord,
  seen: { readonly call: Call; readonly running: readonly string[]; readonly book: PromiseBook },
): boolean {
  const { call, running, book } = seen;
  const promise = brokenPromises(call).find(
    (each) =>
      each.consumer === consumer && each.provider === provider && each.operation === operation,
  );
  const shas = promise?.pactShas ?? [];
  if (shas.length === 0) return true;
  const pair = { consumer, provider };
  const place = environment === '' ? undefined : environment;
  const inForce =
    running.length === 0
      ? book.pactsBetween(pair, place)
      : running.flatMap((version) => book.pactsFor(pair, { version, environment: place }));
  return inForce.some(({ sha }) => shas.includes(sha));
}
