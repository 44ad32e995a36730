import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Verifier } from '@pact-foundation/pact';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { committedPactPath } from './committed-pact.ts';
import { readServiceConfig } from './config.ts';
import { gatewayService } from './gateway/gateway-service.ts';
import { inventoryService } from './inventory/inventory-service.ts';
import { ordersService } from './orders/orders-service.ts';
import { paymentsService } from './payments/payments-service.ts';
import { type RunningService, runService } from './service/run-service.ts';

const pactFolder = dirname(committedPactPath('any', 'any'));

describe.each([
  { provider: 'inventory', build: inventoryService, pacts: 1 },
  { provider: 'payments', build: paymentsService, pacts: 1 },
  { provider: 'gateway', build: gatewayService, pacts: 1 },
  { provider: 'orders', build: ordersService, pacts: 3 },
])('$provider keeps what its consumers were promised', ({ provider, build, pacts }) => {
  let running: RunningService;

  beforeAll(async () => {
    running = await runService(build, readServiceConfig({ CONCORDAT_VERIFYING: '1' }));
  });

  afterAll(() => running.stop());

  test('every pact is verified by the official verifier', async () => {
    const files = (await readdir(pactFolder)).filter((name) => name.endsWith(`-${provider}.json`));
    expect(files).toHaveLength(pacts);
    const { port } = new URL(running.url);
    const result = await new Verifier({
      provider,
      providerBaseUrl: running.url,
      providerStatesSetupUrl: `${running.url}/_pact/provider-states`,
      transports: [
        { protocol: 'message', scheme: 'http', port: Number(port), path: '/_pact/messages' },
      ],
      pactUrls: files.map((name) => join(pactFolder, name)),
      logLevel: 'error',
    }).verifyProvider();
    expect(JSON.parse(result)).toMatchObject({ result: true, errors: [] });
  });

  test('an unknown provider state is refused with the known ones', async () => {
    const response = await fetch(`${running.url}/_pact/provider-states`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ state: 'the moon is full', action: 'setup' }),
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'UNKNOWN_PROVIDER_STATE' });
  });

  test('an unknown message is refused', async () => {
    const response = await fetch(`${running.url}/_pact/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ description: 'something happened' }),
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'UNKNOWN_MESSAGE' });
  });
});
