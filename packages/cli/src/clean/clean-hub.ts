import {
  type CleanPreview,
  type CleanRunResource,
  cleanPreviewSchema,
  cleanRunSchema,
} from '@concordat/api';
import { type HubClient, jsonOf, refusalOf } from '../hub-client/hub-client.ts';
import { CliError } from '../terminal/cli-error.ts';

const POLL_MS = 500;

/** What the body of a clean-up says; what is absent is as the hub has it. */
export interface CleanOrder {
  readonly policy: Readonly<Record<string, unknown>>;
  readonly branches?: readonly { readonly pacticipant: string; readonly branch: string }[];
}

/** What the hub would remove. */
export async function previewClean(
  hub: HubClient,
  order: CleanOrder,
  options: { readonly explain: boolean },
): Promise<CleanPreview> {
  const answer = await hub.post('/clean', { ...order, ...options, dryRun: true });
  if (answer.status !== 200) throw new CliError(`Not looked at: ${refusalOf(answer)}`);
  return cleanPreviewSchema.parse(jsonOf(answer, '/clean'));
}

/** Starts a clean-up and follows it to its end; the hub finishes it even when nobody follows. */
export async function runClean(
  hub: HubClient,
  order: CleanOrder,
  options: { readonly signal: AbortSignal; readonly progress: (line: string) => void },
): Promise<CleanRunResource> {
  const answer = await hub.post('/clean', order);
  if (answer.status !== 202) throw new CliError(`Not cleaned: ${refusalOf(answer)}`);
  let run = cleanRunSchema.parse(jsonOf(answer, '/clean'));
  let said = '';
  while (run.status === 'running') {
    options.signal.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    const path = `/clean/runs/${run.uuid}`;
    const next = await hub.get(path);
    if (next.status !== 200) throw new CliError(`The run is lost: ${refusalOf(next)}`);
    run = cleanRunSchema.parse(jsonOf(next, path));
    const line = progressLine(run);
    if (line !== said) options.progress(line);
    said = line;
  }
  return run;
}

function progressLine({ planned, removed }: CleanRunResource): string {
  return planned === null
    ? 'Reading what there is …'
    : `${removed.versions} of ${planned.versions} versions removed`;
}
