import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { relationalDatabases, startHubOn } from './relational-databases.ts';
import { decisionExchanges } from './ruby-cli/decision-exchanges.ts';
import { resourceExchanges } from './ruby-cli/resource-exchanges.ts';
import { RubyScene } from './ruby-cli/ruby-scene.ts';
import { webhookExchanges } from './ruby-cli/webhook-exchanges.ts';
import type { TestHub } from './start-hub.ts';

/** Runs on the PostgreSQL of CONCORDAT_TEST_DATABASE_URL too. */
describe.each(relationalDatabases)(
  'what the Ruby command line expects of a broker, on %s',
  (on) => {
    let hub: TestHub;
    let scene: RubyScene;

    beforeAll(async () => {
      hub = await startHubOn(on);
      scene = new RubyScene(hub);
    });

    afterAll(() => hub.close());

    beforeEach(() => scene.empty());

    for (const each of [...resourceExchanges, ...decisionExchanges, ...webhookExchanges]) {
      test(each.title, async () => {
        await each.given?.(scene);
        const answer = await scene.send(each.request(scene));
        expect(answer.status, answer.text).toBe(each.status);
        if (each.reads === undefined) return;
        expect(answer.headers['content-type']).toBe('application/hal+json;charset=utf-8');
        expect(answer.body).toMatchObject(each.reads(scene));
      });
    }
  },
);
