import { randomBytes } from 'node:crypto';
import type { ErrorRequestHandler, Request } from 'express';
import type { Log } from '../log.ts';
import { baseUrlOf } from './hal.ts';
import { type FieldErrors, HubError } from './hub-error.ts';
import { type Problem, problemCatalogue } from './problem-catalogue.ts';
import { type Answer, HAL_JSON, PROBLEM_JSON, send } from './send.ts';

/** Our own routes answer RFC 9457 always; the broker's only to clients that ask for it. */
const OWN_PATHS =
  /^\/(audit|clean|insights|contracts\/provider|live|ready|tokens|transfer|v1|ui)(\/|$)/;

/** Turns a thrown HubError into its answer; anything else is a bug: logged with its stack, answered 500 with a reference. */
export function problemHandler(log: Log): ErrorRequestHandler {
  // biome-ignore lint/complexity/useMaxParams: express knows an error handler by its four parameters.
  return (error, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const refusal = error instanceof HubError ? error : bugRefusal(error, { log, request });
    send(response, answerTo(refusal, { request, baseUrl: baseUrlOf(response) }));
  };
}

function bugRefusal(
  error: unknown,
  context: { readonly log: Log; readonly request: Request },
): HubError {
  // Short, as the broker's: people read it out from a screen.
  const reference = randomBytes(9).toString('base64url');
  context.log('error', 'request failed', {
    reference,
    method: context.request.method,
    path: context.request.path,
    error: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });
  const message = `An error has occurred. The details have been logged with the reference ${reference}`;
  const text = JSON.stringify({ error: { message, reference } });
  return new HubError('SERVER_ERROR', message, { body: { type: HAL_JSON, text }, cause: error });
}

interface AnswerContext {
  readonly request: Request;
  readonly baseUrl: string;
}

function answerTo(refusal: HubError, context: AnswerContext): Answer {
  const problem: Problem = problemCatalogue[refusal.code];
  const { body, errors, type, headers = {} } = refusal.details;
  const { status } = problem;
  const isOwn = OWN_PATHS.test(context.request.path);
  const wantsProblem = context.request.get('accept')?.includes(PROBLEM_JSON) ?? false;
  if (
    isOwn ||
    (wantsProblem && (body === undefined || body.type === HAL_JSON) && body?.text !== '')
  ) {
    const text = JSON.stringify(problemBody(refusal, problem, context));
    return { status, type: PROBLEM_JSON, text, headers };
  }
  if (body !== undefined) return { status, ...body, headers };
  if (refusal.code === 'NOT_FOUND' && isBrowser(context.request)) {
    return { status, type: 'text/html', text: NOT_FOUND_PAGE, headers };
  }
  const text = JSON.stringify(errors === undefined ? { error: refusal.message } : { errors });
  return { status, type: type ?? HAL_JSON, text, headers };
}

const NOT_FOUND_PAGE =
  '<!doctype html>\n<html lang="en"><head><title>404 Not Found</title></head><body>Not found.</body></html>\n';

/** Takes HTML and no JSON; somebody typed the address. */
function isBrowser(request: Request): boolean {
  const accept = request.get('accept') ?? '';
  return accept.includes('text/html') && !accept.includes('json');
}

function problemBody(
  refusal: HubError,
  problem: Problem,
  { baseUrl, request }: AnswerContext,
): object {
  const { errors, extensions } = refusal.details;
  const { status, title } = problem;
  if (errors === undefined) {
    // The broker writes `problem` where there is one error and `problems` where there may be many.
    const folder = OWN_PATHS.test(request.path) ? 'problems' : 'problem';
    const type = `${baseUrl}/${folder}/${problem.type}`;
    return { title, type, status, detail: refusal.message, ...extensions };
  }
  return {
    title: problemCatalogue.VALIDATION_FAILED.title,
    type: `${baseUrl}/problems/${problemCatalogue.VALIDATION_FAILED.type}`,
    status,
    instance: '/',
    errors: isList(errors)
      ? errors.map((detail) => ({
          type: bodyProblemType(detail, baseUrl),
          title: 'Invalid parameter',
          detail,
        }))
      : fieldProblems(errors, baseUrl),
  };
}

function fieldProblems(errors: FieldErrors, baseUrl: string): readonly object[] {
  return Object.entries(errors).flatMap(([field, details]) =>
    details.map((detail) => ({
      type: bodyProblemType(detail, baseUrl),
      title: 'Invalid body parameter',
      detail,
      pointer: `/${field.replaceAll('.', '/')}`,
    })),
  );
}

function bodyProblemType(detail: string, baseUrl: string): string {
  if (detail.includes('missing')) return `${baseUrl}/problems/missing-body-property`;
  if (detail.includes('format')) return `${baseUrl}/problems/invalid-body-property-format`;
  return `${baseUrl}/problems/invalid-body-property-value`;
}

function isList(errors: FieldErrors | readonly string[]): errors is readonly string[] {
  return Array.isArray(errors);
}
