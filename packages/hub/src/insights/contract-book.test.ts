import { expect, test } from 'vitest';
import type { CallCountStore } from './call-count-store.ts';
import { ContractBook } from './contract-book.ts';
import type { FindingStore } from './finding-store.ts';
import type { FindingLifeStore } from './findings/finding-life-store.ts';
import type { PromiseStore } from './promise-store.ts';

/** Contracts of a hundred consumers; `onRead` is told of each that is read. */
function bookOfMany(onRead: (consumer: string, book: ContractBook) => void) {
  const read: string[] = [];
  const book: ContractBook = new ContractBook({
    sources: {
      consumers: async () => Array.from({ length: 100 }, (_, index) => `consumer ${index}`),
      contractsInForce: async (consumer) => {
        read.push(consumer);
        onRead(consumer, book);
        return [];
      },
      recordedVersions: async () => [],
      environments: async () => [],
      pacticipants: async () => [],
      providerContractsInForce: async () => [],
    },
    counts: { edges: async () => [] } as unknown as CallCountStore,
    findings: { open: async () => [] } as unknown as FindingStore,
    lives: { resolve: async () => 0 } as unknown as FindingLifeStore,
    promises: { all: async () => [] } as unknown as PromiseStore,
    now: () => new Date(0),
  });
  return { book, read };
}

test('a hub that closes does not wait until every contract has been read', async () => {
  const { book, read } = bookOfMany((consumer, reading) => {
    if (consumer === 'consumer 2') reading.stop();
  });
  await expect(book.current()).rejects.toThrow('closing');
  expect(read).toHaveLength(3);
});

test('every consumer is read once for a book, and again only when something changed', async () => {
  const { book, read } = bookOfMany(() => undefined);
  await book.current();
  await book.current();
  expect(read).toHaveLength(100);
  book.invalidate(['consumer 7']);
  await book.current();
  expect(read.slice(100)).toEqual(['consumer 7']);
});
