import type { Evidence } from '../usage/usage.ts';
import type { BlockedRow, JudgedInteraction, TrafficReason } from './traffic-verdict.ts';

const NAMED = 3;

/** For people: for each reason, the gravest first, which interactions, who, how often and what that means. */
export function describeRow(
  row: BlockedRow,
  interactions: readonly JudgedInteraction[],
): readonly string[] {
  if (interactions.length === 0) {
    return [
      row.keptElsewhere > 0
        ? `${row.provider} has kept all of its interactions as part of other pacts.`
        : 'Nothing is known of the interactions of the pact, so traffic cannot say who uses them.',
    ];
  }
  return REASONS.flatMap((reason) => {
    const alike = interactions.filter((each) => each.reason === reason);
    const [first] = alike;
    return first === undefined ? [] : [sentence(row, first, alike)];
  });
}

const REASONS: readonly TrafficReason[] = [
  'used',
  'untold-results',
  'indistinguishable',
  'other-version',
  'unpromised-status',
  'unresolved-operation',
  'unnamed-events',
  'sampled-too-low',
  'new-promise',
  'no-traffic',
  'too-little-traffic',
  'not-used',
];

function sentence(
  row: BlockedRow,
  { reason, evidence }: JudgedInteraction,
  alike: readonly JudgedInteraction[],
): string {
  const { consumer, provider, environment } = row;
  const what = named(alike);
  const where = `in ${environment}`;
  switch (reason) {
    case 'used':
      return `${users(row, alike)} used ${what} ${where} ${times(alike)}; ${outcome(alike)}.`;
    case 'untold-results':
      return `${users(row, alike)} used ${what} ${where} ${times(alike)}; the pact failed, and the verifier did not say which interactions.`;
    case 'indistinguishable':
      return `${users(row, alike)} made calls ${where} that may be ${what}: spans cannot tell it from ${twins(alike)}.`;
    case 'other-version':
      return `${users(row, alike)}, in a version that is not recorded there or not told, used ${what} ${where} ${times(alike)}.`;
    case 'unpromised-status':
      return `${consumer} calls the operation of ${what} ${where} and gets answers of which the pact promises none.`;
    case 'unresolved-operation':
      return `${consumer} makes calls ${where} that its pacts do not promise and that may be ${what}.`;
    case 'unnamed-events':
      return `${consumer} receives events ${where} whose spans do not name them: they may be ${what}.`;
    case 'sampled-too-low':
      return `${what} ${was(alike)} not seen, but only ${percent(evidence)} of the calls ${where} are sampled.`;
    case 'new-promise':
      return `No version of ${consumer} that runs ${where} promises ${what}: traffic cannot say what the new one will do.`;
    case 'no-traffic':
      return `No call of ${consumer} to ${provider} was seen ${where}.`;
    case 'too-little-traffic':
      return `${what} ${was(alike)} not seen, but ${amount(evidence)} are too little to say that it is not used.`;
    case 'not-used':
      return `${what} ${was(alike)} not used ${where} in ${amount(evidence)}.`;
  }
}

function named(alike: readonly JudgedInteraction[]): string {
  const names = [...new Set(alike.map(({ interaction }) => `"${interaction.description}"`))];
  const more = names.length - NAMED;
  return more > 0 ? `${names.slice(0, NAMED).join(', ')} and ${more} more` : names.join(', ');
}

function was({ length }: readonly JudgedInteraction[]): string {
  return length === 1 ? 'was' : 'were';
}

function users({ consumer }: BlockedRow, alike: readonly JudgedInteraction[]): string {
  const versions = alike.flatMap(({ usedBy }) => usedBy.map((use) => use.consumerVersion));
  const told = [...new Set(versions)].filter((version) => version !== '');
  return told.length === 0 ? consumer : `${consumer} ${told.join(', ')}`;
}

function times(alike: readonly JudgedInteraction[]): string {
  const count = Math.round(alike.reduce((sum, each) => sum + each.count, 0));
  return count === 1 ? 'once' : `${count} times`;
}

function outcome(alike: readonly JudgedInteraction[]): string {
  const failed = alike.some(({ interaction }) => interaction.outcome === 'failed');
  return failed ? 'it failed its verification' : 'nobody has verified it';
}

function twins(alike: readonly JudgedInteraction[]): string {
  const others = alike.flatMap(({ interaction }) => interaction.indistinguishableFrom);
  return [...new Set(others)].map((name) => `"${name}"`).join(', ');
}

function percent({ sampleRate }: Evidence): string {
  return `${(sampleRate * 100).toPrecision(2)} %`;
}

function amount({ calls, window }: Evidence): string {
  const rounded = Math.round(calls);
  return `${rounded} ${rounded === 1 ? 'call' : 'calls'} over ${duration(window)}`;
}

function duration(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800
    ? `${Math.round(seconds / 3600)} h`
    : `${Math.round(seconds / 86_400)} days`;
}
