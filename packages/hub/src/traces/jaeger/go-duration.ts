const unitMicros: Readonly<Record<string, number>> = {
  ns: 0.001,
  us: 1,
  µs: 1,
  μs: 1,
  ms: 1_000,
  s: 1_000_000,
  m: 60_000_000,
  h: 3_600_000_000,
};

/** A duration as Go writes it (`1.2s`, `100ms`, `1h30m`, `0`) in microseconds; undefined when it is none. */
export function parseGoDuration(text: string): number | undefined {
  if (text === '0') return 0;
  if (text.length > 64 || !/^(?:\d+(?:\.\d*)?(?:ns|us|µs|μs|ms|s|m|h))+$/.test(text))
    return undefined;
  let micros = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d*)?)(ns|us|µs|μs|ms|s|m|h)/g)) {
    micros += Number(amount) * (unitMicros[unit as string] as number);
  }
  return micros;
}

const units = [
  { name: 's', micros: 1_000_000 },
  { name: 'ms', micros: 1_000 },
] as const;

/** Microseconds for people, in the largest unit that is not below one: `1.5ms`, `-2s`. */
export function durationText(micros: number): string {
  const unit = units.find((one) => Math.abs(micros) >= one.micros) ?? { name: 'µs', micros: 1 };
  return `${micros / unit.micros}${unit.name}`;
}
