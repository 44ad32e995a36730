import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServiceDefinition } from '../config/concordat-config.ts';
import { CliError } from '../terminal/cli-error.ts';
import { describeMisses } from './describe-explanation.ts';
import { fetchExplanation } from './fetch-explanation.ts';
import { fetchPacts, type PactToVerify, pactsQuestion } from './fetch-pacts.ts';
import { fetchSpans, fetchTracedIds } from './provider-spans.ts';
import { type ProviderUnderTest, startProvider } from './provider-under-test.ts';
import { publishProviderVersion, publishResult } from './publish-result.ts';
import { readVerifierAnswer } from './read-verifier-result.ts';
import { type Shard, tracePact } from './trace-pact.ts';
import type {
  InteractionVerification,
  PactVerification,
  ProviderVerification,
} from './verification.ts';
import type { VerifierProcess } from './verifier-process.ts';
import type { VerifyDeps } from './verify-deps.ts';

/** Interactions that one verifier replays in one go: small enough to share out, large enough to forget its start. */
const SHARD_SIZE = 50;
/** A lane costs a second to start, in which one lane replays two hundred interactions. */
const INTERACTIONS_OF_A_LANE = 250;
const SPAN_WAIT_MS = 5000;
/** For kept interactions, of which the report only says where their traces are. */
const TRACE_WAIT_MS = 1000;

interface Work {
  readonly pact: number;
  readonly shard: Shard;
}

interface Done {
  readonly pact: number;
  readonly interactions: readonly InteractionVerification[];
}

/** Verifies every pact the hub names for one provider; what keeps it from that is the result's `defect`, never thrown. */
export async function verifyProvider(
  service: ServiceDefinition,
  deps: VerifyDeps,
): Promise<ProviderVerification> {
  const base = {
    provider: service.name,
    version: deps.options.providerVersion ?? service.version,
    branch: deps.options.branch ?? service.branch,
  };
  try {
    return { ...base, ...(await replayAll(service, deps)), defect: undefined };
  } catch (error) {
    deps.signal.throwIfAborted();
    if (!(error instanceof CliError)) throw error;
    deps.progress(`✕ ${service.name}: ${error.message}`);
    return { ...base, pacts: [], defect: error.message, processOutput: '' };
  }
}

async function replayAll(
  service: ServiceDefinition,
  deps: VerifyDeps,
): Promise<Pick<ProviderVerification, 'pacts' | 'processOutput'>> {
  const asked = pactsQuestion(service, deps.options);
  const pacts = await fetchPacts(deps.hub, asked);
  if (pacts.length === 0) {
    deps.progress(`○ ${service.name}: the hub has no pacts to verify.`);
    const explanation = await fetchExplanation(deps.hub, asked);
    for (const line of explanation === undefined ? [] : describeMisses(explanation)) {
      deps.progress(`    ${line}`);
    }
    return { pacts: [], processOutput: '' };
  }
  const queue = pacts.flatMap((pact, index) =>
    tracePact(pact.text, { size: SHARD_SIZE, randomHex }).map((shard) => ({ pact: index, shard })),
  );
  const count = queue.reduce((sum, { shard }) => sum + shard.interactions.length, 0);
  deps.progress(`… ${service.name}: ${count} interactions of ${pacts.length} pacts`);
  const outputs: string[] = [];
  const done = await replayInLanes(queue, { service, deps, outputs });
  const finished = await Promise.all(
    pacts.map((pact, index) =>
      finishPact(
        pact,
        done.filter((one) => one.pact === index),
        deps,
      ),
    ),
  );
  const published = await publishAll(finished, service, deps);
  const isSound = published.every(({ interactions }) => interactions.every((one) => one.success));
  return { pacts: published, processOutput: isSound ? '' : outputs.join('\n') };
}

interface LaneContext {
  readonly service: ServiceDefinition;
  readonly deps: VerifyDeps;
  readonly outputs: string[];
}

/**
 * A lane is one process of the provider and one verifier. Two verifiers must not share a provider, because each sets
 * provider states; so an address given by the user has one lane only.
 */
async function replayInLanes(
  work: readonly Work[],
  context: LaneContext,
): Promise<readonly Done[]> {
  const { deps } = context;
  const queue = [...work];
  const count = queue.reduce((sum, { shard }) => sum + shard.interactions.length, 0);
  const isShared = deps.options.providerBaseUrl !== undefined;
  const wanted = isShared ? 1 : Math.ceil(count / INTERACTIONS_OF_A_LANE);
  const lanes = Math.min(Math.max(1, wanted), deps.parallel);
  const done: Done[] = [];
  const runLane = (verifier: VerifierProcess): Promise<void> =>
    queue.length === 0 ? Promise.resolve() : replayLane(queue, done, { ...context, verifier });
  const results = await Promise.allSettled(
    Array.from({ length: lanes }, () => deps.verifiers.use(runLane)),
  );
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return done;
}

