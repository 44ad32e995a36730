import { type Kysely, sql } from 'kysely';
import type { Dialect, Migration } from './migration.ts';

/** Any number that nobody else takes as an advisory lock of the same database. */
const LOCK = 7_267_329;

interface MigrationTables {
  readonly concordat_migrations: { readonly name: string; readonly applied_at: string };
}

/**
 * Applies what the database has not seen yet, all in one transaction, and remembers it in `concordat_migrations`. A
 * database written by a newer hub is refused: its tables may not mean what this code thinks.
 */
export async function migrate(
  db: Kysely<unknown>,
  options: {
    readonly dialect: Dialect;
    readonly migrations: readonly Migration[];
    readonly now: Date;
  },
): Promise<readonly string[]> {
  const { dialect, migrations, now } = options;
  return await (db as Kysely<MigrationTables>).transaction().execute(async (tx) => {
    // Hubs that start at once on an empty PostgreSQL: one makes the tables, the others wait for it.
    if (dialect === 'postgres') await sql`select pg_advisory_xact_lock(${LOCK})`.execute(tx);
    await tx.schema
      .createTable('concordat_migrations')
      .ifNotExists()
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('applied_at', 'text', (column) => column.notNull())
      .execute();
    const rows = await tx.selectFrom('concordat_migrations').select('name').execute();
    const applied = new Set(rows.map(({ name }) => name));
    refuseNewerDatabase(applied, migrations);
    const missing = migrations.filter(({ name }) => !applied.has(name));
    for (const { name, up } of missing) {
      await up(tx as unknown as Kysely<unknown>, dialect);
      const applied_at = now.toISOString();
      await tx.insertInto('concordat_migrations').values({ name, applied_at }).execute();
    }
    return missing.map(({ name }) => name);
  });
}

function refuseNewerDatabase(applied: ReadonlySet<string>, migrations: readonly Migration[]): void {
  const known = new Set(migrations.map((migration) => migration.name));
  const unknown = [...applied].filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new Error(
      `The database has migrations this hub does not know (${unknown.join(', ')}); start the newer hub that wrote it.`,
    );
  }
}
