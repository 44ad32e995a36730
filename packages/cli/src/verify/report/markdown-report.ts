import {
  type InteractionVerification,
  outcomeOf,
  type PactVerification,
  type VerificationRun,
} from '../verification.ts';
import { escapeMarkup } from './escape-markup.ts';
import {
  type FailedInteraction,
  failedInteractions,
  mismatchLine,
  noSpans,
  notTraced,
  spanText,
  titleOf,
  totalsOf,
  traceUrl,
} from './failed-interactions.ts';
import { outcomeWords } from './terminal-report.ts';

/** For a pull request or a job summary: a table of pacts, then each failure with mismatches and spans. */
export function markdownReport(run: VerificationRun): string {
  const { pacts, interactions, failed } = totalsOf(run);
  const verdict = failed === 0 ? 'all kept' : `${failed} broken`;
  const rows = run.providers.flatMap(({ provider, version, pacts: own }) =>
    own.map((pact) => {
      const cells = [pact.consumer, `${provider} ${version}`, String(pact.interactions.length)];
      return `| ${[...cells, outcomeWords[outcomeOf(pact)]].map(escapeMarkdown).join(' | ')} |`;
    }),
  );
  const defects = run.providers.flatMap(({ provider, defect }) =>
    defect === undefined ? [] : [`- **${escapeMarkdown(provider)}**: ${escapeMarkdown(defect)}`],
  );
  const parts = [
    '## Contract verification',
    `${interactions} interactions of ${pacts} pacts: **${verdict}** in ${run.seconds.toFixed(1)} s.`,
    ['| consumer | provider | interactions | verdict |', '|---|---|---:|---|', ...rows].join('\n'),
    ...failedInteractions(run).map((one) => failureOf(one, run.hubUrl)),
    ...(defects.length === 0 ? [] : [['### Could not be verified', '', ...defects].join('\n')]),
    ...run.providers.flatMap(({ provider, pacts: own }) =>
      own.map((pact) => interactionsOf(provider, pact, run.hubUrl)),
    ),
  ];
  return `${parts.join('\n\n')}\n`;
}

function failureOf({ provider, pact, interaction }: FailedInteraction, hubUrl: string): string {
  const { spans, mismatches } = interaction;
  const peers = `${pact.consumer} → ${provider.provider}`;
  return [
    `### ✕ ${escapeMarkdown(`${peers}: ${titleOf(interaction)}`)}`,
    mismatches.map((one) => `- ${escapeMarkdown(mismatchLine(one))}`).join('\n'),
    `What the provider did (${traceOf(interaction, hubUrl)}):`,
    fenced(spans.length > 0 ? spanText(spans) : noSpans),
  ].join('\n\n');
}

/** Folded away: every interaction with its trace. */
function interactionsOf(provider: string, pact: PactVerification, hubUrl: string): string {
  const items = pact.interactions.map((one) => {
    const title = escapeMarkdown(titleOf(one));
    return `- ${one.success ? '✓' : '✕'} ${title} (${traceOf(one, hubUrl)})`;
  });
  const peers = escapeMarkup(`${pact.consumer} → ${provider}`);
  const summary = `<summary>${peers}, ${items.length} interactions</summary>`;
  return ['<details>', summary, '', ...items, '', '</details>'].join('\n');
}

function traceOf(interaction: InteractionVerification, hubUrl: string): string {
  if (!interaction.isTraced) return notTraced;
  return `trace [${codeOf(interaction.traceId)}](<${traceUrl(hubUrl, interaction)}>)`;
}

/** Nothing that came from a contract or a provider may be read as markup, nor end a table's cell. */
function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>()#|~!]/g, '\\$&').replaceAll(/\s+/g, ' ');
}

function codeOf(text: string): string {
  return `\`${text.replaceAll('`', '')}\``;
}

/** The fence is longer than any run of backticks inside. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}
