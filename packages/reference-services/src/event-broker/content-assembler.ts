import { AmqpError } from './amqp-error.ts';
import { type Frame, frameTypes } from './frames.ts';
import type { Message } from './message.ts';
import { type Properties, readProperties } from './properties.ts';
import { WireReader } from './wire-reader.ts';

/** The largest message taken; larger ones are PRECONDITION_FAILED. */
const maxMessageBytes = 16 * 1024 * 1024;

export interface Publication {
  readonly exchange: string;
  readonly routingKey: string;
  readonly mandatory: boolean;
}

export interface AssembledPublication {
  readonly message: Message;
  readonly mandatory: boolean;
}

interface Header {
  readonly bodySize: number;
  readonly properties: Properties;
}

/** Puts a `basic.publish`, its content header and its body frames together. */
export class ContentAssembler {
  #publication: Publication | undefined;
  #header: Header | undefined;
  #body: Buffer[] = [];
  #received = 0;

  /** True between a publish and the end of its content: nothing else may come then. */
  get waiting(): boolean {
    return this.#publication !== undefined;
  }

  begin(publication: Publication): void {
    this.#publication = publication;
  }

  /** Returns the publication when this frame completes it. */
  add(frame: Frame): AssembledPublication | undefined {
    if (this.#publication === undefined) throw unexpected('content without a publish');
    if (frame.type === frameTypes.header) this.#takeHeader(frame.payload);
    else this.#takeBody(frame.payload);
    return this.#header && this.#received === this.#header.bodySize ? this.#finish() : undefined;
  }

  /** Drops what was begun. */
  reset(): void {
    this.#publication = undefined;
    this.#header = undefined;
    this.#body = [];
    this.#received = 0;
  }

  #takeHeader(payload: Buffer): void {
    if (this.#header !== undefined) throw unexpected('a second content header');
    const reader = new WireReader(payload);
    reader.short();
    reader.short();
    const bodySize = Number(reader.longlong());
    if (bodySize > maxMessageBytes) {
      throw new AmqpError(
        'PRECONDITION_FAILED',
        `message size ${bodySize} is larger than the ${maxMessageBytes} bytes this server takes`,
      );
    }
    this.#header = { bodySize, properties: readProperties(Buffer.from(payload.subarray(12))) };
  }

  #takeBody(payload: Buffer): void {
    if (this.#header === undefined) throw unexpected('a body without its header');
    this.#received += payload.length;
    if (this.#received > this.#header.bodySize) throw unexpected('more body than announced');
    this.#body.push(payload);
  }

  #finish(): AssembledPublication | undefined {
    const publication = this.#publication;
    const header = this.#header;
    const body = Buffer.concat(this.#body);
    this.reset();
    if (publication === undefined || header === undefined) return undefined;
    const { exchange, routingKey, mandatory } = publication;
    return { message: { exchange, routingKey, properties: header.properties, body }, mandatory };
  }
}

function unexpected(what: string): AmqpError {
  return new AmqpError('UNEXPECTED_FRAME', what);
}
