import type { SelectionExplanation } from '@concordat/api';

type ExplainedSelector = SelectionExplanation['selectors'][number];

/** Which pacts are picked and why, of which consumers nothing is, and what is left out of the work in progress. */
export function describeExplanation(explanation: SelectionExplanation): readonly string[] {
  const { provider, selectors, pacts, workInProgress } = explanation;
  const count = pacts.length === 1 ? '1 pact' : `${pacts.length} pacts`;
  return [
    `${provider}: ${count} to verify`,
    ...pacts.map(
      ({ consumer, version, pending, wip }) =>
        `  ${consumer} ${version}${wip ? ', work in progress' : ''}${pending === true ? ', pending' : ''}`,
    ),
    ...selectors.flatMap((each) => describeSelector(each).map((line) => `  ${line}`)),
    ...(workInProgress.notLookedFor === null ? [] : [`  ${workInProgress.notLookedFor}`]),
    ...workInProgress.leftOut.map(({ sentence }) => `  – ${sentence}`),
  ];
}

/** For a provider that has nothing to verify: why each selector picks nothing. */
export function describeMisses({ selectors }: SelectionExplanation): readonly string[] {
  return selectors.flatMap((each) =>
    each.missed.length === 0
      ? [`${nameOf(each)}: no consumer has a pact with it.`]
      : each.missed.map(({ sentence }) => `${nameOf(each)}: ${sentence}`),
  );
}

function describeSelector(selector: ExplainedSelector): readonly string[] {
  const { matched, missed } = selector;
  return [
    `${nameOf(selector)}${matched.length + missed.length === 0 ? ': no consumer has a pact with it' : ''}`,
    ...matched.map(({ consumer, because }) => `  ✓ ${consumer}: ${because}`),
    ...missed.map(({ sentence }) => `  – ${sentence}`),
  ];
}

function nameOf({ selector }: ExplainedSelector): string {
  return selector === null ? 'without selectors' : JSON.stringify(selector);
}
