import type { Request, Response } from 'express';
import type { Handler } from '../../http/resource.ts';
import type { TraceReader } from '../store/trace-reader.ts';
import { JaegerReadError } from './jaeger-read-error.ts';

/** What the query API reads from, and the clock that an unnamed end of a search is taken from. */
export interface TraceReading {
  readonly traces: Omit<TraceReader, 'answers'>;
  readonly now: () => Date;
}

/** A question that is not answered; the message is for the person who asked it. */
export class QuestionError extends Error {
  /** 400 for one that makes no sense, 404 for what is not here, 413 for too much, 501 for what this hub cannot do. */
  readonly status: 400 | 404 | 413 | 501;

  constructor(
    message: string,
    {
      status = 400,
      cause,
    }: { readonly status?: QuestionError['status']; readonly cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.name = 'QuestionError';
    this.status = status;
  }
}

export interface Question extends TraceReading {
  readonly request: Request;
  readonly response: Response;
  readonly query: URLSearchParams;
  readonly nowMicros: number;
}

export type Answer = (question: Question) => Promise<void>;
export type SendError = (response: Response, status: number, message: string) => void;

/** A question without answer is refused in the API's own shape, also one that a real Jaeger behind the hub does not answer. */
export function answering(deps: TraceReading, sendError: SendError) {
  return (answer: Answer): Handler =>
    async (request, response) => {
      const { searchParams: query } = new URL(request.originalUrl, 'http://hub');
      const nowMicros = deps.now().getTime() * 1000;
      try {
        await answer({ ...deps, request, response, query, nowMicros });
      } catch (error) {
        if (!(error instanceof QuestionError || error instanceof JaegerReadError)) throw error;
        sendError(response, error.status, error.message);
      }
    };
}
