/**
 * Whether a member's name is a word of the contract's language rather than data: maps may have ids, numbers or addresses of people as
 * their keys, and those are values.
 */
function isPlainName(name: string): boolean {
  return /^[A-Za-z_$@#][\w$.:#-]{0,63}$/.test(name) && !/\d{4}|[0-9a-f]{12}/i.test(name);
}

/** A JSON pointer with `*` for every member whose name may be data; positions of arrays stay. */
export function withoutData(pointer: string): string {
  if (pointer === '') return '';
  return pointer
    .split('/')
    .map((step, index) => {
      if (index === 0 || /^(?:\d{1,6}|\*)$/.test(step)) return step;
      return isPlainName(step.replaceAll('~1', '/').replaceAll('~0', '~')) ? step : '*';
    })
    .join('/');
}

/** A step of a pointer: array positions are not told apart. */
export function pointerStep(name: string): string {
  return isPlainName(name) ? name.replaceAll('~', '~0').replaceAll('/', '~1') : '*';
}
