import type { StoredIntegration } from './integration-store.ts';

/** All integrations that hang together with a pacticipant, nearest first; `limit` bounds how many pacticipants they have. */
export function groupOf(
  integrations: readonly StoredIntegration[],
  pacticipantId: number,
  limit = Number.POSITIVE_INFINITY,
): readonly StoredIntegration[] {
  const reached = new Set([pacticipantId]);
  for (const id of reached) {
    for (const { consumerId, providerId } of integrations) {
      if (reached.size >= limit) break;
      if (consumerId === id) reached.add(providerId);
      else if (providerId === id) reached.add(consumerId);
    }
  }
  return integrations.filter(
    ({ consumerId, providerId }) => reached.has(consumerId) && reached.has(providerId),
  );
}

interface Row {
  readonly name: string;
  readonly providers: number[];
}

/**
 * One line a pacticipant: id, name, 1, 1, 0, its place, and the ids of its providers, filled up with 0 to the longest line.
 * The old network diagram of the broker reads this.
 */
export function relationshipsCsv(integrations: readonly StoredIntegration[]): string {
  const rows = new Map<number, Row>();
  const rowOf = (id: number, name: string): Row => {
    const row = rows.get(id) ?? { name, providers: [] };
    rows.set(id, row);
    return row;
  };
  for (const { consumerId, consumer, providerId, provider } of [...integrations].sort(byNames)) {
    rowOf(consumerId, consumer).providers.push(providerId);
    rowOf(providerId, provider);
  }
  const width = Math.max(0, ...[...rows.values()].map(({ providers }) => providers.length));
  return [...rows]
    .map(([id, { name, providers }], index) => {
      const filled = [...providers, ...new Array<number>(width - providers.length).fill(0)];
      return `${[id, csvField(name), 1, 1, 0, index + 1, ...filled].join(',')}\n`;
    })
    .join('');
}

function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function byNames(left: StoredIntegration, right: StoredIntegration): number {
  return compare(left.consumer, right.consumer) || compare(left.provider, right.provider);
}

/** The broker sorts names without regard to case. */
function compare(left: string, right: string): number {
  const a = left.toLowerCase();
  const b = right.toLowerCase();
  return a < b ? -1 : Number(a > b);
}
