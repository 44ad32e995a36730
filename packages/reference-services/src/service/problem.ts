import type { ErrorRequestHandler, RequestHandler } from 'express';

/** A refusal that a caller can read: RFC 9457 with our `code`, and `extra` members beside it. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(status: number, code: string, options: ProblemOptions) {
    super(options.detail, { cause: options.cause });
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.extra = options.extra ?? {};
  }
}

interface ProblemOptions {
  /** What is wrong, with the name and value. */
  readonly detail: string;
  readonly extra?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
}

/** Answers what no route took. */
export const unknownRoute: RequestHandler = (request) => {
  throw new Problem(404, 'UNKNOWN_ROUTE', {
    detail: `${request.method} ${request.path} is no route of this service`,
  });
};

/** The only place that turns an error into an answer; what is no Problem is a bug and tells the caller nothing. */
// biome-ignore lint/complexity/useMaxParams: express tells error handlers by their four parameters.
export const answerProblem: ErrorRequestHandler = (error, _request, response, _next) => {
  const problem = asProblem(error);
  if (problem.status >= 500) process.stderr.write(`${describe(error)}\n`);
  response.status(problem.status).type('application/problem+json').json(problemBody(problem));
};

/** The wire form of a problem. */
export function problemBody(problem: Problem): ProblemBody {
  return {
    type: 'about:blank',
    title: problem.code.toLowerCase().replaceAll('_', ' '),
    status: problem.status,
    detail: problem.message,
    code: problem.code,
    ...problem.extra,
  };
}

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (isBodyParserError(error)) {
    return new Problem(error.status, 'UNREADABLE_BODY', { detail: error.message, cause: error });
  }
  return new Problem(500, 'INTERNAL_ERROR', { detail: 'The service failed; its log says why.' });
}

function isBodyParserError(error: unknown): error is Error & { status: number } {
  return (
    error instanceof Error &&
    'status' in error &&
    typeof error.status === 'number' &&
    error.status < 500
  );
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
