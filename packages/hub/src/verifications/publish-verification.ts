import {
  describeJsonDefect,
  parseJson,
  readVerificationRequest,
  type VerificationRequest,
  writeJson,
} from '@concordat/domain';
import type { Database } from '../database/database.ts';
import type { VersionRegistry } from '../database/version-registry.ts';
import { documentNotFound, HubError } from '../http/hub-error.ts';
import { parseRackQuery } from '../http/rack-query.ts';
import { invalidJson } from '../http/read-body.ts';
import { isPendingFailure } from './pending-failure.ts';
import { type ContentKey, VerificationStore } from './verification-store.ts';
import { VerifiedInteractionStore } from './verified-interaction-store.ts';

/** The result as a verifier sent it, test results without loss; refused with all its defects. */
export function readVerification(text: string): VerificationRequest {
  const json = parseJson(text);
  if (!json.ok) throw invalidJson(describeJsonDefect(json.defect));
  const reading = readVerificationRequest(json.value, isAbsoluteUrl);
  if (reading.ok) return reading.verification;
  throw new HubError('VALIDATION_FAILED', 'The verification result cannot be published.', {
    errors: reading.defects,
  });
}

/** How the URL that the result came to marks the run: the pact was work in progress, or pending. What cannot be read marks nothing. */
export function runOf(segment: string | undefined): VerificationRun {
  const query = parseRackQuery(Buffer.from(segment ?? '', 'base64url').toString('utf8'));
  return { isWip: query.w === 'true', isPending: query.p === 'true' };
}

export interface VerificationRun {
  readonly isWip: boolean;
  readonly isPending: boolean;
}

export interface VerificationToPublish {
  readonly pair: { readonly consumer: string; readonly provider: string; readonly sha: string };
  readonly verification: VerificationRequest;
  readonly run: VerificationRun;
  readonly at: Date;
}

/** Stores the result inside the caller's transaction; an unknown provider version comes into being, an unknown content is a 404. */
export async function publishVerification(
  { pair, verification, run, at }: VerificationToPublish,
  { tx, registry }: { readonly tx: Database; readonly registry: VersionRegistry },
): Promise<{ readonly content: ContentKey; readonly number: number }> {
  const store = new VerificationStore(tx);
  const content = await store.content(pair);
  if (content === undefined) throw documentNotFound();
  const provider = await registry.pacticipant(content.provider, at);
  const { row: version } = await registry.version(provider, verification.providerVersion, at);
  await store.touchIntegration(content, at.toISOString());
  const { testResults, verifiedBy } = verification;
  const { pactVersionId } = content;
  const result = { ...verification, pactVersionId };
  const number = await store.add({
    content,
    providerVersionId: version.id,
    success: verification.success,
    isWip: run.isWip,
    isPendingRun: run.isPending && !verification.success,
    buildUrl: verification.buildUrl,
    verifiedBy: verifiedBy && writeJson(verifiedBy),
    testResults: testResults === undefined ? undefined : writeJson(testResults),
    interactions: verification.interactions,
    isPendingFailure: await isPendingFailure(result, new VerifiedInteractionStore(tx)),
    at: at.toISOString(),
  });
  return { content, number };
}

function isAbsoluteUrl(text: string): boolean {
  return /^https?:\/\/[^\s/]+/i.test(text) && URL.canParse(text);
}
