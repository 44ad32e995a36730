/** A value libsql can bind; it aborts the whole process on any other kind. */
export type BoundValue = null | number | bigint | string | Uint8Array;

/**
 * Turns a query's parameters into values libsql is known to take: booleans become 1 and 0, everything outside the list
 * is refused with the position of the parameter, before the native code sees it.
 */
export function boundParameters(parameters: readonly unknown[]): BoundValue[] {
  return parameters.map((value, index) => boundValue(value, index));
}

function boundValue(value: unknown, index: number): BoundValue {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'bigint':
      return value;
    case 'boolean':
      return value ? 1 : 0;
    default:
      if (value === null || value instanceof Uint8Array) return value;
      throw new TypeError(
        `Parameter ${index + 1} is ${kindOf(value)}; bind null, a boolean, a number, a bigint, a string or bytes.`,
      );
  }
}

function kindOf(value: unknown): string {
  if (typeof value !== 'object') return `of type ${typeof value}`;
  return `an object of class ${value?.constructor?.name ?? 'null'}`;
}
