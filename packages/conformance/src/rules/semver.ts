const PARTS = ['major', 'minor', 'patch'] as const;
const LARGEST = 18_446_744_073_709_551_615n;
const IDENTIFIERS = /^[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*$/;

/** What keeps a text from being a semantic version 2.0, in the native library's words; undefined for one that is. */
export function semverFault(text: string): string | undefined {
  if (text === '') {
    return 'empty string, expected a semver version';
  }
  let rest = text;
  for (const part of PARTS) {
    const number = /^\d*/.exec(rest)?.[0] ?? '';
    const after = rest.slice(number.length);
    const fault =
      numberFault(number, rest, part) ?? (part === 'patch' ? undefined : pointFault(after, part));
    if (fault !== undefined) {
      return fault;
    }
    rest = part === 'patch' ? after : after.slice(1);
  }
  return tailFault(rest);
}

function pointFault(rest: string, part: string): string | undefined {
  if (rest.startsWith('.')) {
    return undefined;
  }
  return rest === ''
    ? `unexpected end of input while parsing ${part} version number`
    : `unexpected character '${firstOf(rest)}' after ${part} version number`;
}

function numberFault(number: string, rest: string, part: string): string | undefined {
  if (number === '') {
    return rest === ''
      ? `unexpected end of input while parsing ${part} version number`
      : `unexpected character '${firstOf(rest)}' while parsing ${part} version number`;
  }
  if (number.length > 1 && number.startsWith('0')) {
    return `invalid leading zero in ${part} version number`;
  }
  return BigInt(number.slice(0, 40)) > LARGEST
    ? `value of ${part} version number exceeds u64::MAX`
    : undefined;
}

function tailFault(rest: string): string | undefined {
  if (rest === '') {
    return undefined;
  }
  const [beforeBuild = '', ...build] = rest.split('+');
  if (build.length > 1 || (build[0] !== undefined && !IDENTIFIERS.test(build[0]))) {
    return `${segmentFault(build[0] ?? '')} build metadata`;
  }
  if (beforeBuild === '') {
    return undefined;
  }
  if (!beforeBuild.startsWith('-')) {
    return `unexpected character '${firstOf(beforeBuild)}' after patch version number`;
  }
  return preReleaseFault(beforeBuild.slice(1));
}

function preReleaseFault(identifiers: string): string | undefined {
  if (!IDENTIFIERS.test(identifiers)) {
    return `${segmentFault(identifiers)} pre-release identifier`;
  }
  return identifiers.split('.').some((identifier) => /^0\d+$/.test(identifier))
    ? 'invalid leading zero in pre-release identifier'
    : undefined;
}

function segmentFault(identifiers: string): string {
  return identifiers.split('.').includes('') ? 'empty identifier segment in' : 'invalid sign in';
}

function firstOf(text: string): string {
  return String.fromCodePoint(text.codePointAt(0) ?? 0);
}
