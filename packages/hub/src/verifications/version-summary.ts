import { pathTo } from '../http/hal.ts';
import { documentNotFound } from '../http/hub-error.ts';
import { verificationBody } from './verification-resource.ts';
import type { VerificationStore } from './verification-store.ts';

/** The latest result of every pact of a consumer version, and which of its providers are fine; JSON text. */
export async function versionSummary(
  store: VerificationStore,
  asked: { readonly consumer: string; readonly version: string; readonly baseUrl: string },
): Promise<string> {
  const { consumer, version, baseUrl } = asked;
  const contents = await store.contentsOfVersion(consumer, version);
  if (contents === undefined) throw documentNotFound();
  const providers = { successful: [] as string[], failed: [] as string[], unknown: [] as string[] };
  const results: string[] = [];
  for (const content of contents) {
    const verification = await store.latest(content.pactVersionId);
    if (verification === undefined) {
      providers.unknown.push(content.provider);
      continue;
    }
    providers[verification.success ? 'successful' : 'failed'].push(content.provider);
    results.push(verificationBody({ content, verification, consumerVersion: version, baseUrl }));
  }
  const path = pathTo('verification-results', 'consumer', consumer, 'version', version, 'latest');
  const rest = JSON.stringify({
    success: providers.successful.length === contents.length,
    providerSummary: providers,
    _links: {
      self: {
        title: `Latest verification results for consumer ${consumer} version ${version}`,
        href: `${baseUrl}${path}`,
      },
    },
  });
  return `{"_embedded":{"verificationResults":[${results.join(',')}]},${rest.slice(1)}`;
}
