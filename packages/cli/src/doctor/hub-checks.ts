import type { HubAnswer, HubClient } from '../hub-client/hub-client.ts';
import { CliError } from '../terminal/cli-error.ts';
import { type Check, failed, ok, skipped } from './check.ts';

const names = ['hub', 'credentials', 'clock', 'OTLP'] as const;
const MAX_SKEW_SECONDS = 5;

/** Looks at one hub from outside; when it is not reachable the other checks say so instead of failing again. */
export async function checkHub(hub: HubClient, now: () => number): Promise<readonly Check[]> {
  const asked = now();
  const answer = await attempt(() => hub.get('/'));
  if (typeof answer === 'string') {
    const isRefused = answer.includes('refuses the credentials');
    const reachable = isRefused
      ? [
          ok('hub', `${hub.baseUrl} answers.`),
          failed(
            'credentials',
            'are refused.',
            'Set PACT_BROKER_TOKEN, or _USERNAME and _PASSWORD.',
          ),
        ]
      : [failed('hub', answer, `Start one with 'concordat hub', or correct the address.`)];
    return [
      ...reachable,
      ...names.slice(reachable.length).map((name) => skipped(name, 'not asked.')),
    ];
  }
  return [
    checkIndex(hub, answer),
    ok('credentials', hub.authorization === undefined ? 'none needed to read.' : 'are accepted.'),
    checkClock(answer, (asked + now()) / 2),
    await checkOtlp(hub),
  ];
}

function checkIndex(hub: HubClient, answer: HubAnswer): Check {
  const server = answer.headers.get('x-pact-broker-version');
  if (answer.status === 200 && answer.text.includes('pb:publish-contracts')) {
    const version = server === null ? '' : `, version ${server}`;
    return ok('hub', `${hub.baseUrl} answers${version}.`);
  }
  return failed(
    'hub',
    `${hub.baseUrl} answered ${answer.status} and no index of a Pact Broker.`,
    'Correct the address; a path in front (https://host/broker) belongs to it.',
  );
}

function checkClock(answer: HubAnswer, nowMs: number): Check {
  const date = answer.headers.get('date');
  if (date === null) return skipped('clock', 'the hub does not say its time.');
  // The Date header has whole seconds: half a second is its middle.
  const skew = Math.abs(Date.parse(date) + 500 - nowMs) / 1000;
  const told = `${skew.toFixed(1)} s apart from the hub.`;
  if (skew <= MAX_SKEW_SECONDS) return ok('clock', told);
  return failed(
    'clock',
    told,
    'Set both clocks by NTP; spans that come from the future do not pair.',
  );
}

async function checkOtlp(hub: HubClient): Promise<Check> {
  const answer = await attempt(() => hub.post('/v1/traces', { resourceSpans: [] }));
  if (typeof answer === 'string') return failed('OTLP', answer, 'Check the network in between.');
  if (answer.status === 200) return ok('OTLP', `${hub.baseUrl}/v1/traces accepts spans.`);
  return failed(
    'OTLP',
    `${hub.baseUrl}/v1/traces answered ${answer.status}.`,
    'A Pact Broker takes no traces; for these run a Concordat hub.',
  );
}

async function attempt(ask: () => Promise<HubAnswer>): Promise<HubAnswer | string> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof CliError) return error.message;
    throw error;
  }
}
