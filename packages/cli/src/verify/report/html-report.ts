import {
  type InteractionVerification,
  outcomeOf,
  type PactVerification,
  type ProviderVerification,
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
import { outcomeWords, publishedWord } from './terminal-report.ts';

/** One file without anything from elsewhere: no script, no font, no image; readable with a screen reader and in print. */
export function htmlReport(run: VerificationRun): string {
  const { pacts, interactions, failed } = totalsOf(run);
  const verdict = failed === 0 ? 'all kept' : `${failed} broken`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Contract verification: ${verdict}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>Contract verification</h1>
<p>${interactions} interactions of ${pacts} pacts: <strong>${verdict}</strong> in ${run.seconds.toFixed(1)} s,
started <time datetime="${escapeMarkup(run.startedAt)}">${escapeMarkup(run.startedAt)}</time>.</p>
${table(run)}
${run.providers.map(defectOf).join('')}
${failedInteractions(run)
  .map((one) => failureOf(one, run.hubUrl))
  .join('')}
${run.providers.map(outputOf).join('')}
${run.providers.flatMap(({ provider, pacts }) => pacts.map((pact) => interactionsOf(provider, pact, run.hubUrl))).join('')}
</main>
</body>
</html>
`;
}

const style = `:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:64rem;padding:1rem}
table{border-collapse:collapse;margin:1rem 0}caption{text-align:left;font-weight:600}
th,td{border-bottom:1px solid #8888;padding:.25rem .75rem;text-align:left}td.number{text-align:right}
pre{border:1px solid #8888;overflow-x:auto;padding:.5rem}section{margin:2rem 0}`;

function table({ providers }: VerificationRun): string {
  const rows = providers.flatMap(({ provider, version, pacts }) =>
    pacts.map(
      (pact) =>
        `<tr><th scope="row">${escapeMarkup(pact.consumer)}</th><td>${escapeMarkup(`${provider} ${version}`)}</td>` +
        `<td class="number">${pact.interactions.length}</td><td>${outcomeWords[outcomeOf(pact)]}</td>` +
        `<td>${escapeMarkup(publishedWord(pact))}</td></tr>`,
    ),
  );
  const heads = ['Consumer', 'Provider', 'Interactions', 'Verdict', 'Result published'];
  const head = heads.map((name) => `<th scope="col">${name}</th>`).join('');
  return `<table><caption>Pacts</caption><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function defectOf({ provider, defect }: ProviderVerification): string {
  if (defect === undefined) return '';
  return `<section><h2>? ${escapeMarkup(provider)} could not be verified</h2><pre>${escapeMarkup(defect)}</pre></section>`;
}

function failureOf({ provider, pact, interaction }: FailedInteraction, hubUrl: string): string {
  const { mismatches, spans, traceId } = interaction;
  const title = `${pact.consumer} → ${provider.provider}: ${titleOf(interaction)}`;
  const list = mismatches.map((one) => `<li>${escapeMarkup(mismatchLine(one))}</li>`).join('');
  const link = escapeMarkup(traceUrl(hubUrl, interaction));
  const tree = escapeMarkup(spans.length > 0 ? spanText(spans) : noSpans);
  return `<section><h2>✕ ${escapeMarkup(title)}</h2><ul>${list}</ul>
<h3>What the provider did</h3><p>Trace <a href="${link}"><code>${traceId}</code></a></p><pre tabindex="0">${tree}</pre></section>`;
}

function outputOf({ provider, processOutput }: ProviderVerification): string {
  if (processOutput.trim() === '') return '';
  return `<details><summary>What ${escapeMarkup(provider)} wrote</summary><pre tabindex="0">${escapeMarkup(processOutput)}</pre></details>`;
}

function interactionsOf(provider: string, pact: PactVerification, hubUrl: string): string {
  const items = pact.interactions.map((one) => {
    const mark = one.success ? '✓ kept' : '✕ broken';
    return `<li>${mark}: ${escapeMarkup(titleOf(one))} (${one.seconds.toFixed(3)} s, ${traceLink(one, hubUrl)})</li>`;
  });
  const summary = `${escapeMarkup(`${pact.consumer} → ${provider}`)}, ${items.length} interactions`;
  return `<details><summary>${summary}</summary><ul>${items.join('')}</ul></details>`;
}

function traceLink(interaction: InteractionVerification, hubUrl: string): string {
  if (!interaction.isTraced) return notTraced;
  return `<a href="${escapeMarkup(traceUrl(hubUrl, interaction))}">trace</a>`;
}
