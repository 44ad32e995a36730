/** A Jaeger that was asked and did not answer as it should; the message is for the person who asked. */
export class JaegerReadError extends Error {
  /** 502 for an answer that is none, 504 for none in time, 501 for what that Jaeger cannot do, 400 for what it refuses. */
  readonly status: 400 | 501 | 502 | 504;

  constructor(message: string, status: JaegerReadError['status'], options?: ErrorOptions) {
    super(message, options);
    this.name = 'JaegerReadError';
    this.status = status;
  }
}
