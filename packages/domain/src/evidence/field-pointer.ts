/**
 * A JSON pointer with every position as `*`: the first item's `sku` and every item's are one field. Undefined for what is no pointer to a field.
 */
export function readFieldPointer(text: string): string | undefined {
  const trimmed = text.trim();
  if (!/^(?:\/(?:[^/~]|~[01])+)+$/.test(trimmed)) return undefined;
  return trimmed.replaceAll(/\/\d+(?=\/|$)/g, '/*');
}

/** Whether a pointer names the field or something inside of it, which would go with it; `*` stands for any key. */
export function namesField(pointer: string, field: string): boolean {
  const [named, asked] = [pointer.split('/'), field.split('/')];
  return (
    named.length >= asked.length &&
    asked.every((key, at) => key === named[at] || key === '*' || named[at] === '*')
  );
}
