import { connect, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';

/** What came of sending: how long each accepted body took from its first byte to the answer, and what was sent away. */
export interface Sent {
  readonly latenciesMs: readonly number[];
  readonly refused: number;
}

const pauseMs = 50;

/**
 * Sends bodies over kept-alive connections with as little work as it can, because it shares the processors with the hub: the
 * requests are made before the clock starts. What is sent away with 429 or 503 is sent again.
 */
export class SpanSender {
  readonly #lanes: Lane[];

  private constructor(lanes: Lane[]) {
    this.#lanes = lanes;
  }

  static async open(url: string, connections: number): Promise<SpanSender> {
    const { hostname, port } = new URL(url);
    const lanes = Array.from({ length: connections }, () => Lane.open(hostname, Number(port)));
    return new SpanSender(await Promise.all(lanes));
  }

  /** A body after the other on every connection; with `perSecond`, no more than that many bodies a second in all. */
  async send(requests: readonly Buffer[], perSecond = Number.POSITIVE_INFINITY): Promise<Sent> {
    const latenciesMs: number[] = [];
    const start = performance.now();
    let next = 0;
    let refused = 0;
    const run = async (lane: Lane): Promise<void> => {
      for (let index = next++; index < requests.length; index = next++) {
        const due = start + (index * 1000) / perSecond;
        if (due > performance.now()) await pause(due - performance.now());
        let sentAt = performance.now();
        while ((await lane.request(requests[index] as Buffer)) !== 200) {
          refused += 1;
          await pause(pauseMs);
          sentAt = performance.now();
        }
        latenciesMs.push(performance.now() - sentAt);
      }
    };
    await Promise.all(this.#lanes.map(run));
    return { latenciesMs, refused };
  }

  close(): void {
    for (const lane of this.#lanes) lane.close();
  }
}

/** The whole request as it travels. */
export function spanRequest(packed: Buffer): Buffer {
  const head = [
    'POST /v1/traces HTTP/1.1',
    'host: hub',
    'content-type: application/x-protobuf',
    'content-encoding: gzip',
    `content-length: ${packed.length}`,
    '\r\n',
  ].join('\r\n');
  return Buffer.concat([Buffer.from(head), packed]);
}

/** One connection with one request at a time. */
class Lane {
  readonly #socket: Socket;
  #settle: ((status: number) => void) | undefined;
  #fail: ((error: Error) => void) | undefined;
  #answer = '';

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => this.#read(text));
    socket.on('error', (error) => this.#fail?.(error));
    socket.on('close', () => this.#fail?.(new Error('The hub closed a connection.')));
  }

  static open(host: string, port: number): Promise<Lane> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, host, () => resolve(new Lane(socket)));
      socket.once('error', reject);
    });
  }

  request(bytes: Buffer): Promise<number> {
    return new Promise((settle, fail) => {
      this.#settle = settle;
      this.#fail = fail;
      this.#socket.write(bytes);
    });
  }

  close(): void {
    this.#fail = undefined;
    this.#socket.destroy();
  }

  /** An answer is whole when its head and as many bytes as it announces are there. */
  #read(text: string): void {
    this.#answer += text;
    const end = this.#answer.indexOf('\r\n\r\n');
    if (end < 0) return;
    const length = Number(/content-length: (\d+)/i.exec(this.#answer)?.[1] ?? 0);
    if (this.#answer.length < end + 4 + length) return;
    const status = Number(this.#answer.slice(9, 12));
    this.#answer = '';
    if (status === 200 || status === 429 || status === 503) this.#settle?.(status);
    else this.#fail?.(new Error(`The hub answered ${status}.`));
  }
}

/** Timers are too coarse for less than a millisecond, which is then not waited for. */
function pause(ms: number): Promise<void> {
  return ms < 1 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms));
}
