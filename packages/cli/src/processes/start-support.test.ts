import { afterEach, expect, test } from 'vitest';
import { startSupport } from './start-support.ts';
import { Supervisor } from './supervisor.ts';

const supervisor = new Supervisor();
afterEach(() => supervisor.stopAll());

const bus = {
  name: 'bus',
  variable: 'AMQP_URL',
  value: 'amqp://127.0.0.1:{port}',
  process: {
    command: [
      'node',
      '-e',
      `require('http').createServer((q, r) => r.end()).listen(Number(process.env.PORT), '127.0.0.1')`,
    ],
    health: '/health',
  },
};
const context = { supervisor, root: process.cwd(), signal: new AbortController().signal };

test('a support process is started, and its variable names the port it was given', async () => {
  const { AMQP_URL } = await startSupport([bus], { ...context, variables: { AMQP_URL: '' } });
  expect(AMQP_URL).toMatch(/^amqp:\/\/127\.0\.0\.1:\d+$/);
  const answer = await fetch(`${AMQP_URL?.replace('amqp', 'http')}/health`);
  expect(answer.status).toBe(200);
});

test('one that the environment names already is used and not started', async () => {
  const variables = { AMQP_URL: 'amqp://rabbit.example' };
  const broken = { ...bus, process: { ...bus.process, command: ['no-such-program'] } };
  expect(await startSupport([broken], { ...context, variables })).toEqual(variables);
});
