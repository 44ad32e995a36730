// Hot path: a call is an object with three objects in it, and copying one from thread to thread costs about 8 µs. As a row of
// numbers beside a list of texts it costs less than one.
import type { Call } from '@concordat/domain';

/** Calls as two values that travel between threads cheaply; only `unpackCalls` knows their order. */
export interface PackedCalls {
  readonly count: number;
  readonly texts: readonly string[];
  /** `rowWords` a call; its buffer may be transferred. */
  readonly words: Float64Array<ArrayBuffer>;
}

const rowWords = 20;
/** Index of a text that is not there. */
const none = -1;

const bits = { consumerVirtual: 1, providerVirtual: 2, failed: 4, inferred: 8 } as const;
const kinds = { http: 0, message: 1, other: 2 } as const;

export function packCalls(calls: readonly Call[]): PackedCalls {
  const texts = new Texts();
  const words = new Float64Array(calls.length * rowWords);
  calls.forEach((call, index) => {
    packCall(call, texts, words.subarray(index * rowWords));
  });
  return { count: calls.length, texts: texts.list, words };
}

export function unpackCalls({ count, texts, words }: PackedCalls): readonly Call[] {
  return Array.from({ length: count }, (_, index) =>
    unpackCall(texts, words.subarray(index * rowWords, (index + 1) * rowWords)),
  );
}

/** Texts, each once where they tend to come again. */
class Texts {
  readonly list: string[] = [];
  readonly #known = new Map<string, number>();

  shared(text: string | undefined): number {
    if (text === undefined) return none;
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const index = this.own(text);
    this.#known.set(text, index);
    return index;
  }

  own(text: string | undefined): number {
    return text === undefined ? none : this.list.push(text) - 1;
  }
}

function packCall(call: Call, texts: Texts, row: Float64Array): void {
  const { consumer, provider } = call;
  row[0] = texts.shared(consumer.service);
  row[1] = texts.shared(consumer.version);
  row[2] = texts.shared(provider.service);
  row[3] = texts.shared(provider.version);
  row[4] =
    (consumer.virtual ? bits.consumerVirtual : 0) +
    (provider.virtual ? bits.providerVirtual : 0) +
    (call.failed ? bits.failed : 0) +
    (call.inferred ? bits.inferred : 0);
  row[5] = texts.shared(call.environment);
  row[6] = texts.own(call.traceId);
  row[7] = texts.own(call.clientSpanId);
  row[8] = texts.own(call.serverSpanId);
  row[9] = call.atMicros;
  row[10] = call.clientDurationMicros ?? Number.NaN;
  row[11] = call.serverDurationMicros ?? Number.NaN;
  row[12] = call.weight;
  row[19] = call.transitMicros ?? Number.NaN;
  packExchange(call, texts, row);
}

function packExchange({ exchange }: Call, texts: Texts, row: Float64Array): void {
  if (exchange.kind === 'http') {
    row[13] = kinds.http;
    row[14] = texts.shared(exchange.method);
    row[15] = texts.shared(exchange.path);
    row[16] = texts.shared(exchange.query);
    row[17] = texts.shared(exchange.route);
    row[18] = exchange.status ?? Number.NaN;
  } else if (exchange.kind === 'message') {
    row[13] = kinds.message;
    row[14] = texts.shared(exchange.system);
    row[15] = texts.shared(exchange.destination);
    row[16] = texts.shared(exchange.event);
  } else {
    row[13] = kinds.other;
    row[14] = texts.shared(JSON.stringify(exchange));
  }
}

function unpackCall(texts: readonly string[], row: Float64Array): Call {
  const word = (at: number): number => row[at] as number;
  const flags = word(4);
  return {
    consumer: {
      service: textAt(texts, word(0)),
      version: texts[word(1)],
      virtual: (flags & bits.consumerVirtual) !== 0,
    },
    provider: {
      service: textAt(texts, word(2)),
      version: texts[word(3)],
      virtual: (flags & bits.providerVirtual) !== 0,
    },
    environment: texts[word(5)],
    exchange: unpackExchange(texts, row),
    traceId: textAt(texts, word(6)),
    clientSpanId: texts[word(7)],
    serverSpanId: texts[word(8)],
    atMicros: word(9),
    clientDurationMicros: numberAt(word(10)),
    serverDurationMicros: numberAt(word(11)),
    transitMicros: numberAt(word(19)),
    failed: (flags & bits.failed) !== 0,
    weight: word(12),
    inferred: (flags & bits.inferred) !== 0,
  };
}

function unpackExchange(texts: readonly string[], row: Float64Array): Call['exchange'] {
  const word = (at: number): number => row[at] as number;
  if (word(13) === kinds.http)
    return {
      kind: 'http',
      method: textAt(texts, word(14)),
      path: textAt(texts, word(15)),
      query: textAt(texts, word(16)),
      route: texts[word(17)],
      status: numberAt(word(18)),
    };
  if (word(13) === kinds.message)
    return {
      kind: 'message',
      system: textAt(texts, word(14)),
      destination: textAt(texts, word(15)),
      event: texts[word(16)],
    };
  return JSON.parse(textAt(texts, word(14))) as Call['exchange'];
}

function textAt(texts: readonly string[], index: number): string {
  return texts[index] as string;
}

function numberAt(word: number): number | undefined {
  return Number.isNaN(word) ? undefined : word;
}
