import {
  decodeOtlp,
  encodeRequest,
  encodeSpan,
  openSpanStore,
  ProtobufWriter,
  writeAttributes,
} from '@concordat/hub';

/**
 * Stores spans until it is killed: one trace a flush, named after the number of the flush, which it prints when the trace is on
 * the disk. Its clock runs so fast that a segment is closed every second flush, and old ones go all the time.
 */
const [directory = '', first = '1'] = process.argv.slice(2);
const hour = 3_600_000_000;
const spansPerTrace = 500;
const { store } = await openSpanStore(
  directory,
  { maxQueueBytes: 64_000_000, retentionMicros: 2_400 * hour, retentionBytes: 1e9 },
  (_level, message, fields) => process.stderr.write(`${message} ${JSON.stringify(fields)}\n`),
);
const resource = writeAttributes(new ProtobufWriter(), 1, { 'service.name': 'orders' }).finish();
const isNew = new Uint8Array(spansPerTrace).fill(1);

for (let number = Number(first); ; number += 1) {
  const nowMicros = 1_790_000_000_000_000 + number * 51 * hour;
  const spans = Array.from({ length: spansPerTrace }, (_, at) => spanOf(number, at, nowMicros));
  const body = encodeRequest([{ resource, scope: Buffer.alloc(0), spans }]);
  store.accept(decodeOtlp(body), isNew, nowMicros);
  const before = store.counts().failedWrites;
  await store.flush();
  if (store.counts().failedWrites > before) throw new Error('A write failed.');
  if (number % 5 === 0) await store.prune(nowMicros);
  process.stdout.write(`${number}\n`);
}

function spanOf(number: number, at: number, nowMicros: number): Buffer {
  const spanId = Buffer.alloc(8);
  spanId.writeUInt32BE(at + 1);
  return encodeSpan({
    traceId: Buffer.from(number.toString(16).padStart(32, '0'), 'hex'),
    spanId,
    ...{
      parentSpanId: Buffer.alloc(0),
      traceState: '',
      flags: 0,
      name: `call ${at % 40}`,
      kind: 2,
    },
    startNanos: BigInt(nowMicros) * 1000n,
    endNanos: BigInt(nowMicros + at) * 1000n,
    ...{ attributes: { number }, events: [], links: [], statusCode: 0, statusMessage: '' },
  });
}
