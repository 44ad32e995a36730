import type { Database } from '../../database/database.ts';
import { transact } from '../../database/transact.ts';
import { CallCountStore } from '../call-count-store.ts';
import { EdgeLatencyStore } from '../edge-latency-store.ts';
import { OperationLinkStore } from '../operation-link-store.ts';

/** Counts of a service, or of one of its versions, are those of another. */
export interface Rename {
  readonly from: { readonly service: string; readonly version?: string };
  readonly to: { readonly service: string; readonly version?: string };
}

/** Where a name stands in a table, and the version beside it. */
interface Place {
  readonly table: 'call_counts' | 'usage_counts' | 'edge_latencies' | 'operation_links';
  readonly name: string;
  readonly version?: string;
}

const places: readonly Place[] = [
  { table: 'call_counts', name: 'consumer', version: 'consumer_version' },
  { table: 'call_counts', name: 'provider', version: 'provider_version' },
  { table: 'usage_counts', name: 'consumer', version: 'consumer_version' },
  { table: 'usage_counts', name: 'provider', version: 'provider_version' },
  { table: 'edge_latencies', name: 'consumer' },
  { table: 'edge_latencies', name: 'provider' },
  { table: 'operation_links', name: 'service' },
  { table: 'operation_links', name: 'called_service' },
];

/** So many minutes a transaction, that others have their turn. */
const MINUTES_A_STEP = 60;
const ROWS_A_WRITE = 100;

type Row = Readonly<Record<string, unknown>>;

/** Moves counts to another name, and adds them to what is there. Done twice it changes nothing more. */
export class RenamingStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async rename(rename: Rename): Promise<void> {
    for (const place of places) {
      if (rename.from.version === undefined || place.version !== undefined) {
        await this.#renameIn(place, rename);
      }
    }
    if (rename.from.version !== undefined) await this.#renameInFindings(rename);
  }

  /** Ids of findings about the service that are not resolved. */
  async openFindings(service: string): Promise<readonly string[]> {
    const rows = await this.#db
      .selectFrom('findings')
      .select('id')
      .where('resolved_at', 'is', null)
      .where(({ or, eb }) => or([eb('consumer', '=', service), eb('provider', '=', service)]))
      .execute();
    return rows.map(({ id }) => id);
  }

  async #renameIn(place: Place, rename: Rename): Promise<void> {
    const minutes = await this.#minutesOf(place, rename);
    await this.#move(place, rename, [0, 0]);
    if (minutes === undefined) return;
    const [first, last] = minutes;
    for (let from = first; from <= last; from += MINUTES_A_STEP) {
      await this.#move(place, rename, [from, from + MINUTES_A_STEP - 1]);
    }
  }

  /** The first and the last minute with counts; undefined when there are none, or only totals. */
  async #minutesOf(place: Place, rename: Rename): Promise<readonly [number, number] | undefined> {
    const { first, last } = await this.#db
      .selectFrom(place.table)
      .select(({ fn }) => [fn.min('bucket').as('first'), fn.max('bucket').as('last')])
      .where((where) => where.and(filterOf(place, rename)))
      .where('bucket', '>', 0)
      .executeTakeFirstOrThrow();
    return first === null ? undefined : [Number(first), Number(last)];
  }

  #move(place: Place, rename: Rename, [from, to]: readonly [number, number]): Promise<void> {
    return transact(this.#db, async (tx) => {
      const rows: readonly Row[] = await tx
        .deleteFrom(place.table)
        .where((where) => where.and(filterOf(place, rename)))
        .where('bucket', '>=', from)
        .where('bucket', '<=', to)
        .returningAll()
        .execute();
      const moved = rows.map((row) => ({
        ...row,
        [place.name]: rename.to.service,
        ...(place.version === undefined || rename.to.version === undefined
          ? {}
          : { [place.version]: rename.to.version }),
      }));
      for (let at = 0; at < moved.length; at += ROWS_A_WRITE) {
        await add(tx, place.table, moved.slice(at, at + ROWS_A_WRITE));
      }
    });
  }

  /** What a finding says about versions, so that it is judged by the pacts of the right one. */
  async #renameInFindings({ from, to }: Rename): Promise<void> {
    for (const side of ['consumer', 'provider'] as const) {
      await transact(this.#db, async (tx) => {
        const details = await tx
          .deleteFrom('finding_details')
          .where('name', '=', `${side}-version`)
          .where('value', '=', from.version ?? '')
          .where('finding_id', 'in', (where) =>
            where.selectFrom('findings').select('id').where(side, '=', from.service),
          )
          .returningAll()
          .execute();
        if (details.length === 0) return;
        await tx
          .insertInto('finding_details')
          .values(details.map((detail) => ({ ...detail, value: to.version ?? detail.value })))
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      });
    }
  }
}

function filterOf({ name, version }: Place, { from }: Rename): Readonly<Record<string, string>> {
  return {
    [name]: from.service,
    ...(version === undefined || from.version === undefined ? {} : { [version]: from.version }),
  };
}

/** Columns of the rows are those of the table that they were read from. */
async function add(tx: Database, table: Place['table'], rows: readonly Row[]): Promise<void> {
  switch (table) {
    case 'call_counts':
      return new CallCountStore(tx).addCalls(rows as never);
    case 'usage_counts':
      return new CallCountStore(tx).addUsage(rows as never);
    case 'edge_latencies':
      return new EdgeLatencyStore(tx).add(rows as never);
    case 'operation_links':
      return new OperationLinkStore(tx).add(rows as never);
  }
}
