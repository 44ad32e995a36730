import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import amqp from 'amqplib';
import pg from 'pg';
import { expect, test } from 'vitest';

const run = promisify(execFile);

test.runIf(process.env.CONCORDAT_TEST_AMQP_URL)(
  'the RabbitMQ of this run takes a message',
  async () => {
    const connection = await amqp.connect(process.env.CONCORDAT_TEST_AMQP_URL ?? '');
    const channel = await connection.createChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    channel.sendToQueue(queue, Buffer.from('hello'));
    await expect
      .poll(async () =>
        ((await channel.get(queue, { noAck: true })) || undefined)?.content.toString(),
      )
      .toBe('hello');
    expect(connection.connection.serverProperties.product).toBe('RabbitMQ');
    await connection.close();
  },
);

test.runIf(process.env.CONCORDAT_TEST_DATABASE_URL)(
  'the PostgreSQL of this run answers a query',
  async () => {
    const client = new pg.Client(process.env.CONCORDAT_TEST_DATABASE_URL);
    await client.connect();
    const { rows } = await client.query<{ version: string }>('select version() as version');
    expect(rows[0]?.version).toMatch(/^PostgreSQL \d+/);
    await client.end();
  },
);

test.runIf(process.env.CONCORDAT_TEST_PROMETHEUS)(
  'the Prometheus of this run says its version',
  async () => {
    const { stdout, stderr } = await run(process.env.CONCORDAT_TEST_PROMETHEUS ?? '', [
      '--version',
    ]);
    expect(`${stdout}${stderr}`).toMatch(/prometheus, version \d+\.\d+/);
  },
);

test.runIf(process.env.CONCORDAT_TEST_CHROMIUM)(
  'the Chromium of this run says its version',
  async () => {
    const { stdout } = await run(process.env.CONCORDAT_TEST_CHROMIUM ?? '', ['--version']);
    expect(stdout).toMatch(/Chromium \d+/);
  },
);