async function replayLane(
  queue: Work[],
  done: Done[],
  context: LaneContext & { readonly verifier: VerifierProcess },
): Promise<void> {
  const { service, deps, outputs, verifier } = context;
  const provider = await startProvider(service, deps);
  try {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      deps.signal.throwIfAborted();
      done.push({
        pact: next.pact,
        interactions: await replay(next.shard, provider, { deps, service, verifier }),
      });
    }
  } finally {
    await provider.stop();
    outputs.push(provider.lastLines());
  }
}

async function replay(
  shard: Shard,
  provider: ProviderUnderTest,
  {
    deps,
    service,
    verifier,
  }: {
    readonly deps: VerifyDeps;
    readonly service: ServiceDefinition;
    readonly verifier: VerifierProcess;
  },
): Promise<readonly InteractionVerification[]> {
  const pactFile = join(deps.folder, `${randomHex(8)}.json`);
  await writeFile(pactFile, shard.text);
  const onAbort = (): void => verifier.kill();
  deps.signal.addEventListener('abort', onAbort);
  const answer = await verifier.verify({
    pactFile,
    provider: service.name,
    providerBaseUrl: provider.baseUrl,
    providerStates: provider.providerStates,
    messages: provider.messages,
    timeoutMs: deps.options.timeoutMs,
    messageTraces: shard.interactions.filter(({ transport }) => transport === 'message'),
  });
  deps.signal.removeEventListener('abort', onAbort);
  deps.signal.throwIfAborted();
  return readVerifierAnswer(answer, shard.interactions);
}

async function finishPact(
  pact: PactToVerify,
  done: readonly Done[],
  deps: VerifyDeps,
): Promise<PactVerification & { readonly resultsUrl: string }> {
  const replayed = done.flatMap((one) => one.interactions);
  const shown = await Promise.all(replayed.map((one) => withSpans(one, deps)));
  const interactions = await withTraces(shown, deps);
  const { name, consumer, pending, resultsUrl } = pact;
  return { name, consumer, pending, resultsUrl, interactions, published: 'not-asked' };
}

async function withSpans(
  interaction: InteractionVerification,
  { hub, signal }: VerifyDeps,
): Promise<InteractionVerification> {
  if (interaction.success) return interaction;
  const spans = await fetchSpans(hub, interaction.traceId, { timeoutMs: SPAN_WAIT_MS, signal });
  return { ...interaction, isTraced: spans.length > 0, spans };
}

/** Says of the kept ones too whether their traces are there. */
async function withTraces(
  interactions: readonly InteractionVerification[],
  { hub, signal }: VerifyDeps,
): Promise<readonly InteractionVerification[]> {
  const kept = interactions.filter(({ success }) => success).map(({ traceId }) => traceId);
  const traced = await fetchTracedIds(hub, kept, { timeoutMs: TRACE_WAIT_MS, signal });
  return interactions.map((one) => (traced.has(one.traceId) ? { ...one, isTraced: true } : one));
}

async function publishAll(
  pacts: readonly (PactVerification & { readonly resultsUrl: string })[],
  service: ServiceDefinition,
  { hub, options, progress }: VerifyDeps,
): Promise<readonly PactVerification[]> {
  const version = {
    provider: service.name,
    version: options.providerVersion ?? service.version,
    branch: options.branch ?? service.branch,
    tags: options.tags,
    buildUrl: options.buildUrl,
  };
  const refused = options.publish ? await publishProviderVersion(hub, version) : undefined;
  const all: PactVerification[] = [];
  for (const { resultsUrl, ...pact } of pacts) {
    const { interactions } = pact;
    const why = !options.publish
      ? undefined
      : (refused ?? (await publishResult(hub, { resultsUrl, interactions, version })));
    const published = why === undefined ? 'yes' : { refused: why };
    const verified = { ...pact, published: options.publish ? published : 'not-asked' } as const;
    progress(progressLine(service.name, verified));
    all.push(verified);
  }
  return all;
}

function progressLine(provider: string, pact: PactVerification): string {
  const failed = pact.interactions.filter(({ success }) => !success).length;
  const seconds = pact.interactions.reduce((sum, one) => sum + one.seconds, 0).toFixed(1);
  const count = pact.interactions.length;
  const verdict = failed === 0 ? `${count} kept` : `${failed} of ${count} broken`;
  const mark = failed === 0 ? '✓' : pact.pending ? '▲' : '✕';
  return `${mark} ${pact.consumer} → ${provider}: ${verdict} (${seconds} s)`;
}

function randomHex(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}
