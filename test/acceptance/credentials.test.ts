import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aPublication, ask } from './publishing.ts';
import { startTestHub, type TestHub } from './start-hub.ts';

const basic = (user: string) => ({
  authorization: `Basic ${Buffer.from(user).toString('base64')}`,
});
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe('with users and tokens', () => {
  let hub: TestHub;

  beforeAll(async () => {
    hub = await startTestHub({
      env: {
        PACT_BROKER_BASIC_AUTH_USERNAME: 'writer',
        PACT_BROKER_BASIC_AUTH_PASSWORD: 'w:p',
        PACT_BROKER_BASIC_AUTH_READ_ONLY_USERNAME: 'reader',
        PACT_BROKER_BASIC_AUTH_READ_ONLY_PASSWORD: 'rp',
        PACT_BROKER_PUBLIC_HEARTBEAT: 'true',
        CONCORDAT_TOKENS: 'read=looks publish=builds admin=rules',
      },
    });
  });

  afterAll(() => hub.close());

  const publishing = { json: aPublication() };

  test.each<[string, string, Record<string, string>, number]>([
    ['nobody may look', 'GET /pacticipants', {}, 401],
    ['nobody may ask for the options', 'OPTIONS /pacticipants', {}, 401],
    ['a probe may ask for the heartbeat', 'GET /diagnostic/status/heartbeat', {}, 200],
    ['the reader may look', 'GET /pacticipants', basic('reader:rp'), 200],
    ['the reader may not publish', 'POST /contracts/publish', basic('reader:rp'), 401],
    ['the writer may publish', 'POST /contracts/publish', basic('writer:w:p'), 200],
    ['the writer may delete', 'DELETE /pacticipants/none', basic('writer:w:p'), 404],
    ['a wrong password is refused', 'GET /pacticipants', basic('writer:wp'), 401],
    ['a name without a password is refused', 'GET /pacticipants', basic('writer'), 401],
    ['a read token may look', 'GET /pacticipants', bearer('looks'), 200],
    ['a read token may not publish', 'POST /contracts/publish', bearer('looks'), 401],
    ['a publish token may publish', 'POST /contracts/publish', bearer('builds'), 200],
    ['a publish token may not delete', 'DELETE /pacticipants/none', bearer('builds'), 401],
    ['an admin token may delete', 'DELETE /pacticipants/none', bearer('rules'), 404],
    ['an unknown token is refused', 'GET /pacticipants', bearer('guess'), 401],
    ['an unknown scheme is refused', 'GET /pacticipants', { authorization: 'Digest x' }, 400],
    ['a missing page is not told to strangers', 'GET /no/such/page', {}, 401],
  ])('%s', async (...[, target, headers, status]) => {
    const body = target.startsWith('POST') ? publishing : {};
    const answer = await ask(hub, target, { ...body, headers });
    expect(answer.status).toBe(status);
    if (status !== 401) return;
    expect(answer.headers.get('www-authenticate')).toBe('Basic realm="Restricted area"');
    expect(answer.text).toBe('');
  });

  test('spans need credentials too', async () => {
    const answer = await ask(hub, 'POST /v1/traces', { json: { resourceSpans: [] } });
    expect(answer.status).toBe(401);
  });
});

test('reading can be opened to everybody', async () => {
  const hub = await startTestHub({
    env: { PACT_BROKER_ALLOW_PUBLIC_READ: 'true', CONCORDAT_TOKENS: 'publish=builds' },
  });
  const read = await ask(hub, 'GET /pacticipants');
  const write = await ask(hub, 'PUT /pacticipants/a', { json: {} });
  await hub.close();
  expect([read.status, write.status]).toEqual([200, 401]);
});
