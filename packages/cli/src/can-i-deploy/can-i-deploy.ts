import {
  type Acceptance,
  type AppliedOverrides,
  acceptanceSchema,
  appliedOverridesSchema,
  type ReasonResource,
  reasonSchema,
  type TrafficEvidence,
  trafficEvidenceSchema,
} from '@concordat/api';
import { type HubClient, jsonOf, refusalOf } from '../hub-client/hub-client.ts';
import { CliError } from '../terminal/cli-error.ts';

export interface CanIDeployQuestion {
  readonly pacticipant: string;
  readonly version: string;
  readonly target:
    | { readonly kind: 'environment'; readonly name: string }
    | { readonly kind: 'tag'; readonly name: string };
  readonly ignore?: readonly string[];
  /** How far back traffic is looked at, such as `7d`; undefined to leave traffic out. */
  readonly trafficWindow?: string | undefined;
  /** Whether to tell who has excused what is in the way. */
  readonly overrides?: boolean;
}

/** `deployable` is null when a verification result is missing: nobody can tell yet. */
export interface CanIDeployVerdict {
  readonly deployable: boolean | null;
  readonly reason: string;
  readonly unknown: number;
  readonly notices: readonly { readonly type: string; readonly text: string }[];
  /** What is behind the errors; empty when nothing is wrong, and when a Pact Broker answers. */
  readonly reasons: readonly ReasonResource[];
  /** Only when it was asked for. */
  readonly evidence?: TrafficEvidence;
  readonly overrides?: AppliedOverrides;
}

/** Asks the hub; a question that it refuses (no such version or environment) is a `CliError`. */
export async function askCanIDeploy(
  hub: HubClient,
  question: CanIDeployQuestion,
): Promise<CanIDeployVerdict> {
  const { pacticipant, version, target, ignore = [], trafficWindow, overrides } = question;
  const query = new URLSearchParams({ pacticipant, version, reasons: 'interactions' });
  query.set(target.kind === 'environment' ? 'environment' : 'to', target.name);
  for (const name of ignore) query.append('ignore[][pacticipant]', name);
  if (trafficWindow !== undefined) {
    query.set('evidence', 'traffic');
    query.set('window', trafficWindow);
  }
  if (overrides === true) query.set('overrides', 'true');
  const answer = await hub.get(`/can-i-deploy?${query}`);
  if (answer.status !== 200) throw new CliError(`can-i-deploy: ${refusalOf(answer)}`);
  const body = jsonOf(answer, 'can-i-deploy');
  return { ...verdictOf(body), ...more(body, question) };
}

/** Which excuses count for who asks whether a version may go in spite of the strict answer. */
export interface Excuses {
  readonly unaffected: boolean;
  readonly overrides: boolean;
}

/** Asks whether everything that is in the way is excused; the hub writes a yes into its audit log. */
export async function askAcceptance(
  hub: HubClient,
  question: CanIDeployQuestion,
  excuses: Excuses,
): Promise<Acceptance> {
  const { pacticipant, version, target, ignore, trafficWindow: window } = question;
  const answer = await hub.post('/insights/acceptances', {
    ...{ pacticipant, version, environment: target.name, ignore, window, ...excuses },
  });
  if (answer.status !== 200) throw new CliError(`can-i-deploy: ${refusalOf(answer)}`);
  const parsed = acceptanceSchema.safeParse(jsonOf(answer, 'can-i-deploy'));
  if (parsed.success) return parsed.data;
  throw notOurs();
}

function more(
  body: unknown,
  { trafficWindow, overrides }: CanIDeployQuestion,
): Pick<CanIDeployVerdict, 'evidence' | 'overrides'> {
  const told = body as { evidence?: unknown; overrides?: unknown };
  return {
    ...(trafficWindow === undefined
      ? {}
      : { evidence: checked(trafficEvidenceSchema, told.evidence) }),
    ...(overrides === true ? { overrides: checked(appliedOverridesSchema, told.overrides) } : {}),
  };
}

function checked<T>(
  schema: { safeParse(value: unknown): { success: boolean; data?: T } },
  value: unknown,
): T {
  const { data } = schema.safeParse(value);
  if (data === undefined) throw notOurs();
  return data;
}

function notOurs(): CliError {
  return new CliError(
    'can-i-deploy: the answer says nothing of traffic or overrides; only a Concordat hub knows them.',
  );
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
