import type { InteractionOutcome } from '@concordat/domain';
import { halTimestamp } from '../http/hal.ts';
import { type Page, pageParts, slicePage } from '../http/pagination.ts';
import type { ReportedVerdict } from './interaction-report.ts';
import { verificationUrl } from './verification-resource.ts';
import type { ContentKey, StoredVerification } from './verification-store.ts';

/** A result and what it says about each interaction. */
export interface ReportView {
  readonly content: ContentKey;
  readonly verification: StoredVerification;
  readonly verdicts: readonly ReportedVerdict[];
  readonly baseUrl: string;
}

/** Where the results by interaction of a verification result are. */
export function interactionsUrl(content: ContentKey, number: number, baseUrl: string): string {
  return `${verificationUrl(content, number, baseUrl)}/interactions`;
}

/** One page of the interactions with their results, and the counts of all of them. */
export function reportResource(view: ReportView, page: Page): object {
  const { content, verification, verdicts, baseUrl } = view;
  const url = interactionsUrl(content, verification.number, baseUrl);
  const parts = pageParts(page, { total: verdicts.length, url });
  return {
    consumer: content.consumer,
    provider: content.provider,
    providerVersion: verification.providerVersion,
    success: verification.success,
    verifiedAt: halTimestamp(verification.createdAt),
    summary: {
      passed: count(verdicts, 'passed'),
      failed: count(verdicts, 'failed'),
      notReported: count(verdicts, 'not-reported'),
    },
    interactions: slicePage(verdicts, page).map(verdictResource),
    ...parts.members,
    _links: {
      self: { title: 'Results by interaction', href: url },
      ...parts.links,
      'pb:verification-result': {
        title: 'Verification result',
        href: verificationUrl(content, verification.number, baseUrl),
      },
    },
  };
}

/** One interaction with its result; what is not known is null. */
function verdictResource(verdict: ReportedVerdict): object {
  const { interaction, id, description, providerStates, outcome, lastKept, traceId } = verdict;
  return {
    id: id ?? null,
    description,
    providerStates,
    summary: interaction?.summary ?? null,
    pending: interaction?.isPending ?? false,
    inPact: interaction !== undefined,
    result: outcome,
    mismatches: verdict.mismatches.map((mismatch) => ({
      attribute: mismatch.attribute ?? null,
      identifier: mismatch.identifier ?? null,
      description: mismatch.description,
    })),
    lastKeptBy:
      lastKept === undefined
        ? null
        : { version: lastKept.providerVersion, verifiedAt: halTimestamp(lastKept.verifiedAt) },
    traceId: traceId ?? null,
  };
}

function count(verdicts: readonly ReportedVerdict[], outcome: InteractionOutcome): number {
  return verdicts.filter((verdict) => verdict.outcome === outcome).length;
}
