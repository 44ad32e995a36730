import type { Request } from 'express';
import { HubError } from '../http/hub-error.ts';
import {
  knownParameters,
  oneOfParameter,
  pageParameters,
  textParameter,
} from '../http/read-parameters.ts';
import type { InteractionSearch } from './interaction-store.ts';

const MOST_WORDS = 10;
const LONGEST_QUESTION = 500;
const kinds = ['http', 'message', 'synchronous-message', 'unknown'] as const;

/** `q` holds words that must all be in an interaction, quoted ones as they stand; the rest narrows. */
export function readSearch(request: Request): InteractionSearch {
  knownParameters(request, ['q', 'consumer', 'provider', 'kind', 'scope', 'page', 'size']);
  return {
    words: wordsOf(textParameter(request, 'q') ?? ''),
    consumer: textParameter(request, 'consumer'),
    provider: textParameter(request, 'provider'),
    kind: oneOfParameter(request, 'kind', kinds),
    onlyCurrent: oneOfParameter(request, 'scope', ['current', 'all']) !== 'all',
    page: pageParameters(request),
  };
}

function wordsOf(question: string): readonly string[] {
  if (question.length > LONGEST_QUESTION) {
    throw new HubError('INVALID_PARAMETER', `q is longer than ${LONGEST_QUESTION} characters.`);
  }
  const words = [...question.matchAll(/"([^"]+)"|(\S+)/g)].map(
    ([, quoted, word]) => quoted ?? word ?? '',
  );
  if (words.length > MOST_WORDS) {
    throw new HubError('INVALID_PARAMETER', `q has more than ${MOST_WORDS} words.`);
  }
  return words.map((word) => word.toLowerCase());
}
