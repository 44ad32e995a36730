import { type ReasonResource, reasonSchema } from '@concordat/api';
import { type HubClient, jsonOf, refusalOf } from '../hub-client/hub-client.ts';
import { CliError } from '../terminal/cli-error.ts';

export interface CanIDeployQuestion {
  readonly pacticipant: string;
  readonly version: string;
  readonly target:
    | { readonly kind: 'environment'; readonly name: string }
    | { readonly kind: 'tag'; readonly name: string };
  readonly ignore?: readonly string[];
}

/** `deployable` is null when a verification result is missing: nobody can tell yet. */
export interface CanIDeployVerdict {
  readonly deployable: boolean | null;
  readonly reason: string;
  readonly unknown: number;
  readonly notices: readonly { readonly type: string; readonly text: string }[];
  /** What is behind the errors; empty when nothing is wrong, and when a Pact Broker answers. */
  readonly reasons: readonly ReasonResource[];
}

/** Asks the hub; a question that it refuses (no such version or environment) is a `CliError`. */
export async function askCanIDeploy(
  hub: HubClient,
  question: CanIDeployQuestion,
): Promise<CanIDeployVerdict> {
  const { pacticipant, version, target, ignore = [] } = question;
  const query = new URLSearchParams({ pacticipant, version, reasons: 'interactions' });
  query.set(target.kind === 'environment' ? 'environment' : 'to', target.name);
  for (const name of ignore) query.append('ignore[][pacticipant]', name);
  const answer = await hub.get(`/can-i-deploy?${query}`);
  if (answer.status !== 200) throw new CliError(`can-i-deploy: ${refusalOf(answer)}`);
  return verdictOf(jsonOf(answer, 'can-i-deploy'));
}

function verdictOf(body: unknown): CanIDeployVerdict {
  const { summary, notices, reasons } = body as {
    summary?: { deployable?: boolean | null; reason?: string; unknown?: number };
    notices?: CanIDeployVerdict['notices'];
    reasons?: unknown;
  };
  if (summary === undefined) throw new CliError('can-i-deploy: the answer has no summary.');
  return {
    deployable: summary.deployable ?? null,
    reason: summary.reason ?? '',
    unknown: summary.unknown ?? 0,
    notices: notices ?? [],
    reasons: reasonSchema.array().safeParse(reasons).data ?? [],
  };
}
