/** One step of a rule's path. `star-index` stands for `[*]`, which numbers only. */
export type PathToken =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'index'; readonly name: string }
  | { readonly kind: 'star' }
  | { readonly kind: 'star-index' };

const STEP = /\.(\*|[\p{L}\p{N}_\-:#@]+)|\['([^']+)'\]|\[(\*|\d+)\]/uy;
const FIRST = /\$|[\p{L}\p{N}_][\p{L}\p{N}_\-:#@]*|$/uy;

/**
 * The steps after the root of a path expression, by the native library's grammar: `$.a`, `$['any text']`, `$[0]`, `$[*]`, `$.*`, and
 * `a.b` for `$.a.b`. Undefined for what it refuses: filters, slices, `..`, double quotes, spaces outside of quotes. The empty text is the root.
 */
export function parseRulePath(text: string): readonly PathToken[] | undefined {
  FIRST.lastIndex = 0;
  const first = FIRST.exec(text)?.[0];
  if (first === undefined) {
    return undefined;
  }
  const tokens = first === '$' || first === '' ? [] : [nameToken(first)];
  let at = first.length;
  while (at < text.length) {
    STEP.lastIndex = at;
    const found = STEP.exec(text);
    if (found === null) {
      return undefined;
    }
    tokens.push(tokenOf(found));
    at = STEP.lastIndex;
  }
  return tokens;
}

function tokenOf([, dotted, quoted, index]: RegExpExecArray): PathToken {
  if (index !== undefined) {
    return index === '*'
      ? { kind: 'star-index' }
      : { kind: 'index', name: index.replace(/^0+(?=\d)/, '') };
  }
  return quoted === undefined ? nameToken(dotted ?? '') : { kind: 'name', name: quoted };
}

function nameToken(name: string): PathToken {
  return name === '*' ? { kind: 'star' } : { kind: 'name', name };
}

/** How well a token fits a step of a document; 0: not at all. A name of digits is the same as an index. */
export function weightOf(token: PathToken, step: string): 0 | 1 | 2 {
  switch (token.kind) {
    case 'star':
      return 1;
    case 'star-index':
      return /^\d+$/.test(step) ? 1 : 0;
    default:
      return token.name === step ? 2 : 0;
  }
}

/** `$.items[0]['@id']`, as the native library writes the place of a mismatch. */
export function pathText(steps: readonly (string | number)[]): string {
  let text = '$';
  for (const step of steps) {
    text += stepText(String(step));
  }
  return text;
}

function stepText(step: string): string {
  if (/^\d+$/.test(step)) {
    return `[${step}]`;
  }
  return /^(?:[_A-Za-z][_A-Za-z0-9]*|\*)$/.test(step) ? `.${step}` : `['${step}']`;
}

/** The same place as a JSON pointer. */
export function pointerTo(steps: readonly (string | number)[]): string {
  return steps
    .map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}
