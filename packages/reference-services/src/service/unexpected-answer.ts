import type { HttpAnswer } from './http-client.ts';
import { Problem } from './problem.ts';

/** The problem for an answer that the client's contract knows nothing of. */
export function unexpectedAnswer(operation: string, answer: HttpAnswer): Problem {
  return new Problem(502, 'UNEXPECTED_ANSWER', {
    detail: `${operation} answered ${answer.status}, which this service does not expect`,
  });
}
