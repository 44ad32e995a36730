import {
  type InteractionVerification,
  outcomeOf,
  type PactVerification,
  type ProviderVerification,
  type VerificationRun,
} from '../verification.ts';
import { escapeMarkup } from './escape-markup.ts';
import {
  mismatchLine,
  noSpans,
  notTraced,
  spanText,
  titleOf,
  traceUrl,
} from './failed-interactions.ts';

/** JUnit XML: a suite for each pact, a case for each interaction; pending failures are skipped cases with the reason. */
export function junitReport(run: VerificationRun): string {
  const { providers, seconds } = run;
  const suites = providers.flatMap((provider) => [
    ...provider.pacts.map((pact) => suiteOf(provider, pact, run)),
    ...(provider.defect === undefined ? [] : [defectSuite(provider, provider.defect)]),
  ]);
  const name = `name="concordat verify" time="${seconds.toFixed(3)}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${name}>\n${suites.join('\n')}\n</testsuites>\n`;
}

function suiteOf(
  provider: ProviderVerification,
  pact: PactVerification,
  { startedAt, hubUrl }: VerificationRun,
): string {
  const failed = pact.interactions.filter(({ success }) => !success).length;
  const isPending = outcomeOf(pact) === 'pending';
  const name = escapeMarkup(`${pact.consumer} → ${provider.provider}`);
  const counts = `tests="${pact.interactions.length}" failures="${isPending ? 0 : failed}" errors="0" skipped="${isPending ? failed : 0}"`;
  const time = pact.interactions.reduce((sum, one) => sum + one.seconds, 0).toFixed(3);
  const cases = pact.interactions.map((one) => caseOf(one, { name, isPending, hubUrl }));
  const stamp = startedAt.replace(/\.\d+Z$/, '');
  return `  <testsuite name="${name}" ${counts} time="${time}" timestamp="${stamp}">\n${cases.join('\n')}\n  </testsuite>`;
}

interface Suite {
  readonly name: string;
  readonly isPending: boolean;
  readonly hubUrl: string;
}

function caseOf(interaction: InteractionVerification, suite: Suite): string {
  const { name, isPending, hubUrl } = suite;
  const title = escapeMarkup(titleOf(interaction));
  const start = `    <testcase classname="${name}" name="${title}" time="${interaction.seconds.toFixed(3)}"`;
  const trace = interaction.isTraced ? `trace ${traceUrl(hubUrl, interaction)}` : notTraced;
  const end = `\n      <system-out>${escapeMarkup(trace)}</system-out>\n    </testcase>`;
  if (interaction.success) return `${start}>${end}`;
  const message = escapeMarkup(interaction.mismatches.map(mismatchLine).join('; '));
  const outcome = isPending
    ? `<skipped message="pending: ${message}"/>`
    : `<failure message="${message}">${escapeMarkup(detailsOf(interaction))}</failure>`;
  return `${start}>\n      ${outcome}${end}`;
}

function detailsOf({ mismatches, spans, traceId }: InteractionVerification): string {
  const tree = spans.length > 0 ? spanText(spans) : noSpans;
  return `${mismatches.map(mismatchLine).join('\n')}\n\nWhat the provider did (trace ${traceId}):\n${tree}`;
}

function defectSuite({ provider }: ProviderVerification, defect: string): string {
  const name = escapeMarkup(provider);
  return [
    `  <testsuite name="${name}" tests="1" failures="0" errors="1" skipped="0">`,
    `    <testcase classname="${name}" name="verification runs">`,
    `      <error message="${escapeMarkup(defect)}"/>`,
    '    </testcase>',
    '  </testsuite>',
  ].join('\n');
}
