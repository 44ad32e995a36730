// @vitest-environment happy-dom
import { type FindingResource, InsightsError, type RecordRunning } from '@concordat/api';
import { act } from 'react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { EventStream } from '../data/news.ts';
import { DeploymentsPage } from '../deployments/deployments-view.tsx';
import { readUntil } from '../findings/acknowledging.tsx';
import { FindingCard } from '../findings/finding-card.tsx';
import { RemovalAnswer } from '../integration/can-i-remove.tsx';
import { UsageTable } from '../integration/version-usage.tsx';
import {
  aCaller,
  aDeployment,
  aRemoval,
  aRunningVersion,
  aSuggestion,
  aUsage,
} from '../testing/deployment-samples.ts';
import {
  aClient,
  address,
  click,
  enter,
  find,
  leavePage,
  open,
  preparePage,
  press,
  text,
} from '../testing/page-reader.tsx';
import { aDetail, aFinding, anInteraction, now, render } from '../testing/samples.tsx';

beforeEach(preparePage);
afterEach(leavePage);

const acknowledgement = {
  ...{ by: 'Ada', reason: 'a pact is in review', at: '2026-11-21T11:00:00Z' },
  until: '2026-12-05T11:00:00Z',
};
const refusal = (status: number, words: string) => async () =>
  Promise.reject(new InsightsError(words, { status }));

