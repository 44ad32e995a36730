import type { SelectionExplanation } from '@concordat/api';
import type { ExplainedSelector } from './explain-selectors.ts';
import type { ExplainedWork } from './explain-work-in-progress.ts';
import { noticesOf } from './pacts-resource.ts';
import type { PactsToVerify } from './pacts-to-verify.ts';

/** The parts of an explanation as JSON; what is not there is null. */
export function explanationResource(explained: {
  readonly provider: string;
  readonly baseUrl: string;
  readonly selectors: readonly ExplainedSelector[];
  readonly answer: PactsToVerify;
  readonly work: ExplainedWork;
}): SelectionExplanation {
  const { provider, baseUrl, selectors, answer, work } = explained;
  return {
    provider,
    selectors: selectors.map(({ selector, matched, missed }) => ({
      selector: selector === undefined ? null : { ...selector },
      matched: [...matched],
      missed: [...missed],
    })),
    pacts: answer.pacts.map((item) => ({
      consumer: item.selected.pact.consumer.name,
      version: item.selected.pact.consumerVersion.number,
      sha: item.selected.pact.sha,
      pending: item.pending?.isPending ?? null,
      wip: item.isWip,
      notices: noticesOf(item, { provider, baseUrl, view: answer.view })
        .filter(({ when }) => when === 'before_verification')
        .map(({ text }) => text),
    })),
    workInProgress: {
      notLookedFor: work.notLookedFor ?? null,
      leftOut: [...work.leftOut],
    },
  };
}
