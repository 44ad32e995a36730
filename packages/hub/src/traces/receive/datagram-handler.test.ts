import { expect, test } from 'vitest';
import { AnswerCounts } from './answer-counts.ts';
import { BodyBudget } from './body-budget.ts';
import { createDatagramHandler } from './datagram-handler.ts';
import type { Receipt, SpanBody } from './span-intake.ts';

/** `emitBatch` with a struct that ends at once. */
const message = Buffer.concat([
  Buffer.from([0x80, 1, 0, 4, 0, 0, 0, 9]),
  Buffer.from('emitBatch'),
  Buffer.from([0, 0, 0, 1, 12, 0, 1, 0, 0]),
]);
const taken: Receipt = { kind: 'taken', accepted: 1, rejected: 0, reasons: [] };

function handling(take: (body: SpanBody) => Promise<Receipt>, maxBytes = 1_000_000) {
  const answers = new AnswerCounts();
  const unreadable: string[] = [];
  const logged: string[] = [];
  const handle = createDatagramHandler({
    intake: {
      refusalFor: () => undefined,
      take,
      countUnkept: () => undefined,
      countUnreadable: (transport) => unreadable.push(transport),
    },
    budget: new BodyBudget(maxBytes),
    answers,
    log: (_level, text) => void logged.push(text),
  });
  return { handle, unreadable, logged, counts: () => answers.figures()['jaeger-udp'] };
}

test('a datagram is handed on as the bare batch', async () => {
  const bodies: SpanBody[] = [];
  const { handle, counts } = handling(async (body) => {
    bodies.push(body);
    return taken;
  });
  await handle(message);
  expect(bodies).toMatchObject([{ format: 'jaeger-thrift', transport: 'jaeger-udp' }]);
  expect([...(bodies[0]?.bytes ?? [])]).toEqual([0, 0]);
  expect(counts()).toEqual({ taken: 1 });
});

test('what the intake refuses is counted by its reason', async () => {
  const { handle, counts } = handling(async () => ({
    kind: 'refused',
    reason: 'overloaded',
    message: '',
  }));
  await handle(message);
  expect(counts()).toEqual({ overloaded: 1 });
});

test('rubbish is counted, and never handed on', async () => {
  const { handle, counts, unreadable } = handling(() => Promise.reject(new Error('handed on')));
  await handle(Buffer.from('rubbish'));
  expect([counts(), unreadable]).toEqual([{ undecodable: 1 }, ['jaeger-udp']]);
});

test('a bug is counted and logged', async () => {
  const { handle, counts, logged } = handling(() => Promise.reject(new Error('bug')));
  await handle(message);
  expect([counts(), logged]).toEqual([{ failed: 1 }, ['receiving a datagram failed']]);
});

test.each([
  ['packets', 1_000, 1_000_000],
  ['bytes', 10, 10 * message.length + 5],
])('more %s than may wait are dropped and counted', async (_what, most, maxBytes) => {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { handle, counts } = handling(() => released.then(() => taken), maxBytes);
  const handled = Array.from({ length: most + 7 }, () => handle(message));
  release();
  await Promise.all(handled);
  expect(counts()).toEqual({ taken: most, overloaded: 7 });
  await handle(message);
  expect(counts()).toEqual({ taken: most + 1, overloaded: 7 });
});