describe('a finding', () => {
  test('tells what did not fit, what was answered and where to look', () => {
    const html = render(
      <FindingCard
        finding={aFinding({
          kind: 'broken-promise',
          statuses: ['402', '500'],
          exemplarTraceIds: ['a'.repeat(32), 'e'.repeat(32)],
          mismatches: [
            { part: 'body', rule: 'type', pointer: '/items/*/sku' },
            { part: 'body', rule: 'type', pointer: '' },
          ],
        })}
      />,
    );
    for (const words of [
      'body <code>/items/*/sku</code> breaks type',
      '<code>whole</code>',
      'Answered 402, 500',
      `href="/ui/traces/${'e'.repeat(32)}"`,
      'Open since',
    ]) {
      expect(html).toContain(words);
    }
  });

  test.each<[Partial<FindingResource>, string]>([
    [{ state: 'acknowledged', acknowledgement }, ' by Ada '],
    [{ state: 'acknowledged', acknowledgement }, ': a pact is in review'],
    [{ state: 'acknowledged', acknowledgement: { ...acknowledgement, until: null } }, 'for ever'],
    [{ state: 'resolved', resolvedAt: '2026-11-21T11:00:00Z', resolution: 'agrees' }, 'agree with'],
    [
      { state: 'resolved', resolvedAt: '2026-11-21T11:00:00Z', resolution: 'no-longer-seen' },
      'traffic went on without it',
    ],
    [{ state: 'resolved', resolvedAt: '2026-11-21T11:00:00Z' }, '<strong>Resolved</strong>'],
  ])('%j says %s', (changes, words) => {
    const html = render(<FindingCard finding={aFinding(changes)} />);
    expect(html.replaceAll('<!-- -->', '')).toContain(words);
    expect(html).not.toContain('Acknowledge…');
  });

  test('is let be with reason, end and name, and is gone from the open ones', async () => {
    const asked: unknown[] = [];
    let isOpen = true;
    const client = aClient({
      findings: async () => (isOpen ? [aFinding()] : []),
      acknowledge: async (...request) => {
        asked.push(request);
        isOpen = false;
      },
    });
    await open('findings', client);
    await click('button', 'Acknowledge…');
    expect(document.activeElement?.closest('label')?.textContent).toContain('Reason');
    await enter('Reason', ' a pact is in review ');
    await enter('Until', 'soon');
    expect(text()).toContain('Use days such as 14d');
    await act(async () =>
      find('form').dispatchEvent(new Event('submit', { bubbles: true, cancelable: true })),
    );
    expect(asked).toEqual([]);
    await enter('Until', '2027-01-31');
    await enter('By', 'Ada');
    await act(async () =>
      find('form').dispatchEvent(new Event('submit', { bubbles: true, cancelable: true })),
    );
    expect(asked).toEqual([
      ['f1', { reason: 'a pact is in review', until: '2027-01-31', by: 'Ada' }],
    ]);
    expect(document.activeElement?.id).toBe('view');
    await vi.waitFor(() => expect(text()).toContain('No findings'));
  });

  test('stays as it is when the hub refuses, and the form can be left', async () => {
    await open('findings', aClient({ acknowledge: refusal(400, 'by is missing') }));
    await click('button', 'Acknowledge…');
    expect(find('form button', 'Acknowledge').hasAttribute('disabled')).toBe(true);
    await enter('Reason', 'known');
    await act(async () =>
      find('form').dispatchEvent(new Event('submit', { bubbles: true, cancelable: true })),
    );
    expect(find('[role="alert"]').textContent).toBe('The hub refused: by is missing');
    await press('j', find('form input'));
    await press('Escape', find('form input'));
    expect(document.querySelector('form')).toBeNull();
    expect(document.activeElement?.textContent).toBe('Acknowledge…');
    await click('button', 'Acknowledge…');
    await click('button', 'Cancel');
    expect(document.querySelector('form')).toBeNull();
  });

  test('that was let be can be taken back, and tells its history', async () => {
    const taken: string[] = [];
    const found = aFinding({ state: 'acknowledged', acknowledgement });
    const client = aClient({
      findings: async (_environment, state) => (state === 'acknowledged' ? [found] : []),
      unacknowledge: async (id) => void taken.push(id),
      finding: async () => ({
        ...found,
        history: [
          { id: 1, kind: 'opened', at: '2026-11-21T10:00:00Z', by: null, note: null },
          { id: 2, kind: 'acknowledged', at: '2026-11-21T11:00:00Z', by: 'Ada', note: 'in review' },
        ],
      }),
    });
    await open('findings', client);
    expect(text()).toContain('No findings');
    await enter('State', 'acknowledged');
    expect(address()).toBe('/ui/findings?state=acknowledged');
    await toggle('History');
    expect(text()).toContain('acknowledged by Ada: in review');
    await click('button', 'Take back');
    expect(taken).toEqual(['f1']);
    await enter('State', 'resolved');
    expect(text()).toContain('No resolved findings');
  });

  test.each([
    ['', undefined],
    [' 14d ', '2026-12-05T12:00:00.000Z'],
    ['1 day', '2026-11-22T12:00:00.000Z'],
    ['2027-01-31', '2027-01-31'],
    ['99999d', 'wrong'],
    ['tomorrow', 'wrong'],
  ])('can be let be until %j, which is %j', (words, until) => {
    expect(readUntil(words, now)).toBe(until);
  });
});

async function toggle(words: string): Promise<void> {
  const details = find('summary', words).closest('details');
  await act(async () => {
    if (details === null) return;
    details.open = true;
    details.dispatchEvent(new Event('toggle'));
  });
}

describe('the page', () => {
  test('shows what the stream tells of at once, and closes it when it goes', async () => {
    const listeners = new Map<string, () => void>();
    let streams = 0;
    const stream: EventStream = {
      readyState: 1,
      addEventListener: (name, listener) => void listeners.set(name, listener),
      close: () => {
        streams -= 1;
      },
    };
    const findings = [aFinding()];
    const asked = vi.fn(async () => [...findings]);
    const client = aClient({
      findings: asked,
      stream: () => {
        streams += 1;
        return stream;
      },
    });
    await open('findings', client);
    expect(streams).toBe(1);
    findings.push(aFinding({ id: 'f2', sentence: 'something new' }));
    await act(async () => {
      listeners.get('finding')?.();
      await vi.waitFor(() => expect(asked).toHaveBeenCalledTimes(2));
    });
    expect(text()).toContain('something new');
    await leavePage();
    expect(streams).toBe(0);
  });
});

