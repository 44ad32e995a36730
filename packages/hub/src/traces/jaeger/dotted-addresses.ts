import type { TypedAttributes, TypedValue } from './typed-value.ts';

const addressKeys = ['ip', 'peer.ipv4'] as const;

/** Old clients write IPv4 addresses as numbers; people read them with dots. */
export function dottedAddresses(attributes: TypedAttributes): TypedAttributes {
  const dotted = addressKeys.flatMap((key) => {
    const value = dottedOf(attributes.get(key));
    return value === undefined ? [] : [[key, value] as const];
  });
  return dotted.length === 0 ? attributes : new Map([...attributes, ...dotted]);
}

function dottedOf(value: TypedValue | undefined): TypedValue | undefined {
  if (value?.kind !== 'int' && value?.kind !== 'double') return undefined;
  const number = Number(value.value);
  // The signed numbers of Thrift are addresses from 128.0.0.0 on.
  if (!Number.isInteger(number) || number < -(2 ** 31) || number >= 2 ** 32) return undefined;
  const bits = number >>> 0;
  const parts = [bits >>> 24, (bits >>> 16) & 255, (bits >>> 8) & 255, bits & 255];
  return { kind: 'string', value: parts.join('.') };
}
