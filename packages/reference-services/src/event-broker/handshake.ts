import { AmqpError } from './amqp-error.ts';
import { type Field, type FieldTable, textField } from './field-table.ts';
import type { Method, MethodArguments, MethodName } from './methods.ts';

export const protocolHeader = Buffer.from('AMQP\u0000\u0000\u0009\u0001', 'latin1');

export const proposed = { channelMax: 2_047, frameMax: 131_072, heartbeat: 60 } as const;

/** Smallest frame size that the protocol lets a client ask for. */
const frameMin = 4_096;

export interface Agreement {
  readonly channelMax: number;
  readonly frameMax: number;
  /** Seconds; 0 is none. */
  readonly heartbeat: number;
}

type Send = <Name extends MethodName>(name: Name, values: MethodArguments<Name>) => void;

/** Opens the connection. Any user is let in: the server is for demonstrations and tests on loopback. */
export function startHandshake(send: Send): void {
  send('connection.start', {
    major: 0,
    minor: 9,
    properties: serverProperties(),
    mechanisms: Buffer.from('PLAIN AMQPLAIN'),
    locales: Buffer.from('en_US'),
  });
}

type Step = 'start-ok' | 'tune-ok' | 'open' | 'done';

/** Goes through start, tune and open, and nothing else in between. */
export class Handshake {
  readonly #send: Send;
  readonly #agreed: (agreement: Agreement) => void;
  #next: Step = 'start-ok';

  constructor(send: Send, agreed: (agreement: Agreement) => void) {
    this.#send = send;
    this.#agreed = agreed;
  }

  get done(): boolean {
    return this.#next === 'done';
  }

  take(method: Method): void {
    if (method.name !== `connection.${this.#next}`) {
      throw new AmqpError(
        'COMMAND_INVALID',
        `${method.name} came where connection.${this.#next} was expected`,
      );
    }
    switch (method.name) {
      case 'connection.start-ok':
        this.#send('connection.tune', proposed);
        this.#next = 'tune-ok';
        return;
      case 'connection.tune-ok':
        this.#agreed(agreementOf(method.arguments));
        this.#next = 'open';
        return;
      case 'connection.open':
        refuseOtherHosts(method.arguments.vhost);
        this.#next = 'done';
        this.#send('connection.open-ok', { knownHosts: '' });
    }
  }
}

/** 0 leaves the choice to the server; asking for more than was offered is NOT_ALLOWED. */
function agreementOf(asked: MethodArguments<'connection.tune-ok'>): Agreement {
  const frameMax = asked.frameMax || proposed.frameMax;
  const channelMax = asked.channelMax || proposed.channelMax;
  if (frameMax > proposed.frameMax || frameMax < frameMin || channelMax > proposed.channelMax) {
    throw new AmqpError(
      'NOT_ALLOWED',
      `frame_max ${frameMax} or channel_max ${channelMax} is out of range`,
    );
  }
  return { frameMax, channelMax, heartbeat: asked.heartbeat };
}

function refuseOtherHosts(vhost: string): void {
  if (vhost !== '/') throw new AmqpError('NOT_ALLOWED', `vhost ${vhost} not found`);
}

/** The product is RabbitMQ's because instrumentation derives `messaging.system` from it; the platform says what it is. */
function serverProperties(): FieldTable {
  const capabilities = [
    'publisher_confirms',
    'basic.nack',
    'consumer_cancel_notify',
    'per_consumer_qos',
    'authentication_failure_close',
  ];
  const yes: Field = { kind: 'raw', tag: 't', value: Buffer.of(1) };
  return new Map<string, Field>([
    ['product', textField('RabbitMQ')],
    ['version', textField('3.10.0')],
    ['platform', textField('Concordat event broker on Node.js')],
    [
      'information',
      textField('For demonstrations and tests: memory only, nothing survives a restart'),
    ],
    ['capabilities', { kind: 'table', value: new Map(capabilities.map((name) => [name, yes])) }],
  ]);
}
