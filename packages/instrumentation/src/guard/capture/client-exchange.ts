import type { HttpSample, SampleHeaders } from '@concordat/conformance';
import type { GuardVerdict } from '@concordat/domain';
import type { Span, SpanContext } from '@opentelemetry/api';
import type { Emit, ExchangeDesk, Ticket } from '../exchange-desk.ts';
import { CapturedBody } from './captured-body.ts';
import { sampleBody } from './message-headers.ts';

export interface Asked {
  /** `host:port`. */
  readonly address: string;
  readonly method: string;
  readonly path: string;
  readonly query: string;
}

/** Gets the verdicts on one call instead of its span. */
export interface Watch {
  hold(verdicts: readonly GuardVerdict[], emit: Emit): void;
}

/** One call of this service to another, as any client makes it. */
export class ClientExchange {
  readonly ticket: Ticket;
  readonly sent: CapturedBody;
  readonly received: CapturedBody;
  requestHeaders: SampleHeaders | undefined = {};
  status = 0;
  responseHeaders: SampleHeaders = {};
  span: Span | undefined;
  watch: Watch | undefined;
  readonly #desk: ExchangeDesk;
  readonly #asked: Asked;
  #isOver = false;

  /** undefined when it is not looked at. */
  static begin(
    desk: ExchangeDesk,
    asked: Asked,
    span: Span | undefined,
  ): ClientExchange | undefined {
    const ticket = desk.admitHttp('consumer', asked, { span });
    return ticket && new ClientExchange(desk, asked, ticket);
  }

  private constructor(desk: ExchangeDesk, asked: Asked, ticket: Ticket) {
    this.#desk = desk;
    this.#asked = asked;
    this.ticket = ticket;
    this.sent = new CapturedBody(desk.settings.maxBodyBytes);
    this.received = new CapturedBody(desk.settings.maxBodyBytes);
  }

  /** The answer is there to its end; a second call is none. */
  finish(spanContext: SpanContext | undefined): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { span, watch } = this;
    this.#desk.judgeHttp(this.ticket, this.status, {
      ...{ span, spanContext, address: this.#asked.address },
      ...(watch === undefined ? {} : { hold: watch.hold.bind(watch) }),
      makeSample: () => this.#sample(),
    });
  }

  abort(): void {
    if (!this.#isOver) this.#desk.aborted();
    this.#isOver = true;
  }

  #sample(): HttpSample {
    const { address: _address, ...asked } = this.#asked;
    const { ticket, requestHeaders, responseHeaders, status } = this;
    const limit = this.#desk.settings.maxBodyBytes;
    const isBodiless = asked.method === 'HEAD' || status === 206 || !ticket.whole;
    return {
      request: {
        ...asked,
        headers: requestHeaders,
        body: ticket.whole ? sampleBody(this.sent, requestHeaders, limit) : undefined,
      },
      response: {
        status,
        headers: responseHeaders,
        body: isBodiless ? undefined : sampleBody(this.received, responseHeaders, limit),
      },
    };
  }
}
