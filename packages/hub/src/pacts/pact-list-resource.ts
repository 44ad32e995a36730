import { curies, halTimestamp, pathTo } from '../http/hal.ts';
import { pactName, pactUrl, pairUrl } from './pact-resource.ts';
import type { PublishedPact } from './pact-store.ts';

/** `/pacts/latest`: each pact with its two sides; `self` is a list of two, as clients expect. */
export function latestPactsBody(pacts: readonly PublishedPact[], baseUrl: string): object {
  return {
    pacts: pacts.map((pact) => latestPact(pact, baseUrl)),
    _links: {
      self: { href: `${baseUrl}/pacts/latest` },
      'pb:pacts': pactLinks(pacts, baseUrl),
      pacts: pacts.map((pact) => ({
        title: 'DEPRECATED - please use the pb:pacts relation',
        name: pactName(pact),
        href: pactUrl(pact, baseUrl),
      })),
      curies: curies(baseUrl, 'pacts'),
    },
  };
}

/** The pacts of one provider, as links; `pacts` repeats `pb:pacts` because the verifier's static source reads it. */
export function providerPactsBody(list: {
  readonly provider: string;
  readonly pacts: readonly PublishedPact[];
  readonly title: string;
  readonly path: string;
  readonly baseUrl: string;
}): object {
  const { provider, pacts, baseUrl } = list;
  const href = `${baseUrl}${pathTo('pacticipants', provider)}`;
  return {
    _links: {
      self: { href: `${baseUrl}${list.path}`, title: list.title },
      'pb:provider': { href, name: provider },
      'pb:pacts': pacts.map((pact) => ({
        href: pactUrl(pact, baseUrl),
        title: pactName(pact),
        name: pact.consumer,
      })),
      provider: {
        href,
        title: provider,
        name: 'DEPRECATED - please use the pb:provider relation',
      },
      pacts: pacts.map((pact) => ({
        href: pactUrl(pact, baseUrl),
        title: `DEPRECATED - please use the pb:pacts relation. ${pactName(pact)}`,
        name: pact.consumer,
      })),
    },
  };
}

/** The pacts of one pair by consumer version, the newest first. */
export function pactVersionsBody(list: {
  readonly consumer: string;
  readonly provider: string;
  readonly pacts: readonly PublishedPact[];
  readonly path: string;
  readonly baseUrl: string;
  /** Whether the pacts are linked once more, under the name that `pact-broker get-pacts` reads. */
  readonly withPactLinks: boolean;
}): object {
  const { consumer, provider, pacts, baseUrl } = list;
  return {
    _embedded: { pacts: pacts.map((pact) => pactVersion(pact, baseUrl)) },
    _links: {
      self: {
        title: `All versions of the pact between ${consumer} and ${provider}`,
        href: `${baseUrl}${list.path}`,
      },
      consumer: {
        title: 'Consumer',
        name: consumer,
        href: `${baseUrl}${pathTo('pacticipants', consumer)}`,
      },
      provider: {
        title: 'Provider',
        name: provider,
        href: `${baseUrl}${pathTo('pacticipants', provider)}`,
      },
      'pact-versions': pacts.map((pact) => ({
        title: 'Pact',
        name: `Version ${pact.version} - ${britishDate(pact.createdAt)}`,
        href: pactUrl(pact, baseUrl),
      })),
      ...(list.withPactLinks ? { 'pb:pacts': pactLinks(pacts, baseUrl) } : {}),
    },
  };
}

function pactLinks(pacts: readonly PublishedPact[], baseUrl: string): readonly object[] {
  return pacts.map((pact) => ({
    title: 'Pact',
    name: pactName(pact),
    href: pactUrl(pact, baseUrl),
  }));
}

function pactVersion(pact: PublishedPact, baseUrl: string): object {
  return {
    createdAt: halTimestamp(pact.createdAt),
    _embedded: { consumerVersion: versionOf(pact, baseUrl) },
    _links: { self: { title: pactName(pact), href: pactUrl(pact, baseUrl) } },
  };
}

function latestPact(pact: PublishedPact, baseUrl: string): object {
  const { consumer, provider } = pact;
  const latest = `${pairUrl(pact, baseUrl)}/latest`;
  return {
    createdAt: halTimestamp(pact.createdAt),
    _embedded: {
      consumer: {
        name: consumer,
        _embedded: { version: versionOf(pact, baseUrl) },
        _links: { self: { href: `${baseUrl}${pathTo('pacticipants', consumer)}` } },
      },
      provider: {
        name: provider,
        _links: { self: { href: `${baseUrl}${pathTo('pacticipants', provider)}` } },
      },
    },
    _links: { self: [{ href: latest }, { href: pactUrl(pact, baseUrl) }] },
  };
}

function versionOf({ consumer, version }: PublishedPact, baseUrl: string): object {
  const href = `${baseUrl}${pathTo('pacticipants', consumer, 'versions', version)}`;
  return { number: version, _links: { self: { title: 'Version', name: version, href } } };
}

function britishDate(stored: string): string {
  return stored.slice(0, 10).split('-').reverse().join('/');
}