describe('the deployments', () => {
  test('tell of every version what it does, how it was recorded and whether it has contracts', () => {
    const html = render(
      <DeploymentsPage
        deployments={[
          aDeployment({
            versions: [
              aRunningVersion(),
              aRunningVersion({
                ...{ version: '8', state: 'unrecorded', recorded: [], hasContracts: false },
                sentAs: [{ service: 'shop-svc', version: 'abc' }],
                ...{ recognisedBy: 'ambiguous', candidates: ['8', '9'] },
              }),
              aRunningVersion({
                version: '6',
                state: 'replaced',
                exists: false,
                hasContracts: false,
              }),
              aRunningVersion({
                ...{ version: '5', state: 'silent', recognisedBy: 'number', lastSeen: null },
                recorded: [
                  { how: 'released', since: '2026-11-20T12:00:00Z', applicationInstance: 'blue' },
                ],
                sentAs: [{ service: 'shop', version: '5.0' }],
              }),
              aRunningVersion({ version: '4', state: 'no-evidence', exemplarTraceId: null }),
            ],
            mixed: {
              ...{ since: '2026-11-21T11:00:00Z', isLasting: true },
              versions: [
                { version: '7', share: 0.75 },
                { version: '8', share: null },
              ],
            },
          }),
          aDeployment({
            ...{ environment: 'moon', environmentExists: false, pacticipant: 'mail' },
            mixed: { since: '2026-11-21T11:00:00Z', isLasting: false, versions: [] },
          }),
        ]}
      />,
    ).replaceAll('<!-- -->', '');
    for (const words of [
      'running',
      'unrecorded',
      'replaced, still runs',
      'silent',
      'no evidence',
      'sent as shop-svc abc<',
      'sent as shop 5.0, recognised by number<',
      'may be 8, 9',
      'released as blue ',
      'version unknown',
      'several versions answer, 7 75 %, 8, since',
      'longer than a rollout takes',
      '(a rollout)',
      'The broker has no environment of this name',
    ]) {
      expect(html).toContain(words);
    }
    expect(html.match(/Record what runs…/gu)).toHaveLength(1);
    expect(render(<DeploymentsPage deployments={[]} />)).toContain('Nothing recorded');
  });

  test('are recorded once the reader has seen what that means', async () => {
    const asked: RecordRunning[] = [];
    const client = aClient({
      deployments: async () => [aDeployment()],
      aliasSuggestions: async () => [],
      recordRunning: async (request) => {
        asked.push(request);
        const recorded = [{ pacticipant: 'shop', version: '7', created: true, replaces: ['6'] }];
        return {
          ...{ environment: 'production', dryRun: request.dryRun === true, recorded },
          skipped: [
            {
              ...{ pacticipant: 'mail', version: '1', reason: 'unknown-version' as const },
              detail: 'The broker knows no version 1 of mail.',
            },
          ],
        };
      },
    });
    await open('map', client);
    await press('g');
    await press('d');
    expect(address()).toBe('/ui/deployments');
    await click('button', 'Record what runs…');
    for (const words of [
      'Will be recorded',
      'shop 7, a new version, in place of 6',
      'Will not be',
      'The broker knows no version 1 of mail.',
    ]) {
      expect(find('dialog').textContent).toContain(words);
    }
    await click('dialog button', 'Create versions');
    expect(find('dialog button', 'Create versions').getAttribute('aria-pressed')).toBe('true');
    await enter('Seen at least', '1');
    await click('dialog button', 'Record 1');
    expect(find('dialog').textContent).toContain('Recorded 1 version');
    expect(find('dialog').textContent).toContain('Not recorded');
    const environment = 'production';
    expect(asked).toEqual([
      { environment, dryRun: true, createVersions: false, minimumSightings: 5 },
      { environment, dryRun: true, createVersions: true, minimumSightings: 5 },
      { environment, dryRun: true, createVersions: true, minimumSightings: 1 },
      { environment, dryRun: false, createVersions: true, minimumSightings: 1 },
    ]);
    await act(async () => find('dialog').dispatchEvent(new Event('close')));
    expect(document.querySelector('dialog')).toBeNull();
  });

  test('are not recorded when the hub refuses, or when there is nothing to record', async () => {
    const nothing = { environment: 'production', dryRun: true, recorded: [], skipped: [] };
    let answer = refusal(403, 'You may only read.') as () => Promise<typeof nothing>;
    const client = aClient({
      deployments: async () => [aDeployment()],
      recordRunning: () => answer(),
    });
    await open('deployments?env=production', client);
    await click('button', 'Record what runs…');
    expect(find('[role="alert"]').textContent).toBe('You may not do this. You may only read.');
    await act(async () => find('dialog').dispatchEvent(new Event('close')));
    answer = async () => nothing;
    await click('button', 'Record what runs…');
    expect(find('dialog').textContent).toContain('Nothing.');
    expect(find('dialog button', 'Record 0').hasAttribute('disabled')).toBe(true);
  });

  test('begin with services that may be pacticipants, each with one click', async () => {
    const added: unknown[] = [];
    const suggestions = [aSuggestion(), aSuggestion({ service: 'Taken' })];
    const client = aClient({
      aliasSuggestions: async () => [...suggestions],
      addAlias: async (alias) => {
        if (alias.service === 'Taken') throw new InsightsError('It has one.', { status: 409 });
        added.push(alias);
        suggestions.shift();
      },
    });
    await open('deployments', client);
    expect(text()).toContain('the ending "service" is left out; shop-api is as near');
    await click('button', 'Add alias Taken');
    expect(find('[role="alert"]').textContent).toBe('The hub refused: It has one.');
    await click('button', 'Add alias Shop-Service');
    expect(added).toEqual([{ service: 'Shop-Service', pacticipant: 'shop' }]);
    await vi.waitFor(() => expect(text()).not.toContain('Shop-Service'));
  });
});

