import { expect, test } from 'vitest';
import { type BusinessEvent, Events, pacticipantsOf } from './events.ts';
import { createLog } from './log.ts';

const event = { kind: 'contractsDeleted', at: new Date(0) } as const;

test('subscribers are told in order, and one that fails is logged without stopping the rest', async () => {
  const lines: string[] = [];
  const events = new Events(createLog('info', (line) => lines.push(line)));
  const told: string[] = [];
  events.subscribe(() => {
    told.push('first');
    throw new Error('broken');
  });
  events.subscribe(async () => {
    told.push('second');
    throw 'no error at all';
  });
  await events.emit(event);
  expect(told).toEqual(['first', 'second']);
  const logged = lines.map((line) => JSON.parse(line));
  expect(logged.map(({ level, message }) => [level, message])).toEqual([
    ['info', 'contractsDeleted'],
    ['error', 'a subscriber failed'],
    ['error', 'a subscriber failed'],
  ]);
  expect(logged[1].error).toContain('broken');
});

test('lines below the level are not written', async () => {
  const lines: string[] = [];
  await new Events(createLog('warn', (line) => lines.push(line))).emit(event);
  expect(lines).toEqual([]);
});

test.each([
  [{ kind: 'contractPublished', consumer: 'web', provider: 'shop' }, ['web', 'shop']],
  [{ kind: 'verificationPublished', consumer: 'web', provider: 'shop' }, ['web', 'shop']],
  [{ kind: 'versionLabelsChanged', pacticipant: 'web' }, ['web']],
  [{ kind: 'deploymentRecorded', pacticipant: 'web' }, ['web']],
  [{ kind: 'providerContractPublished', provider: 'shop' }, ['shop']],
  [{ kind: 'contractsDeleted' }, undefined],
  [{ kind: 'contractsImported' }, undefined],
])('%j is about %j', (told, pacticipants) => {
  expect(pacticipantsOf({ at: new Date(0), ...told } as BusinessEvent)).toEqual(pacticipants);
});
