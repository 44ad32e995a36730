import { expect, test } from 'vitest';
import { runSaga, type SagaStep } from './saga.ts';

function steps(log: string[], broken: { run?: string; undo?: string }): SagaStep[] {
  return ['reserve', 'charge', 'confirm'].map((name) => ({
    name,
    run: async () => {
      log.push(name);
      if (broken.run === name) throw new Error(`${name} failed`);
    },
    undo: async () => {
      log.push(`undo ${name}`);
      if (broken.undo === name) throw new Error(`undo ${name} failed`);
    },
  }));
}

test('steps run in order', async () => {
  const log: string[] = [];
  await runSaga(steps(log, {}));
  expect(log).toEqual(['reserve', 'charge', 'confirm']);
});

test.each([
  { failing: 'reserve', expected: ['reserve'] },
  { failing: 'charge', expected: ['reserve', 'charge', 'undo reserve'] },
  {
    failing: 'confirm',
    expected: ['reserve', 'charge', 'confirm', 'undo charge', 'undo reserve'],
  },
])(
  'when $failing fails, what was done before is undone last first',
  async ({ failing, expected }) => {
    const log: string[] = [];
    await expect(runSaga(steps(log, { run: failing }))).rejects.toThrow(`${failing} failed`);
    expect(log).toEqual(expected);
  },
);

test('an undo that fails does not stop the others and is reported', async () => {
  const log: string[] = [];
  const saga = runSaga(steps(log, { run: 'confirm', undo: 'charge' }));
  const error = await saga.catch((thrown: unknown) => thrown);
  expect(log.slice(-2)).toEqual(['undo charge', 'undo reserve']);
  expect(error).toBeInstanceOf(AggregateError);
  expect((error as AggregateError).errors.map(String)).toEqual([
    'Error: confirm failed',
    'Error: undo charge failed',
  ]);
});
