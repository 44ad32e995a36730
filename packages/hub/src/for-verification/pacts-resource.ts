import {
  type SelectedPact,
  shortDescription,
  type VerificationNotice,
  verificationNotices,
} from '@concordat/domain';
import { pathTo } from '../http/hal.ts';
import type { PactsToVerify, PactToVerify } from './pacts-to-verify.ts';

/** The answer to a verifier. Some verifiers take any missing field as "no pacts", so nothing of an item is optional but flags. */
export function pactsResource(
  { view, pacts }: PactsToVerify,
  context: {
    readonly provider: string;
    readonly baseUrl: string;
    /** Shown first on every pact. */
    readonly firstNotices: readonly { readonly when: string; readonly text: string }[];
  },
): object {
  const { provider, baseUrl, firstNotices } = context;
  const items = pacts.map((item) => {
    const { selected, pending, isWip } = item;
    const url = contentUrl(selected, context);
    const notices = noticesOf(item, { ...context, view });
    return {
      shortDescription: shortDescription(selected.reasons),
      verificationProperties: {
        ...(pending === undefined ? {} : { pending: pending.isPending }),
        ...(isWip ? { wip: true } : {}),
        notices: [...firstNotices, ...notices],
      },
      _links: {
        self: {
          href: `${url}/metadata/${encode(metadataOf(item))}`,
          name: `Pact between ${selected.pact.consumer.name} (${selected.pact.consumerVersion.number}) and ${provider}`,
        },
      },
    };
  });
  return {
    _embedded: { pacts: items },
    _links: {
      self: {
        href: `${baseUrl}${pathTo('pacts', 'provider', provider, 'for-verification')}`,
        title: 'Pacts to be verified',
      },
    },
  };
}

/** What the verifier is to print about the pact, before its run and after it. */
export function noticesOf(
  { selected, pending, isWip }: PactToVerify,
  context: {
    readonly provider: string;
    readonly baseUrl: string;
    readonly view: PactsToVerify['view'];
  },
): readonly VerificationNotice[] {
  const { provider, view } = context;
  const url = contentUrl(selected, context);
  const pactUrl = isWip ? `${url}/metadata/${encode('wip=true')}` : url;
  return verificationNotices({ selected, provider, view, pending, isWip, pactUrl });
}

function contentUrl(
  { pact }: SelectedPact,
  { provider, baseUrl }: { readonly provider: string; readonly baseUrl: string },
): string {
  const { consumer, sha } = pact;
  return `${baseUrl}${pathTo('pacts', 'provider', provider, 'consumer', consumer.name, 'pact-version', sha)}`;
}

/** What publishing the result needs to know again: the consumer versions, and whether the run was pending or work in progress. */
function metadataOf({ selected, pending, isWip }: PactToVerify): string {
  if (isWip) return 'w=true';
  const versions = selected.reasons.map(({ reason, version }): [string, string][] => [
    ...(reason.kind === 'tag' || reason.kind === 'latest-tag'
      ? [['s[][t]', reason.tag] as [string, string]]
      : []),
    ...(reason.kind === 'branch' ? [['s[][b]', reason.branch] as [string, string]] : []),
    ...(reason.kind === 'environment' ? [['s[][e]', reason.environment] as [string, string]] : []),
    ['s[][cv]', String(version.id)],
  ]);
  const flags: [string, string][] = pending === undefined ? [] : [['p', String(pending.isPending)]];
  return new URLSearchParams([...versions.flat(), ...flags]).toString();
}

function encode(query: string): string {
  return Buffer.from(query, 'utf8').toString('base64url');
}
