import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An answer on its way from a provider to its consumer. */
export interface PassingAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Mutation = (answer: PassingAnswer) => PassingAnswer;

/** Stands between a consumer and its provider and changes answers, as a deployment of another provider version would. */
export class MutatingProxy {
  readonly #target: URL;
  readonly #server = createServer((incoming, outgoing) => {
    this.#pass(incoming, outgoing).catch(() => outgoing.destroy());
  });
  #mutation: Mutation = (answer) => answer;

  constructor(target: string) {
    this.#target = new URL(target);
  }

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** From now on; without one answers pass as they are. */
  mutate(mutation: Mutation = (answer) => answer): void {
    this.#mutation = mutation;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { hostname, port } = this.#target;
    const { method, headers, url: path } = incoming;
    const asked = request({ hostname, port, path, method, headers });
    incoming.pipe(asked);
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    const changed = this.#mutation({
      status: answer.statusCode ?? 502,
      headers: Object.fromEntries(
        Object.entries(answer.headers).map(([name, value]) => [name, String(value)]),
      ),
      body: Buffer.concat(chunks).toString(),
    });
    const { 'content-length': _length, 'transfer-encoding': _coding, ...kept } = changed.headers;
    outgoing.writeHead(changed.status, kept).end(changed.body);
  }
}

type Fields = Record<string, unknown>;

/** Changes the JSON body of successful answers only, so that errors stay what they are. */
export function inBody(change: (fields: Fields) => unknown): Mutation {
  return (answer) => {
    if (answer.status >= 300 || answer.body === '') return answer;
    const fields = JSON.parse(answer.body) as Fields;
    return { ...answer, body: JSON.stringify(change(fields)) };
  };
}
