import type { Socket } from 'node:net';
import { AmqpError } from './amqp-error.ts';
import { Channel, type ChannelPort } from './channel.ts';
import { encodeFrame, type Frame, FrameSplitter, frameOverhead, frameTypes } from './frames.ts';
import { type Agreement, Handshake, proposed, startHandshake } from './handshake.ts';
import type { Message } from './message.ts';
import {
  type Method,
  type MethodArguments,
  type MethodName,
  readMethod,
  writeMethod,
} from './methods.ts';
import { writeProperties } from './properties.ts';
import type { VirtualHost } from './virtual-host.ts';
import { WireWriter } from './wire-writer.ts';

/** Beyond this, deliveries to the connection wait until the socket has drained. */
const sendAheadBytes = 4 * 1024 * 1024;
const handshakeMillis = 10_000;

/** One client after its protocol header. Whatever it sends, an error ends this connection and never the server. */
export class Connection {
  readonly #socket: Socket;
  readonly #host: VirtualHost;
  readonly #splitter = new FrameSplitter(proposed.frameMax);
  readonly #handshake: Handshake;
  readonly #channels = new Map<number, Channel>();
  #agreement: Agreement = proposed;
  #closing = false;
  #lastReceived = Date.now();
  #timer: NodeJS.Timeout;

