import type { Caller, InteractionUsage, OperationUsage, UsageEvidence } from '@concordat/api';

const SIGNS = { used: '✓', 'not-seen': '✕', 'no-evidence': '?' } as const;

/** For people: each operation with who promises it and who calls it. */
export function describeUsage(operations: readonly OperationUsage[]): string {
  if (operations.length === 0) return '? The ledger knows no such operation.';
  return operations.map(describeOperation).join('\n\n');
}

function describeOperation(operation: OperationUsage): string {
  const { usage, count, lastSeen, evidence, interactions, callers } = operation;
  const head = `${SIGNS[usage]} ${operation.provider}  ${operation.operation}  ${seen({ usage, count, lastSeen, evidence })}`;
  return [
    `${head}${standing(operation)}`,
    ...interactions.map(describeInteraction),
    ...callers.map(describeCaller),
  ].join('\n');
}

function standing({ promised, declaredBy }: OperationUsage): string {
  const documents = declaredBy.map(({ specification }) => specification);
  if (documents.length > 0) {
    const names = [...new Set(documents)].join(', ');
    return promised ? `  (${names})` : `  (${names}, promised to nobody)`;
  }
  return promised ? '' : '  (promised nowhere)';
}

interface Seen {
  readonly usage: OperationUsage['usage'];
  readonly count: number;
  readonly lastSeen: string | null;
  readonly evidence: UsageEvidence;
}

function seen({ usage, count, lastSeen, evidence }: Seen): string {
  if (usage === 'used') return `${calls(count)}, last ${lastSeen ?? 'unknown'}`;
  const looked = `${calls(evidence.calls)} in ${duration(evidence.window)}${share(evidence)}`;
  return usage === 'not-seen'
    ? `not seen in ${looked}`
    : `cannot tell: ${looked}, at least ${calls(evidence.floor.calls)} in ${duration(evidence.floor.window)} are asked for`;
}

function calls(count: number): string {
  const whole = Math.round(count);
  return `${whole} ${whole === 1 ? 'call' : 'calls'}`;
}

function share({ sampleRate }: UsageEvidence): string {
  return sampleRate < 1 ? ` (${Number((sampleRate * 100).toPrecision(2))} % sampled)` : '';
}

function duration(seconds: number): string {
  const units = [
    ['d', 86_400],
    ['h', 3600],
    ['min', 60],
  ] as const;
  const unit = units.find(([, size]) => seconds >= size);
  return unit === undefined
    ? `${Math.round(seconds)} s`
    : `${Number((seconds / unit[1]).toPrecision(2))} ${unit[0]}`;
}

function describeInteraction(interaction: InteractionUsage): string {
  const { consumer, description, status, promisedBy, indistinguishableFrom } = interaction;
  const versions = promisedBy.map(({ consumerVersion }) => consumerVersion).join(', ');
  const answer = status === null ? '' : ` → ${status}`;
  const alike =
    indistinguishableFrom.length === 0
      ? ''
      : `  (or ${indistinguishableFrom.map((other) => `"${other}"`).join(', ')})`;
  return `  ${SIGNS[interaction.usage]} ${consumer} (${versions}) promises "${description}"${answer}: ${seen(interaction)}${alike}`;
}

function describeCaller(caller: Caller): string {
  const { consumer, consumerVersion, providerVersion, environment, statuses } = caller;
  const names = [
    consumerVersion === null ? consumer : `${consumer}@${consumerVersion}`,
    providerVersion === null ? undefined : `to version ${providerVersion}`,
    environment === null ? undefined : `in ${environment}`,
  ];
  const answers = Object.entries(statuses).map(
    ([status, count]) => `${status} × ${Math.round(count)}`,
  );
  const told = answers.length === 0 ? calls(caller.count) : answers.join(', ');
  const warning = caller.promised ? '' : '  without a promise';
  return `  · ${names.filter(Boolean).join(' ')}: ${told}, last ${caller.lastSeen}${warning}  trace ${caller.exemplarTraceId}`;
}
