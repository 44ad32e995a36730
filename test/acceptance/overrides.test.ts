// Runs on the PostgreSQL of CONCORDAT_TEST_DATABASE_URL too.
import { appliedOverridesSchema } from '@concordat/api';
import { readCliEnvironment, runCli } from '@concordat/cli';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { otlpBody, requestSpans } from './observed-traffic.ts';
import { type Answer, ask } from './publishing.ts';
import { relationalDatabases, startHubOn } from './relational-databases.ts';
import type { TestHub } from './start-hub.ts';

/** What is wrong, by member. */
function errorsOf({ body }: Answer): Readonly<Record<string, readonly string[]>> {
  const errors: readonly { readonly pointer: string; readonly detail: string }[] = body.errors;
  return Object.fromEntries(errors.map(({ pointer, detail }) => [pointer.slice(1), [detail]]));
}

const JSON_TYPE = { accept: 'application/json' };

describe.each(relationalDatabases)('exceptions from can-i-deploy, on %s', (database) => {
  let hub: TestHub;

  beforeAll(async () => {
    hub = await startHubOn(database, {
      CONCORDAT_EVIDENCE_MINIMUM_CALLS: '2',
      CONCORDAT_EVIDENCE_MINIMUM_WINDOW_SECONDS: '0',
      CONCORDAT_PAIRING_WINDOW_SECONDS: '1',
    });
    const production = { name: 'production', production: true };
    const { body } = await ask(hub, 'POST /environments', { json: production });
    for (const consumer of ['web', 'app']) {
      const path = `/pacts/provider/shop/consumer/${consumer}/version/1`;
      const interactions = [interaction('an order', '/orders'), interaction('the stock', '/stock')];
      const json = { consumer: { name: consumer }, provider: { name: 'shop' }, interactions };
      expect((await ask(hub, `PUT ${path}`, { json })).status).toBe(201);
      const links = (await ask(hub, `GET ${path}`)).body._links;
      const results = new URL(links['pb:publish-verification-results'].href).pathname;
      const testResults = [
        { interactionDescription: 'an order', success: false },
        { interactionDescription: 'the stock', success: true },
      ];
      const result = { success: false, providerApplicationVersion: '8', testResults };
      expect((await ask(hub, `POST ${results}`, { json: result })).status).toBe(201);
      const deployed = `/pacticipants/${consumer}/versions/1/deployed-versions/environment/${body.uuid}`;
      expect((await ask(hub, `POST ${deployed}`, { json: {} })).status).toBe(201);
    }
  });
  afterAll(() => hub.close());

  function interaction(description: string, path: string): object {
    return { description, request: { method: 'GET', path }, response: { status: 200 } };
  }

  const question = '/can-i-deploy?pacticipant=shop&version=8&environment=production';
  const wanted = {
    ...{ pacticipant: 'shop', version: '8', environment: 'production' },
    ...{ reason: 'the web team knows', by: 'ada' },
  };
  const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

  function add(changes: object = {}): Promise<Answer> {
    const json = { ...wanted, until: inDays(2), ...changes };
    return ask(hub, 'POST /insights/overrides', { json, headers: JSON_TYPE });
  }

  async function list(query = ''): Promise<readonly { readonly id: string }[]> {
    const { body } = await ask(hub, `GET /insights/overrides${query}`, { headers: JSON_TYPE });
    return body.overrides;
  }

  async function concordat(line: string | readonly string[]) {
    const args = typeof line === 'string' ? line.split(' ') : line;
    const [result, notes]: [string[], string[]] = [[], []];
    const code = await runCli([...args, '-b', hub.url], {
      environment: readCliEnvironment({}),
      output: { result: (text) => void result.push(text), note: (text) => void notes.push(text) },
      cwd: process.cwd(),
      signal: new AbortController().signal,
    });
    return { code, text: result.join('\n'), notes: notes.join('\n') };
  }

  async function actions(): Promise<readonly string[]> {
    const { body } = await ask(hub, 'GET /audit?action=override&size=50', { headers: JSON_TYPE });
    return body.entries.map(({ action }: { action: string }) => action);
  }

  describe('an override that cannot be kept is refused with everything that is wrong', () => {
    test.each<[string, object, object]>([
      ['no reason', { reason: '' }, { reason: ['must say why'] }],
      ['no name', { by: undefined }, { by: [expect.stringContaining('must say who')] }],
      ['the past', { until: '2020-01-01' }, { until: ['must be in the future'] }],
      ['a year', { until: inDays(365) }, { until: [expect.stringContaining('within 90 days')] }],
      ['soon', { until: 'soon' }, { until: [expect.stringContaining('must be a time')] }],
      ['a number that is no time', { until: '7' }, { until: [expect.any(String)] }],
      [
        'names that nobody knows',
        { pacticipant: 'shoop', environment: 'prod', consumer: 'wep' },
        {
          pacticipant: ["'shoop' is not known"],
          environment: ["'prod' is not known"],
          consumer: ["'wep' is not known"],
        },
      ],
      ['a version that nobody knows', { version: '9' }, { version: ["'9' is not known"] }],
      ['both sides', { consumer: 'web', provider: 'shop' }, { consumer: [expect.any(String)] }],
      ['no text', { version: 8 }, { version: [expect.stringContaining('expected string')] }],
    ])('%s', async (...[, changes, errors]) => {
      const answer = await add(changes);
      expect([answer.status, errorsOf(answer)]).toEqual([400, errors]);
      expect(await list()).toEqual([]);
    });

    test('what is no JSON, and what has another member', async () => {
      expect(
        (await ask(hub, 'POST /insights/overrides', { raw: '{', headers: JSON_TYPE })).status,
      ).toBe(400);
      expect((await add({ forever: true })).status).toBe(400);
    });
  });

  test('the answer without asking for more is the same, byte for byte, with and without traffic and overrides', async () => {
    const forms = [
      question,
      '/can-i-deploy?pacticipant=shop&version=8&environment=production&window=7d',
      '/matrix?q[][pacticipant]=shop&q[][version]=8&latestby=cvpv&environment=production',
    ];
    const texts = () =>
      Promise.all(forms.map(async (path) => (await ask(hub, `GET ${path}`)).text));
    const before = await texts();
    expect(before[0]).toBe(before[1]);
    const { body } = await add();
    const response = await fetch(`${hub.url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: otlpBody(
        ['web', 'web', 'app', 'app'].flatMap((name) =>
          requestSpans({
            consumer: { name, version: '1', environment: 'production' },
            provider: { name: 'shop', version: '7', environment: 'production' },
            ...{ request: 'GET /stock', route: '/stock' },
          }),
        ),
      ),
    });
    expect(response.status).toBe(200);
    const more = await ask(hub, `GET ${question}&evidence=traffic&overrides=true`);
    expect(more.body.overrides.covered).toBe(true);
    expect(more.body.evidence.verdict).toBe('unaffected');
    const { evidence, overrides, ...rest } = more.body;
    expect(JSON.stringify(rest)).toBe(JSON.stringify(JSON.parse(before[0] ?? '')));
    expect(await texts()).toEqual(before);
    const remove = await ask(hub, `DELETE /insights/overrides/${body.id}`, { headers: JSON_TYPE });
    expect(remove.status).toBe(204);
    expect(await texts()).toEqual(before);
  });

  test('an override lives: it is added, listed, shown, used and taken back, and the audit log has it all', async () => {
    const added = await add({ consumer: 'web' });
    expect(added.status).toBe(201);
    expect(added.headers.get('location')).toBe(`${hub.url}/insights/overrides/${added.body.id}`);
    expect(added.body).toMatchObject({ ...wanted, consumer: 'web', provider: null });
    expect(await list('?pacticipant=shop&version=8&environment=production')).toEqual([added.body]);
    expect(await list('?environment=elsewhere')).toEqual([]);

    const shown = (await ask(hub, `GET ${question}&overrides=true`)).body;
    expect(shown.summary.deployable).toBe(false);
    const overrides = appliedOverridesSchema.parse(shown.overrides);
    expect(overrides.covered).toBe(false);
    expect(overrides.rows.map(({ consumer, override }) => [consumer?.name, override?.id])).toEqual([
      ['app', undefined],
      ['web', added.body.id],
    ]);
    const excused = { ...shop8(), overrides: true };
    const half = await accept(excused);
    expect(half.body).toMatchObject({ deployable: false, accepted: false });
    const other = await add({ consumer: 'app' });
    const whole = await accept(excused);
    expect(whole.body.rows).toMatchObject([{ acceptedBy: 'override' }, { acceptedBy: 'override' }]);
    expect(whole.body.accepted).toBe(true);

    for (const { body } of [added, other]) {
      const path = `DELETE /insights/overrides/${body.id}`;
      expect((await ask(hub, path, { headers: JSON_TYPE })).status).toBe(204);
      expect((await ask(hub, path, { headers: JSON_TYPE })).status).toBe(404);
    }
    expect((await actions()).slice(0, 5)).toEqual([
      ...['override.remove', 'override.remove', 'override.use', 'override.add', 'override.add'],
    ]);
    const { body } = await ask(hub, 'GET /audit?action=override.use', { headers: JSON_TYPE });
    expect(body.entries[0]).toMatchObject({
      pacticipants: ['shop'],
      names: {
        ...{ version: '8', environment: 'production' },
        overrides: `${other.body.id} ${added.body.id}`,
      },
    });
  });

  test('an override that has ended is gone by itself, and that is in the audit log', async () => {
    const { body } = await add({ until: new Date(Date.now() + 300).toISOString() });
    await vi.waitFor(async () => expect(await list()).toEqual([]), 10_000);
    const log = await ask(hub, 'GET /audit?action=override.expire', { headers: JSON_TYPE });
    expect(log.body.entries).toMatchObject([
      {
        actor: { kind: 'hub', name: 'expiry' },
        pacticipants: ['shop'],
        names: { id: body.id, version: '8', environment: 'production', until: body.until },
      },
    ]);
    expect((await ask(hub, `GET ${question}&overrides=true`)).body.overrides.covered).toBe(false);
  });

  const shop8 = () => ({ pacticipant: 'shop', version: '8', environment: 'production' });

  function accept(json: object): Promise<Answer> {
    return ask(hub, 'POST /insights/acceptances', { json, headers: JSON_TYPE });
  }

  describe('an acceptance', () => {
    test('of what traffic shows to be unaffected needs no override, and is in the audit log', async () => {
      const { body } = await accept({ ...shop8(), unaffected: true, window: '1h' });
      expect(body).toMatchObject({
        deployable: false,
        accepted: true,
        rows: [{ verdict: 'unaffected', acceptedBy: 'unaffected', override: null }, {}],
      });
      const log = await ask(hub, 'GET /audit?action=deployment.accept', { headers: JSON_TYPE });
      expect(log.body.entries[0].names).toEqual({
        ...{ version: '8', environment: 'production', unaffected: '2' },
      });
    });

    test('of nothing is none', async () => {
      const ignored = { ...shop8(), overrides: true, ignore: ['web', 'app'] };
      expect((await accept(ignored)).body).toEqual({ deployable: true, accepted: false, rows: [] });
    });

    test.each<[object, string]>([
      [{}, 'unaffected'],
      [{ overrides: true, environment: 'moon' }, 'environment'],
      [{ unaffected: true, window: 'long' }, 'window'],
      [{ overrides: true, pacticipant: 'nobody' }, 'pacticipant'],
    ])('that makes no sense is refused: %j', async (changes, member) => {
      const answer = await accept({ ...shop8(), ...changes });
      expect([answer.status, Object.keys(errorsOf(answer))]).toEqual([400, [member]]);
    });
  });

  describe('the command line', () => {
    const deploy = 'can-i-deploy -a shop -e 8 --to-environment production';

    test('says no, and what traffic says beside it', async () => {
      const { code, text } = await concordat(`${deploy} --evidence traffic --window 1h`);
      expect(code).toBe(1);
      expect(text).toContain('✕ no');
      expect(text).toMatch(/Traffic in production since \d{4}-.*:/);
      expect(text).toContain('✓ unaffected  web 1 → shop 8');
      expect(text).toContain('"an order" was not used in production in 2 calls');
      const plain = await concordat(deploy);
      expect([plain.code, text.startsWith(plain.text)]).toEqual([1, true]);
    });

    test('ends with 0 only when it was told to accept, and says so', async () => {
      const { code, text } = await concordat(`${deploy} --accept unaffected --window 1h`);
      expect(code).toBe(0);
      expect(text).toContain('✕ no');
      expect(text).toContain('✓ accepted in spite of the answer above');
      const json = await concordat(`${deploy} --accept unaffected --json`);
      expect(JSON.parse(json.text)).toMatchObject({
        deployable: false,
        acceptance: { accepted: true },
      });
      const tag = await concordat('can-i-deploy -a shop -e 8 --to production --accept unaffected');
      expect([tag.code, tag.notes]).toEqual([2, expect.stringContaining('--to-environment')]);
    });

    test('keeps overrides, and applies them when it is told to', async () => {
      const where = '-a shop -e 8 --environment production';
      const none = await concordat(`${deploy} --apply-overrides`);
      expect([none.code, none.text]).toEqual([1, expect.stringContaining('2 of 2 obstacles')]);
      const json = await concordat(
        `override add ${where} --reason known --until 48h --by bo --json`,
      );
      const { id, until } = JSON.parse(json.text) as { id: string; until: string };
      expect(new Date(until).getTime()).toBeGreaterThan(Date.now() + 47 * 3_600_000);
      const { text } = await concordat('override list -a shop --environment production');
      expect(text).toMatch(new RegExp(`${id} +shop 8 +production +everybody +${until} +bo +known`));
      const { code, text: told } = await concordat(`${deploy} --apply-overrides`);
      expect([code, told]).toEqual([0, expect.stringContaining(`override of bo until ${until}`)]);
      expect((await concordat(deploy)).code).toBe(1);
      const evident = await concordat(`${deploy} --evidence traffic`);
      expect([evident.code, evident.text]).toEqual([1, expect.stringContaining('override of bo')]);
      expect((await concordat(`override remove ${id}`)).code).toBe(0);
      expect((await concordat('override list')).text).toBe('Nothing is excused.');
      const again = await concordat(`override remove ${id}`);
      expect([again.code, again.notes]).toEqual([
        2,
        expect.stringContaining('No override in force'),
      ]);
      const wrong = await concordat(`override add ${where} --reason x --until soon`);
      expect([wrong.code, wrong.notes]).toEqual([2, expect.stringContaining('Give ISO 8601')]);
      const late = await concordat(`override add ${where} --reason x --until 2020-01-01`);
      expect([late.code, late.notes]).toEqual([2, expect.stringContaining('in the future')]);
    });

    test('tells whether something can be removed', async () => {
      const promised = await concordat(['can-i-remove', 'shop', 'GET /orders']);
      expect(promised.code).toBe(1);
      expect(promised.text).toContain('✕ no: GET /orders of shop');
      expect(promised.text).toContain('promised by\n      app 1 (production): an order');
      const called = await concordat([
        'can-i-remove',
        'shop',
        'get /stock/',
        '--environment',
        'production',
      ]);
      expect(called.text).toMatch(/web 1 in production: 2 times in the window, last .* trace \w+/);
      const field = await concordat([
        'can-i-remove',
        'shop',
        'GET /stock',
        '--field',
        '/level',
        '--json',
      ]);
      expect([field.code, JSON.parse(field.text).answer]).toEqual([2, 'cannot-tell']);
      const near = await concordat(['can-i-remove', 'shop', 'GET /order', '--window', '1h']);
      expect([near.code, near.notes]).toEqual([
        2,
        expect.stringContaining('Did you mean GET /orders'),
      ]);
      const both = await concordat(['can-i-remove', 'shop', 'GET /orders', '--event', 'x']);
      expect([both.code, both.notes]).toEqual([2, expect.stringContaining('and not both')]);
    });
  });
});