describe('an integration', () => {
  test('answers whether an operation can go, and who calls it, when it is asked', async () => {
    const asked: unknown[] = [];
    const client = aClient({
      canIRemove: async (query) => {
        asked.push(query);
        return aRemoval();
      },
      usage: async (...pair) => {
        asked.push(pair);
        return [aUsage()];
      },
    });
    await open('i/web/shop', client);
    expect(asked).toEqual([]);
    await toggle('Can I remove it?');
    expect(find('.removal').textContent).toContain('No');
    expect(find('.removal').textContent).toContain('web called it in the window.');
    expect(find('.removal').textContent).toContain('web 1.0: 40 calls');
    await toggle('By version and environment');
    expect(find('details table').textContent).toContain('1.07production40');
    expect(asked).toEqual([{ provider: 'shop', operation: 'GET /orders/{id}' }, ['web', 'shop']]);
  });

  test.each([
    ['yes', 'Yes'],
    ['cannot-tell', 'Cannot tell'],
  ] as const)('says %s in words', (answer, words) => {
    const html = render(
      <RemovalAnswer removal={aRemoval({ answer, reasons: [], calledBy: [] })} />,
    );
    expect(html).toContain(words);
  });

  test('says when spans tell no version, and leaves calls of others out', async () => {
    const callers = [
      aCaller({ consumerVersion: null, providerVersion: null, environment: null }),
      aCaller({ consumer: 'phone' }),
    ];
    const html = render(<UsageTable pair={aDetail()} operations={[aUsage({ callers })]} />);
    expect(html.match(/<td>–<\/td>/gu)).toHaveLength(3);
    expect(html.match(/<tr>/gu)).toHaveLength(2);
  });

  test('says when a failed interaction has no trace', async () => {
    const failed = anInteraction({
      verification: 'failed',
      lastVerification: {
        ...{ result: 'failed', traceId: null, providerVersion: '7' },
        ...{ verifiedAt: '2026-11-21T09:00:00Z', mismatches: [] },
      },
    });
    await open('i/web/shop', aClient({ edge: async () => aDetail({ interactions: [failed] }) }));
    expect(text()).toContain('The verifier sent no trace of it.');
  });
});
