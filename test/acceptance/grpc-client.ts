import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';

/** What came of a call: the answer's bytes, or the status. */
export interface GrpcAnswer {
  readonly code: number;
  readonly message: string;
  readonly body: Buffer;
  /** Bytes of a google.rpc.Status, when one came. */
  readonly details: Buffer | undefined;
}

export interface GrpcCallOptions {
  readonly metadata?: Readonly<Record<string, string>>;
  readonly deadlineMs?: number;
  readonly gzip?: boolean;
}

export interface GrpcClient {
  call(path: string, body: Uint8Array, options?: GrpcCallOptions): Promise<GrpcAnswer>;
  /** Starts a call that is cancelled at once. */
  cancel(path: string, body: Uint8Array): Promise<GrpcAnswer>;
  /** Every message of a call with a stream as its answer, until `until` of them came or the server ends it. */
  stream(path: string, body: Uint8Array, until: number): Promise<readonly Buffer[]>;
  close(): void;
}

export const exportTraces = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';

const same = (bytes: Buffer): Buffer => bytes;

/** The real gRPC client of Node, without protobuf: bytes in, bytes out. */
export function grpcClient(url: string): GrpcClient {
  const options = { 'grpc.max_send_message_length': -1, 'grpc.enable_retries': 0 };
  const plain = new Client(new URL(url).host, credentials.createInsecure(), options);
  const packed = new Client(new URL(url).host, credentials.createInsecure(), {
    ...options,
    'grpc.default_compression_algorithm': 2,
  });
  return {
    call: (path, body, callOptions = {}) =>
      new Promise((resolve) => {
        start(callOptions.gzip ? packed : plain, { path, body, callOptions, resolve });
      }),
    cancel: (path, body) =>
      new Promise((resolve) => {
        start(plain, { path, body, callOptions: {}, resolve }).cancel();
      }),
    stream: (path, body, until) => readStream(plain, { path, body, until }),
    close: () => {
      plain.close();
      packed.close();
    },
  };
}

interface Started {
  readonly path: string;
  readonly body: Uint8Array;
  readonly callOptions: GrpcCallOptions;
  readonly resolve: (answer: GrpcAnswer) => void;
}

function start(client: Client, { path, body, callOptions, resolve }: Started) {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(callOptions.metadata ?? {})) metadata.set(name, value);
  const { deadlineMs = 20_000 } = callOptions;
  const deadline = Date.now() + deadlineMs;
  const answered = (error: ServiceError | null, answer?: Buffer): void => {
    const [details] = error?.metadata.get('grpc-status-details-bin') ?? [];
    resolve({
      code: error?.code ?? 0,
      message: error?.details ?? '',
      body: answer ?? Buffer.alloc(0),
      details: Buffer.isBuffer(details) ? details : undefined,
    });
  };
  return client.makeUnaryRequest(
    path,
    same,
    same,
    Buffer.from(body),
    metadata,
    { deadline },
    answered,
  );
}

function readStream(
  client: Client,
  {
    path,
    body,
    until,
  }: { readonly path: string; readonly body: Uint8Array; readonly until: number },
): Promise<readonly Buffer[]> {
  return new Promise((resolve) => {
    const messages: Buffer[] = [];
    const call = client.makeServerStreamRequest(path, same, same, Buffer.from(body));
    call.on('data', (message: Buffer) => {
      messages.push(message);
      if (messages.length === until) call.cancel();
    });
    call.on('error', () => resolve(messages));
    call.on('end', () => resolve(messages));
  });
}
