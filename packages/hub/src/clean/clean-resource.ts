import type { CleanPlan, CleanRunResource } from '@concordat/api';
import { type CleanPolicy, writeKeepSelector } from '@concordat/domain';
import type { CleanRun } from './clean-run-store.ts';
import type { Removed } from './removal-store.ts';

/** A policy as it can be sent back. */
export function policyResource(policy: CleanPolicy): Readonly<Record<string, unknown>> {
  return { ...policy, keepVersionSelectors: policy.keepVersionSelectors.map(writeKeepSelector) };
}

export function runResource(run: CleanRun, baseUrl: string): CleanRunResource & { _links: object } {
  return {
    uuid: run.uuid,
    status: run.status,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    startedBy: run.startedBy,
    policy: JSON.parse(run.policy) as Readonly<Record<string, unknown>>,
    planned: JSON.parse(run.planned) as CleanPlan | null,
    removed: JSON.parse(run.removed) as Removed,
    error: run.error,
    _links: { self: { href: `${baseUrl}/clean/runs/${run.uuid}` } },
  };
}
