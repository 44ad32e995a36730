import { expect, test } from 'vitest';
import { TokenBook } from './token-book.ts';
import type { TokenRow, TokenStore } from './token-store.ts';

const row: TokenRow = {
  ...{ id: 1, uuid: 'u', description: 'ci', role: 'read', sha256: 'hash' },
  ...{ expires_at: null, last_used_at: null, created_at: '2026-01-01T00:00:00.000Z' },
};

/** A store whose answers are given by hand, in any order. */
class SlowStore implements Pick<TokenStore, 'list' | 'used'> {
  readonly answers: ((rows: readonly TokenRow[]) => void)[] = [];
  readonly uses: string[] = [];

  list(): Promise<readonly TokenRow[]> {
    return new Promise((resolve) => this.answers.push(resolve));
  }

  async used(uuid: string, at: string): Promise<void> {
    this.uses.push(`${uuid} ${at}`);
  }
}

function aBook(now: () => Date = () => new Date(0)) {
  const store = new SlowStore();
  const book = new TokenBook({ store: store as unknown as TokenStore, now, log: () => undefined });
  return { store, book };
}

test('an older answer that comes late does not bring a revoked token back', async () => {
  const { store, book } = aBook();
  const polled = book.refresh();
  const afterRevoking = book.refresh();
  const [older, newer] = store.answers;
  newer?.([]);
  await afterRevoking;
  older?.([row]);
  await polled;
  expect(book.find('hash')).toBeUndefined();
});

test('a token is known until it expires, and its use is written once a minute', async () => {
  let time = Date.parse('2026-01-01T00:00:30Z');
  const { store, book } = aBook(() => new Date(time));
  const refreshed = book.refresh();
  const used = { last_used_at: '2026-01-01T00:00:00.000Z', expires_at: '2026-01-01T00:02:00.000Z' };
  store.answers[0]?.([{ ...row, ...used }]);
  await refreshed;
  expect(book.find('hash')).toEqual({ description: 'ci', role: 'read' });
  await book.close();
  expect(store.uses).toEqual([]);
  time += 60_000;
  book.find('hash');
  book.find('hash');
  await book.close();
  expect(store.uses).toEqual(['u 2026-01-01T00:01:30.000Z']);
  time += 30_000;
  expect(book.find('hash')).toBeUndefined();
});
