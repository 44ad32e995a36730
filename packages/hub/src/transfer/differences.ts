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
