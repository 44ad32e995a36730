import { InsightsError } from '@concordat/api';

/** A failure in words: what happened and what the reader can do. */
export interface Problem {
  readonly title: string;
  readonly advice: string;
}

/** Explains whatever a call to the hub was rejected with. */
export function explainProblem(error: unknown): Problem {
  if (error instanceof InsightsError) return explainStatus(error);
  return {
    title: 'The hub does not answer',
    advice:
      'Check that it still runs and that this machine reaches it. The page asks again by itself every few seconds.',
  };
}

/** Why the hub did not do what the reader asked for. */
export function explainRefusal(error: unknown): string {
  if (!(error instanceof InsightsError)) return 'The hub does not answer. Try again in a while.';
  const { status, message } = error;
  if (status === 401 || status === 403) return `You may not do this. ${message}`;
  return `The hub ${status < 500 ? 'refused' : 'failed'}: ${message}`;
}

function explainStatus({ status, message }: InsightsError): Problem {
  if (status === 401 || status === 403) {
    return {
      title: 'The hub refused to show this',
      advice: `You are not signed in, or not as somebody who may read. Open the hub's address again and sign in. (${message})`,
    };
  }
  if (status === 404) {
    return {
      title: 'The hub does not know this',
      advice: `It may have been removed, have expired, or not have arrived yet. (${message})`,
    };
  }
  if (status >= 400 && status < 500)
    return { title: 'The hub refused the question', advice: message };
  if (status >= 500) {
    return {
      title: 'The hub failed',
      advice: `Its log says why. The page asks again by itself. (${message})`,
    };
  }
  return {
    title: 'The hub answered something this page cannot read',
    advice: `Hub and page are probably of different versions: build the page again and restart the hub. (${message})`,
  };
}
