import { formatTable } from '../../terminal/table.ts';
import {
  outcomeOf,
  type PactOutcome,
  type PactVerification,
  type VerificationRun,
} from '../verification.ts';
import {
  type FailedInteraction,
  failedInteractions,
  mismatchLine,
  noSpans,
  spanText,
  titleOf,
  totalsOf,
  traceUrl,
} from './failed-interactions.ts';

export const outcomeWords: Readonly<Record<PactOutcome, string>> = {
  passed: '✓ kept',
  failed: '✕ broken',
  pending: '▲ broken, pending',
};

/** The end of a run for people: a table of pacts, each failure with mismatches and spans, what could not run. */
export function terminalReport(run: VerificationRun): string {
  const parts = [
    table(run),
    ...failedInteractions(run).map((one) => describeFailure(one, run.hubUrl)),
    ...processOutputs(run),
    ...defects(run),
    summaryLine(run),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function table({ providers }: VerificationRun): string {
  const rows = providers.flatMap(({ provider, version, pacts }) =>
    pacts.map((pact) => [
      pact.consumer,
      `${provider} ${version}`,
      String(pact.interactions.length),
      outcomeWords[outcomeOf(pact)],
      publishedWord(pact),
    ]),
  );
  if (rows.length === 0) return '';
  return formatTable(['consumer', 'provider', 'interactions', 'verdict', 'published'], rows);
}

export function publishedWord({ published }: PactVerification): string {
  if (published === 'yes') return 'yes';
  return published === 'not-asked' ? 'no' : `refused: ${published.refused}`;
}

function describeFailure(
  { provider, pact, interaction }: FailedInteraction,
  hubUrl: string,
): string {
  const { spans, mismatches, traceId } = interaction;
  const lines = [
    `✕ ${pact.consumer} → ${provider.provider}: ${titleOf(interaction)}`,
    ...mismatches.map((one) => `    ${mismatchLine(one)}`),
    `  what the provider did (trace ${traceId}):`,
    indent(spans.length > 0 ? spanText(spans) : noSpans),
    ...(interaction.isTraced ? [`    ${traceUrl(hubUrl, interaction)}`] : []),
  ];
  return lines.join('\n');
}

function processOutputs({ providers }: VerificationRun): readonly string[] {
  return providers
    .filter(({ processOutput }) => processOutput.trim() !== '')
    .map(({ provider, processOutput }) => `${provider} wrote:\n${indent(processOutput)}`);
}

function defects({ providers }: VerificationRun): readonly string[] {
  return providers.flatMap(({ provider, defect }) =>
    defect === undefined ? [] : [`? ${provider} could not be verified: ${defect}`],
  );
}

function summaryLine(run: VerificationRun): string {
  const { pacts, interactions, failed } = totalsOf(run);
  const verdict = failed === 0 ? 'all kept' : `${failed} broken`;
  return `${interactions} interactions of ${pacts} pacts: ${verdict} (${run.seconds.toFixed(1)} s)`;
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '    ');
}
