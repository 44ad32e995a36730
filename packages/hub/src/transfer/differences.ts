/** The columns in which a row differs from what was to be written, in words; empty when in none. */
export function differences<W extends Readonly<Record<string, unknown>>>(
  row: { readonly [K in keyof W]: unknown },
  wanted: W,
): string {
  return Object.keys(wanted)
    .filter((column) => row[column] !== wanted[column])
    .map((column) => column.replaceAll('_', ' '))
    .join(', ');
}

type Columns<W> = { readonly [K in keyof W]: string | null };

/** A row joined with what was to be written: where both say something, one side counts, and where one does, that. */
export function joined<W extends Readonly<Record<string, string | null>>>(
  row: Columns<W>,
  wanted: W,
): { readonly rowFirst: Columns<W>; readonly wantedFirst: Columns<W> } {
  const names = Object.keys(wanted) as (keyof W)[];
  const columns = (pick: (name: keyof W) => string | null): Columns<W> =>
    Object.fromEntries(names.map((name) => [name, pick(name)])) as Columns<W>;
  return {
    rowFirst: columns((name) => row[name] ?? wanted[name] ?? null),
    wantedFirst: columns((name) => wanted[name] ?? row[name]),
  };
}
