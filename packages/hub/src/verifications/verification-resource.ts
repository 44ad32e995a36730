import { halTimestamp, pathTo } from '../http/hal.ts';
import type { ContentKey, StoredVerification } from './verification-store.ts';

/** A result and the consumer version it is shown for. */
export interface VerificationView {
  readonly content: ContentKey;
  readonly verification: StoredVerification;
  readonly consumerVersion: string;
  readonly baseUrl: string;
}

function contentUrl(content: ContentKey, baseUrl: string): string {
  const { provider, consumer, sha } = content;
  const path = pathTo('pacts', 'provider', provider, 'consumer', consumer, 'pact-version', sha);
  return `${baseUrl}${path}`;
}

export function verificationUrl(content: ContentKey, number: number, baseUrl: string): string {
  return `${contentUrl(content, baseUrl)}/verification-results/${number}`;
}

/** JSON text, because the test results in it are served as they came. */
export function verificationBody(view: VerificationView): string {
  const { content, verification } = view;
  const body = JSON.stringify({
    providerName: content.provider,
    providerApplicationVersion: verification.providerVersion,
    success: verification.success,
    verificationDate: halTimestamp(verification.createdAt),
    ...(verification.buildUrl === null ? {} : { buildUrl: verification.buildUrl }),
    verifiedBy: verifiedBy(verification.verifiedBy),
    _links: links(view),
  });
  if (verification.testResults === null) return body;
  return `${body.slice(0, -1)},"testResults":${verification.testResults}}`;
}

function links({ content, verification, consumerVersion, baseUrl }: VerificationView): object {
  const self = verificationUrl(content, verification.number, baseUrl);
  const pact = `Pact between ${content.consumer} (${consumerVersion}) and ${content.provider}`;
  const metadata = Buffer.from(`cvn=${encodeURIComponent(consumerVersion)}`).toString('base64url');
  return {
    self: {
      title: 'Verification result',
      name: `Verification result ${verification.number} for ${pact}`,
      href: self,
    },
    'pb:pact-version': {
      title: 'Pact',
      name: pact,
      href: `${contentUrl(content, baseUrl)}/metadata/${metadata}`,
    },
    'pb:triggered-webhooks': {
      title: 'Webhooks triggered by the publication of this verification result',
      href: `${self}/triggered-webhooks`,
    },
  };
}

/** Who verified: flat, with the client library's names beside those of the verifier. */
function verifiedBy(stored: string | null): object {
  if (stored === null) return {};
  const { implementation, version, clientLanguage } = JSON.parse(stored) as Readonly<
    Record<string, unknown>
  >;
  const client = (clientLanguage ?? {}) as Readonly<Record<string, unknown>>;
  return {
    implementation,
    version,
    client_implementation: client.name,
    client_version: client.version,
    client_test_framework: client.testFramework,
  };
}
