import { type CleanPolicy, readCleanPolicy } from '@concordat/domain';
import { HubError } from '../http/hub-error.ts';

/** What the body of `POST /clean` asks for. */
export interface CleanBody {
  readonly dryRun: boolean;
  /** List what stays too, with the reasons. */
  readonly explain: boolean;
  readonly policy: CleanPolicy;
  readonly branches: readonly BranchName[] | undefined;
}

export interface BranchName {
  readonly pacticipant: string;
  readonly branch: string;
}

const MEMBERS = ['dryRun', 'explain', 'policy', 'branches'];

/** Refuses with everything that is wrong; what the policy does not say is as in the hub's own. */
export function readCleanBody(
  body: Readonly<Record<string, unknown>>,
  base: CleanPolicy,
): CleanBody {
  const defects = Object.keys(body)
    .filter((name) => !MEMBERS.includes(name))
    .map((name) => `${name} is not known; a clean-up takes ${MEMBERS.join(', ')}`);
  const reading = readCleanPolicy(body.policy ?? {}, base);
  if (!reading.ok) defects.push(...reading.defects.map((defect) => `policy: ${defect}`));
  const request = {
    dryRun: readFlag(body, 'dryRun', defects),
    explain: readFlag(body, 'explain', defects),
    policy: reading.ok ? reading.policy : base,
    branches: readBranches(body.branches, defects),
  };
  if (defects.length === 0) return request;
  throw new HubError('VALIDATION_FAILED', defects.join('; '), { errors: defects });
}

function readFlag(
  body: Readonly<Record<string, unknown>>,
  name: 'dryRun' | 'explain',
  defects: string[],
): boolean {
  const value = body[name];
  if (value !== undefined && typeof value !== 'boolean') {
    defects.push(`${name} must be true or false`);
  }
  return value === true;
}

function readBranches(value: unknown, defects: string[]): readonly BranchName[] | undefined {
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.length > 0 && value.every(isBranchName)) return value;
  defects.push('branches must be a list of objects with pacticipant and branch');
  return undefined;
}

function isBranchName(value: unknown): value is BranchName {
  const { pacticipant, branch } = (value ?? {}) as Readonly<Record<string, unknown>>;
  return typeof pacticipant === 'string' && typeof branch === 'string';
}
