const DECIMAL_FROM = -5;
const DECIMAL_BELOW = 16;

/**
 * A JSON number as the Pact Broker stores it, because its spelling is part of the content's identity: integers exactly as
 * written, the others as Ruby prints the double: `1.10` is `1.1`, `1e3` is `1000.0`, `1.0` and `-0.0` stay, from 1e16 on
 * and below 1e-4 with an exponent (`1.0e+16`, `1.0e-05`). What no double can hold stays as written.
 */
export function rubyNumber(lexeme: string): string {
  if (/^-?\d+$/.test(lexeme)) return lexeme;
  const value = Number(lexeme);
  if (!Number.isFinite(value)) return lexeme;
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const [mantissa = '', exponentText = ''] = Math.abs(value).toExponential().split('e');
  const digits = mantissa.replace('.', '');
  const exponent = Number(exponentText);
  return sign + (isPlain(exponent) ? plain(digits, exponent) : scientific(digits, exponent));
}

function isPlain(exponent: number): boolean {
  return exponent > DECIMAL_FROM && exponent < DECIMAL_BELOW;
}

function plain(digits: string, exponent: number): string {
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${whole}.${digits.slice(exponent + 1) || '0'}`;
}

function scientific(digits: string, exponent: number): string {
  const sign = exponent < 0 ? '-' : '+';
  const size = String(Math.abs(exponent)).padStart(2, '0');
  return `${digits.slice(0, 1)}.${digits.slice(1) || '0'}e${sign}${size}`;
}
