import type { GuardSides, GuardVariables } from './guard/guard-options.ts';

type Complain = (complaint: string) => unknown;

interface GuardText {
  /** CONCORDAT_GUARD. */
  readonly guard: string | undefined;
  /** CONCORDAT_HUB_URL. */
  readonly hubUrl: string | undefined;
  /** CONCORDAT_GUARD_RATE. */
  readonly rate: string | undefined;
  /** The broker's own names of credentials. */
  readonly token: string | undefined;
  readonly username: string | undefined;
  readonly password: string | undefined;
}

const sidesByWord: Readonly<Record<string, GuardSides | 'off'>> = {
  on: 'both',
  true: 'both',
  '1': 'both',
  both: 'both',
  provider: 'provider',
  consumer: 'consumer',
  off: 'off',
  false: 'off',
  '0': 'off',
};

/** Reads what the environment says about the live guard; what cannot be read is complained about and counts as not said. */
export function readGuard(text: GuardText, complain: Complain): GuardVariables {
  return {
    sides: readSides(text.guard, complain),
    hubUrl: readUrl(text.hubUrl, complain),
    rate: readRate(text.rate, complain),
    authorization: authorizationOf(text),
  };
}

function readSides(value: string | undefined, complain: Complain): GuardVariables['sides'] {
  const word = value?.trim().toLowerCase();
  if (!word) return undefined;
  const sides = Object.hasOwn(sidesByWord, word) ? sidesByWord[word] : undefined;
  if (sides === undefined)
    complain(`CONCORDAT_GUARD is '${value}'; use on, provider, consumer or off (off is used now)`);
  return sides;
}

function readUrl(value: string | undefined, complain: Complain): string | undefined {
  if (!value) return undefined;
  if (URL.canParse(value) && /^https?:/i.test(value)) return value;
  complain(
    `CONCORDAT_HUB_URL is '${value}'; use http://HOST:PORT (http://127.0.0.1:9292 is used now)`,
  );
  return undefined;
}

function readRate(value: string | undefined, complain: Complain): number | undefined {
  if (!value) return undefined;
  const rate = Number(value);
  if (rate >= 0 && rate <= 1) return rate;
  complain(`CONCORDAT_GUARD_RATE is '${value}'; use a number from 0 to 1 (0.05 is used now)`);
  return undefined;
}

function authorizationOf({ token, username, password }: GuardText): string | undefined {
  if (token) return `Bearer ${token}`;
  if (!username) return undefined;
  return `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`;
}
