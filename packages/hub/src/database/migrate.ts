import type { Kysely } from 'kysely';
import type { Dialect, Migration } from './migration.ts';

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
  const own = db as Kysely<MigrationTables>;
  await own.schema
    .createTable('concordat_migrations')
    .ifNotExists()
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('applied_at', 'text', (column) => column.notNull())
    .execute();
  const applied = new Set(
    (await own.selectFrom('concordat_migrations').select('name').execute()).map((row) => row.name),
  );
  refuseNewerDatabase(applied, options.migrations);
  const missing = options.migrations.filter((migration) => !applied.has(migration.name));
  if (missing.length === 0) return [];
  await own.transaction().execute(async (tx) => {
    for (const { name, up } of missing) {
      await up(tx as unknown as Kysely<unknown>, options.dialect);
      const applied_at = options.now.toISOString();
      await tx.insertInto('concordat_migrations').values({ name, applied_at }).execute();
    }
  });
  return missing.map((migration) => migration.name);
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
