import { Verifier } from '@pact-foundation/pact';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RecordingProvider, startProvider } from './pact-verifier/recording-provider.ts';
import { aContract, aPact, ask } from './publishing.ts';
import { startTestHub, type TestHub } from './start-hub.ts';

function interaction(path: string, more: object = {}): object {
  return {
    type: 'Synchronous/HTTP',
    description: `get ${path}`,
    request: { method: 'GET', path },
    response: {
      status: 200,
      headers: { 'Content-Type': ['application/json'] },
      body: { contentType: 'application/json', content: { id: 1 } },
    },
    ...more,
  };
}

/** The provider answers `/kept` as promised, `/soon` and `/broken` otherwise. */
describe('interactions of version 4 that are pending, with the official verifier', () => {
  let hub: TestHub;
  let provider: RecordingProvider;

  beforeAll(async () => {
    hub = await startTestHub();
    provider = await startProvider({ '/kept': '{"id":1}', '/soon': '{}', '/broken': '{"id":"x"}' });
  });

  afterAll(async () => {
    provider.close();
    await hub.close();
  });

  async function verified(version: string, interactions: readonly object[]) {
    const metadata = { pactSpecification: { version: '4.0' } };
    const json = {
      pacticipantName: 'web',
      pacticipantVersionNumber: version,
      branch: 'main',
      contracts: [aContract({}, JSON.stringify(aPact({ interactions, metadata })))],
    };
    expect((await ask(hub, 'POST /contracts/publish', { json })).status).toBe(200);
    await new Verifier({
      provider: 'shop',
      providerBaseUrl: provider.url,
      logLevel: 'error',
      publishVerificationResult: true,
      pactBrokerUrl: hub.url,
      providerVersion: version,
      consumerVersionSelectors: [{ latest: true }],
    })
      .verifyProvider()
      .catch(() => undefined);
    const path = `GET /pacts/provider/shop/consumer/web/version/${version}/verification-results/latest`;
    const result = await ask(hub, path);
    const [, link = ''] = /<([^>]+)>/.exec(result.headers.get('link') ?? '') ?? [];
    const report = await ask(hub, `GET ${new URL(link).pathname}`);
    const question = `/matrix?q[][pacticipant]=web&q[][version]=${version}&latestby=cvpv`;
    const matrix = await ask(hub, `GET ${question}&reasons=interactions`);
    return { result: result.body, report: report.body, matrix: matrix.body };
  }

  test('their failure alone does not stand in the way', async () => {
    const { result, report, matrix } = await verified('1', [
      interaction('/kept'),
      interaction('/soon', { pending: true }),
    ]);
    expect(result.success).toBe(false);
    expect(report.interactions).toMatchObject([
      { description: 'get /kept', pending: false, result: 'passed' },
      { description: 'get /soon', pending: true, result: 'failed' },
    ]);
    expect(matrix.summary).toMatchObject({ deployable: true, success: 1, failed: 0 });
    expect(matrix.reasons).toMatchObject([
      {
        situation: 'pending-failure',
        blocking: false,
        whoMustAct: null,
        interactions: { failed: 1, items: [{ description: 'get /soon', pending: true }] },
      },
    ]);
  });

  test('another failure does', async () => {
    const { result, report, matrix } = await verified('2', [
      interaction('/kept'),
      interaction('/soon', { pending: true }),
      interaction('/broken'),
    ]);
    expect(result.success).toBe(false);
    expect(report.summary).toEqual({ passed: 1, failed: 2, notReported: 0 });
    expect(matrix.summary).toMatchObject({ deployable: false, failed: 1 });
    const mismatch = { attribute: 'body', identifier: '$.id', description: expect.any(String) };
    expect(matrix.reasons[0]).toMatchObject({ situation: 'never-kept', blocking: true });
    expect(matrix.reasons[0].interactions.items[1]).toMatchObject({
      description: 'get /broken',
      mismatches: [mismatch],
    });
  });
});