  constructor(socket: Socket, host: VirtualHost) {
    this.#socket = socket;
    this.#host = host;
    this.#handshake = new Handshake(this.#sendOn(0), (agreement) => this.#agree(agreement));
    this.#timer = setTimeout(() => socket.destroy(), handshakeMillis).unref();
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('drain', () => this.#serve());
    socket.on('close', () => this.#end());
    startHandshake(this.#sendOn(0));
  }

  /** Tells the client that the server goes, and goes. */
  close(): void {
    this.#sendOn(0)('connection.close', {
      code: 320,
      text: 'CONNECTION_FORCED - the server is shutting down',
      classId: 0,
      methodId: 0,
    });
    this.#socket.end();
  }

  #receive(chunk: Buffer): void {
    this.#lastReceived = Date.now();
    try {
      for (const frame of this.#splitter.push(chunk)) this.#take(frame);
    } catch (error) {
      this.#fail(asAmqpError(error));
    }
  }

  #take(frame: Frame): void {
    if (frame.type === frameTypes.heartbeat) return;
    if (frame.channel === 0) this.#takeOwn(readMethod(frame.payload));
    else if (!this.#closing) this.#takeForChannel(frame);
  }

  #takeOwn(method: Method): void {
    if (method.name === 'connection.close') {
      this.#sendOn(0)('connection.close-ok', {});
      this.#socket.end();
      return;
    }
    if (method.name === 'connection.close-ok') {
      this.#socket.end();
      return;
    }
    if (this.#closing) return;
    if (this.#handshake.done) {
      throw new AmqpError('COMMAND_INVALID', `${method.name} is nothing for an open connection`);
    }
    this.#handshake.take(method);
    if (this.#handshake.done) this.#startHeartbeats();
  }

  #takeForChannel(frame: Frame): void {
    if (!this.#handshake.done)
      throw new AmqpError('CHANNEL_ERROR', 'the connection is not open yet');
    const channel = this.#channels.get(frame.channel);
    if (channel === undefined) {
      this.#openChannel(frame);
      return;
    }
    const method = frame.type === frameTypes.method ? readMethod(frame.payload).name : undefined;
    if (method === 'channel.close' || (channel.closing && method === 'channel.close-ok')) {
      this.#forgetChannel(frame.channel, channel);
      if (method === 'channel.close') this.#sendOn(frame.channel)('channel.close-ok', {});
      return;
    }
    if (channel.closing) return;
    try {
      channel.take(frame);
    } catch (error) {
      this.#failChannel(frame, channel, asAmqpError(error));
    }
  }

  #openChannel(frame: Frame): void {
    const method = frame.type === frameTypes.method ? readMethod(frame.payload).name : 'content';
    if (method !== 'channel.open' || frame.channel > this.#agreement.channelMax) {
      throw new AmqpError(
        'CHANNEL_ERROR',
        `${method} on channel ${frame.channel}, which is not open`,
      );
    }
    this.#channels.set(frame.channel, new Channel(this.#host, this.#portOf(frame.channel)));
    this.#sendOn(frame.channel)('channel.open-ok', { channelId: Buffer.alloc(0) });
  }

  #failChannel(frame: Frame, channel: Channel, error: AmqpError): void {
    if (error.hard) throw error;
    channel.closing = true;
    channel.end();
    const isMethod = frame.type === frameTypes.method;
    this.#sendOn(frame.channel)('channel.close', {
      code: error.code,
      text: error.message,
      classId: isMethod ? frame.payload.readUInt16BE(0) : 60,
      methodId: isMethod ? frame.payload.readUInt16BE(2) : 40,
    });
  }

  /** Says what was wrong and stops listening to anything but the client's goodbye. */
  #fail(error: AmqpError): void {
    if (this.#closing) {
      this.#socket.destroy();
      return;
    }
    this.#closing = true;
    this.#endChannels();
    this.#sendOn(0)('connection.close', {
      code: error.code,
      text: error.message,
      classId: 0,
      methodId: 0,
    });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#socket.destroy(), 1_000).unref();
  }

  #portOf(channel: number): ChannelPort {
    return {
      owner: this,
      canSend: () => this.#socket.writable && this.#socket.writableLength < sendAheadBytes,
      send: this.#sendOn(channel),
      sendContent: (name, values, message) => {
        const method = { type: frameTypes.method, channel, payload: writeMethod(name, values) };
        this.#write([method, ...this.#contentFrames(channel, message)]);
      },
    };
  }

  #sendOn(channel: number) {
    return <Name extends MethodName>(name: Name, values: MethodArguments<Name>): void =>
      this.#write([{ type: frameTypes.method, channel, payload: writeMethod(name, values) }]);
  }

  #contentFrames(channel: number, message: Message): readonly Frame[] {
    const header = new WireWriter().short(60).short(0).longlong(BigInt(message.body.length));
    header.bytes(writeProperties(message.properties));
    const frames: Frame[] = [{ type: frameTypes.header, channel, payload: header.build() }];
    const step = this.#agreement.frameMax - frameOverhead;
    for (let at = 0; at < message.body.length; at += step) {
      frames.push({
        type: frameTypes.body,
        channel,
        payload: message.body.subarray(at, at + step),
      });
    }
    return frames;
  }

  #write(frames: readonly Frame[]): void {
    if (this.#socket.writable) this.#socket.write(Buffer.concat(frames.map(encodeFrame)));
  }

  #agree(agreement: Agreement): void {
    this.#agreement = agreement;
    this.#splitter.agreeOn(agreement.frameMax);
  }

  #startHeartbeats(): void {
    clearTimeout(this.#timer);
    const { heartbeat } = this.#agreement;
    if (heartbeat === 0) return;
    const beat = encodeFrame({ type: frameTypes.heartbeat, channel: 0, payload: Buffer.alloc(0) });
    this.#timer = setInterval(() => {
      if (Date.now() - this.#lastReceived > heartbeat * 2_000) this.#socket.destroy();
      else if (this.#socket.writable) this.#socket.write(beat);
    }, heartbeat * 500).unref();
  }

  #serve(): void {
    for (const channel of this.#channels.values()) channel.serve();
  }

  #forgetChannel(id: number, channel: Channel): void {
    this.#channels.delete(id);
    channel.end();
  }

  #endChannels(): void {
    for (const [id, channel] of [...this.#channels]) this.#forgetChannel(id, channel);
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.#endChannels();
    this.#host.forgetConnection(this);
  }
}

function asAmqpError(error: unknown): AmqpError {
  if (error instanceof AmqpError) return error;
  return new AmqpError('INTERNAL_ERROR', 'the server failed on this frame', { cause: error });
}
