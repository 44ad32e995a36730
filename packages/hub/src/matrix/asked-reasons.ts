import type { Response } from 'express';
import type { Database } from '../database/database.ts';
import { baseUrlOf } from '../http/hal.ts';
import { HubError } from '../http/hub-error.ts';
import type { MatrixAnswer } from './answer-question.ts';
import { type ExplanationSources, explainAnswer } from './explain-answer.ts';
import { reasonResource } from './reasons-resource.ts';

export interface ReasonsDeps extends Pick<ExplanationSources, 'failedInteractions' | 'isPending'> {
  readonly db: Database;
  readonly now: () => Date;
}

/** The explained reasons as JSON text, for who asks with `?reasons=interactions`; undefined for everybody else. */
export async function askedReasons(
  response: Response,
  { answer, now, ...deps }: ReasonsDeps & { readonly answer: MatrixAnswer },
): Promise<string | undefined> {
  const { reasons } = response.req.query;
  if (reasons === undefined || reasons === '') return undefined;
  if (reasons !== 'interactions') {
    throw new HubError('VALIDATION_FAILED', "Reasons can be had as 'interactions' only.", {
      errors: { reasons: ['must be one of: interactions'] },
    });
  }
  const explained = await explainAnswer(answer, { ...deps, now: now() });
  return JSON.stringify(explained.map((each) => reasonResource(each, baseUrlOf(response))));
}
